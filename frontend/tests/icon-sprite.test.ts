import { expect, test } from "vitest";

import icons from "../../loa/web/icons.json" with { type: "json" };
import { buildSprite, toSymbol } from "../build/icon-sprite.ts";

test("every icon that templates may name has a drawing", () => {
  const sprite = buildSprite(icons);

  for (const name of Object.keys(icons)) expect(sprite).toContain(`<symbol id="${name}"`);
});

test("only shapes reach the sprite", () => {
  const drawn = toSymbol("add", '<!-- c --><svg class="x" style="y"><path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M1 1"/></svg>');

  expect(drawn).toBe('<symbol id="add" viewBox="0 0 24 24"><path d="M1 1"/></symbol>');
});

test("a drawing without shapes is refused", () => {
  expect(() => toSymbol("empty", "<svg></svg>")).toThrow("empty");
});
