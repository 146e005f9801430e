// Lets htmx take over the page's forms and links at once, before any island hears a key. By itself
// it waits for the next turn; on a busy machine a form sent before that would load the whole page
// anew, and the focus would be lost. What it does by itself later skips what was taken over here.
import htmx from "htmx.org";

htmx.process(document.body);
