import { describe, expect, it } from "vitest";
import { judgeNight, type Compared } from "./night-check.ts";

const at = new Date("2026-06-01T03:10:00Z");
const counted = { seen: 100, learned: 90, people: 7 };
const same: Compared = { live: counted, rebuilt: counted, difference: 0, overlap: 1, onlyOne: 0 };

describe("what the night finds", () => {
  it.each<[string, Partial<Compared>, string]>([
    ["the same bits", {}, "agrees"],
    ["a line that was lost", { live: { ...counted, seen: 99 } }, "replaced"],
    ["a line that counted twice", { live: { ...counted, seen: 101, learned: 91 } }, "replaced"],
    ["the same lines come to something else", { difference: 1e-12 }, "replaced"],
    [
      "somebody who left",
      { rebuilt: { ...counted, learned: 80 }, difference: 0.1, overlap: 0.97 },
      "people left",
    ],
    [
      "somebody who signed in",
      { rebuilt: { ...counted, people: 6 }, difference: 0.1, overlap: 0.97 },
      "people left",
    ],
    [
      "people left, and far more changed than they explain",
      { onlyOne: 1, difference: 3, overlap: 0.6 },
      "replaced",
    ],
  ])("of %s", (_, more, kind) => {
    expect(judgeNight({ ...same, ...more }, at).kind).toBe(kind);
  });
});
