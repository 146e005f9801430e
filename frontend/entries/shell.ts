// What every page loads: the styles, htmx, and the islands of the shell.
import "../styles/shell.css";
import "htmx.org/dist/htmx.esm.js";

import { standInForInvokers } from "../lib/invokers.ts";
import "../lib/requests.ts";
import "../islands/caption-meter.ts";
import "../islands/command-palette.ts";
import "../islands/file-field.ts";
import "../islands/key-map.ts";
import "../islands/live-updates.ts";
import "../islands/relative-time.ts";
import "../islands/theme-switch.ts";
import "../islands/toast-region.ts";

standInForInvokers();
