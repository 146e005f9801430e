// Pages about people: signing in, one's settings, the team.
import "../styles/pages/people.css";

import "../islands/copy-text.ts";
import "../islands/passkey-form.ts";
