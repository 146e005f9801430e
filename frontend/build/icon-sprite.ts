import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

/** Turn one icon of the set into a symbol; only its shapes are kept. */
export function toSymbol(name: string, svg: string): string {
  const shapes = svg
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replaceAll(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (!shapes) throw new Error(`icon ${name} has no shapes`);
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

/** Build one sprite from a list of our icon names and the drawing each one stands for. */
export function buildSprite(list: Record<string, string>): string {
  const symbols = Object.entries(list).map(([name, drawing]) =>
    toSymbol(name, readFileSync(require.resolve(`@tabler/icons/${drawing}.svg`), "utf8")),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Emit the sprite and Loa's mark; templates find them in the manifest by these names. */
export function iconSprite(listPath: string): Plugin {
  const list = new URL(`../${listPath}`, import.meta.url);
  return {
    name: "loa-icon-sprite",
    apply: "build",
    buildStart() {
      this.addWatchFile(list.pathname);
      const drawings = JSON.parse(readFileSync(list, "utf8")) as Record<string, string>; // our own file
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: "icons.svg",
        source: buildSprite(drawings),
      });
      this.emitFile({
        type: "asset",
        name: "mark.svg",
        originalFileName: "mark.svg",
        source: readFileSync(new URL("../mark.svg", import.meta.url)),
      });
    },
  };
}
