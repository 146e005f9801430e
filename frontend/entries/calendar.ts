// The calendar in all its views, slots and queue.
import "../styles/layers.css";
import "../styles/pages/calendar.css";
import "../styles/pages/calendar-list.css";
import "../styles/pages/calendar-month.css";
import "../styles/pages/select-many.css";
import "../styles/pages/series.css";
import "../styles/pages/slots.css";

import "../islands/calendar-drag.ts";
import "../islands/select-many.ts";
