import { describe, expect, it } from "vitest";
import { verdictWords } from "./experiment-words.ts";

describe("the words of a verdict that is still open", () => {
  const titleOf = (exposed: number, isStopped: boolean): string =>
    verdictWords({ kind: "collecting" }, (arm) => arm, { exposed, isStopped }).title;

  it.each([
    [0, false, "Nobody has seen it yet"],
    [0, true, "Nobody saw it"],
    [40, false, "Too early to say"],
    [40, true, "It ended undecided"],
  ])("with %i shoppers, stopped: %s, are %j", (exposed, isStopped, title) => {
    expect(titleOf(exposed, isStopped)).toBe(title);
  });
});
