import { expect, test } from "vitest";

import { FocusKeeper, focusPlace, giveFocusBack } from "../lib/focus.ts";

function el(tag: string, id: string, ...inside: Node[]): HTMLElement {
  const made = document.createElement(tag);
  if (id) made.id = id;
  made.append(...inside);
  return made;
}

function card(): HTMLElement {
  const link = Object.assign(document.createElement("a"), { href: "/7", textContent: "Loaves" });
  return el("li", "card-7", link, el("button", ""));
}

test("the focus finds its control again in what was swapped in", () => {
  document.body.replaceChildren(el("ul", "monday", card()), el("ul", "tuesday"));
  document.querySelector<HTMLElement>("#card-7 button")?.focus();
  const place = focusPlace();

  document.body.replaceChildren(el("ul", "monday"), el("ul", "tuesday", card()));
  giveFocusBack(place);

  expect(document.activeElement).toBe(document.querySelector("#tuesday button"));
});

test("a focus that was set meanwhile stays where it is", () => {
  document.body.replaceChildren(el("input", "words"), card());
  document.querySelector<HTMLElement>("#card-7 a")?.focus();
  const place = focusPlace();

  document.getElementById("words")?.focus();
  giveFocusBack(place);

  expect(document.activeElement?.id).toBe("words");
});

test("nothing is focused where nothing was, or where it is gone", () => {
  document.body.replaceChildren(card());
  const nowhere = focusPlace();
  document.querySelector<HTMLElement>("#card-7 a")?.focus();
  const gone = focusPlace();

  document.body.replaceChildren(el("p", ""));
  giveFocusBack(nowhere);
  giveFocusBack(gone);

  expect(nowhere).toBeNull();
  expect(document.activeElement).toBe(document.body);
});

test("two swaps that overlap keep the focus between them", () => {
  const keeper = new FocusKeeper();
  document.body.replaceChildren(el("ul", "monday", card()), el("ul", "tuesday"));
  document.querySelector<HTMLElement>("#card-7 a")?.focus();

  keeper.note();
  document.body.replaceChildren(el("ul", "monday"), el("ul", "tuesday"));
  keeper.note(); // the second begins while the first has taken the card away
  document.body.replaceChildren(el("ul", "monday"), el("ul", "tuesday", card()));
  keeper.giveBack();
  keeper.giveBack();

  expect(document.activeElement).toBe(document.querySelector("#tuesday a"));
});
