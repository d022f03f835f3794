import { seededRng } from "@almanac/kernel";
import { expect, it } from "vitest";
import { selectAt } from "./select-at.ts";

it("finds what sorting would put at a place, with many equal values or none, in order or not", () => {
  for (let turn = 0; turn < 300; turn++) {
    const rng = seededRng(turn);
    const count = 1 + rng.int(80);
    const values = Array.from({ length: count }, () => rng.int(rng.pick([2, 10, 1_000])));
    if (turn % 3 === 1) values.sort((a, b) => a - b);
    if (turn % 3 === 2) values.sort((a, b) => b - a);
    const sorted = values.toSorted((a, b) => a - b);
    const low = rng.int(count);
    const high = low + rng.int(count - low);
    expect(selectAt(values, low, 0), `turn ${turn}`).toBe(sorted[low]);
    expect(selectAt(values, high, low), `turn ${turn}`).toBe(sorted[high]);
  }
});
