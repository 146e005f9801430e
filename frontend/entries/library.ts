// The library's pages.
import "../styles/pages/library.css";
import "../styles/pages/select-many.css";
import "../styles/pages/uploads.css";

import "../islands/composer-focal-point.ts";
import "../islands/upload-desk.ts";
import "../islands/select-many.ts";
