import { globSync } from "node:fs";
import { basename, extname } from "node:path";

import { defineConfig } from "vitest/config";

import { iconSprite } from "./build/icon-sprite.ts";
import { printFonts } from "./build/print-fonts.ts";

/** One entry per file in entries/: its name is what `{% entry "name" %}` asks for. */
const entries = Object.fromEntries(
  globSync("entries/*.{ts,css}").map((path) => [basename(path, extname(path)), path]),
);

export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [
    iconSprite("../loa/web/icons.json"),
    printFonts(["latin", "latin-ext", "vietnamese"], [400, 600]),
  ],
  build: {
    target: "baseline-widely-available",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // the first with light-dark()
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // a data: font would need its own permission in the CSP
    modulePreload: { polyfill: false },
    rolldownOptions: { input: entries },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
