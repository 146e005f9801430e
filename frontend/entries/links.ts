// Pages of tracked links.
import "../styles/pages/links.css";

import "../islands/copy-text.ts";
