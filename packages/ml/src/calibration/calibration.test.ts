import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { logistic } from "../trees/losses.ts";
import { applyIsotonic, fitIsotonic } from "./isotonic.ts";
import { applyPlatt, asTheyAre, fitPlatt } from "./platt.ts";

describe("stretching log-odds", () => {
  it("finds by how much they were too bold", () => {
    const rng = seededRng(3);
    const logits = Array.from({ length: 20_000 }, () => 2 * rng.normal());
    const labels = logits.map((logit) => (rng.next() < logistic(0.5 * logit - 1) ? 1 : 0));
    const { slope, shift } = fitPlatt(logits, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(shift).toBeCloseTo(-1, 1);
    expect(applyPlatt({ slope, shift }, 4)).toBeCloseTo(logistic(1), 1);
  });

  it("leaves them as they are where nothing can be learned", () => {
    expect(fitPlatt([1, 2, 3], [1, 1, 1])).toEqual(asTheyAre);
    expect(fitPlatt([], [])).toEqual(asTheyAre);
  });
});

describe("the rising steps", () => {
  it("pool neighbours that fall into their mean", () => {
    const fit = fitIsotonic([1, 2, 3, 4], [0, 1, 0, 1]);
    expect([...fit.bounds]).toEqual([1, 3, 4]);
    expect([...fit.values]).toEqual([0, 0.5, 1]);
    expect([0, 1, 2.5, 3.5, 9].map((score) => applyIsotonic(fit, score))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("give equal scores one step, and say nothing of nothing", () => {
    expect([...fitIsotonic([5, 5, 5], [1, 0, 0]).values]).toEqual([1 / 3]);
    expect(applyIsotonic(fitIsotonic([], []), 1)).toBeNaN();
  });
});
