// The library's pages.
import "../styles/pages/library.css";

import "../islands/composer-focal-point.ts";
