// The composer, the review panel, history and the list of posts.
import "../styles/pages/library.css";
import "../styles/pages/uploads.css";
import "../styles/pages/compose.css";
import "../styles/pages/preview.css";
import "../styles/pages/review.css";
import "../styles/pages/select-many.css";

import "../islands/calendar-suggest.ts";
import "../islands/composer-counters.ts";
import "../islands/composer-desk.ts";
import "../islands/composer-drop.ts";
import "../islands/composer-emoji.ts";
import "../islands/composer-focal-point.ts";
import "../islands/composer-tabs.ts";
import "../islands/composer-when.ts";
import "../islands/select-many.ts";
