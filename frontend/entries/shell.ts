// What every page loads: the styles, htmx, and the islands of the shell.
import "../styles/shell.css";

import { standInForInvokers } from "../lib/invokers.ts";
import "../lib/requests.ts";
import "../lib/begin.ts"; // after what listens to requests, before the islands
import "../islands/caption-meter.ts";
import "../islands/command-palette.ts";
import "../islands/file-field.ts";
import "../islands/key-map.ts";
import "../islands/live-updates.ts";
import "../islands/relative-time.ts";
import "../islands/theme-switch.ts";
import "../islands/toast-region.ts";

standInForInvokers();
