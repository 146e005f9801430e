import { describe, expect, it } from "vitest";

import { EMOJI, found } from "../lib/emoji.ts";
import { needsSpace } from "../lib/insert.ts";
import { ago, Saving } from "../lib/saving.ts";
import { readAnswer } from "../lib/upload.ts";

describe("what is typed and what is kept", () => {
  it("knows that what is typed after a request was collected is not kept by it", () => {
    const saving = new Saving();
    saving.touch();
    const first = saving.collect();
    saving.touch();

    saving.comeBack(first, true);

    expect(saving.isDirty).toBe(true);
  });

  it("keeps apart a request that waits behind another", () => {
    const saving = new Saving();
    saving.touch();
    const save = saving.collect();
    const order = saving.collect();
    saving.touch();

    saving.comeBack(save, true);
    expect(saving.isBusy).toBe(true);
    saving.comeBack(order, true);

    expect(saving.isBusy).toBe(false);
    expect(saving.isDirty).toBe(true);
  });

  it("is clean when all that was typed came back kept, and dirty when the request failed", () => {
    const saving = new Saving();
    saving.touch();
    saving.comeBack(saving.collect(), false);
    expect(saving.isDirty).toBe(true);

    saving.comeBack(saving.collect(), true);

    expect(saving.isDirty).toBe(false);
  });
});

describe("how long ago", () => {
  it("is said in the page's language", () => {
    expect(ago(2, "vi")).toBe("2 giây trước");
    expect(ago(125, "en")).toBe("2 minutes ago");
    expect(ago(7300, "en")).toBe("2 hours ago");
  });
});

describe("an emoji", () => {
  it("is found by its name in either language, without accents", () => {
    expect(found("ca phe").map((one) => one.sign)).toContain("☕");
    expect(found("coffee").map((one) => one.sign)).toContain("☕");
    expect(found("khong co gi nhu vay")).toEqual([]);
  });

  it("has a sign and two names, and each sign is there once", () => {
    expect(EMOJI.every((one) => one.sign && one.vi && one.en)).toBe(true);
    expect(new Set(EMOJI.map((one) => one.sign)).size).toBe(EMOJI.length);
  });
});

describe("what is inserted", () => {
  it("stands apart when it is a tag or a name", () => {
    expect(needsSpace("mình", "#CaPheBen")).toBe(true);
    expect(needsSpace("mình ", "#CaPheBen")).toBe(false);
    expect(needsSpace("mình", "☕")).toBe(false);
  });
});

describe("the answer to an upload", () => {
  it("gives ids and sentences", () => {
    const answer = readAnswer('<span data-asset="7"></span> <p role="alert"> Too <b>large</b>. </p>');

    expect(answer).toEqual({ ids: ["7"], refusals: ["Too large."] });
  });
});
