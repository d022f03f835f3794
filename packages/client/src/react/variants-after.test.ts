import { describe, expect, it } from "vitest";
import { mayChangePage, variantsAfter } from "./variants-after.ts";

const words = { key: "words", arm: "b", isPartaking: true, config: { rankingVersion: 2 } };
const lists = { key: "lists", arm: "control", isPartaking: true, config: {} };
const heldOut = { key: "holdout", arm: "out", isPartaking: false, config: {} };
const arms = [words, lists, heldOut];
const stopped = (key: string) => ({ key, surface: "search", status: "stopped" });

describe("the arms of an open page, by what it is told", () => {
  it("have none of an experiment that was stopped, and keep the others", () => {
    expect(variantsAfter(arms, stopped("words"))).toEqual([lists, heldOut]);
  });

  it("stay the same list when it is not theirs, goes on, or cannot be read", () => {
    const messages = [
      stopped("prices"),
      { key: "words", surface: "search", status: "running" },
      { key: "words" },
      { status: "stopped" },
      {},
    ];
    for (const message of messages) expect(variantsAfter(arms, message)).toBe(arms);
  });
});

describe("an open page", () => {
  it("is read again when its arm set something, and not when it saw what all will see", () => {
    expect(mayChangePage(arms, stopped("words"))).toBe(true);
    expect(mayChangePage(arms, stopped("lists"))).toBe(false);
    expect(mayChangePage(arms, stopped("holdout"))).toBe(false);
  });

  it("is read again when it cannot tell", () => {
    expect(mayChangePage(arms, stopped("unknown-here"))).toBe(true);
    expect(mayChangePage(arms, { key: "lists", status: "running" })).toBe(true);
    expect(mayChangePage(arms, {})).toBe(true);
  });
});
