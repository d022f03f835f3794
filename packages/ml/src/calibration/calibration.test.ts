import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { logistic } from "../trees/losses.ts";
import { applyIsotonic, fitIsotonic } from "./isotonic.ts";
import { applyRisingCurve, fitRisingCurve } from "./rising-curve.ts";
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

  it("counts a row by its weight: two of it as one of weight two, none as one of weight 0", () => {
    const rng = seededRng(9);
    const logits = Array.from({ length: 300 }, () => 2 * rng.normal());
    const labels = logits.map((logit) => (rng.next() < logistic(logit + 1) ? 1 : 0));
    const half = logits.slice(0, 150);
    const halfLabels = labels.slice(0, 150);
    const later = fitPlatt(logits, labels, [...half.map(() => 0), ...half.map(() => 5)]);
    expect(later.slope).toBeCloseTo(fitPlatt(logits.slice(150), labels.slice(150)).slope, 6);
    const twice = fitPlatt([...logits, ...half], [...labels, ...halfLabels]);
    const weighted = fitPlatt(logits, labels, [...half.map(() => 2), ...half.map(() => 1)]);
    expect(weighted.slope).toBeCloseTo(twice.slope, 6);
    expect(weighted.shift).toBeCloseTo(twice.shift, 6);
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

describe("the rising curve", () => {
  const rng = seededRng(5);
  const logits = Float64Array.from({ length: 20_000 }, () => 2 * rng.normal());
  // Too bold above, honest below: no stretch and no move puts both right.
  const truth = (logit: number): number => logistic(logit > 0 ? 0.4 * logit : logit);
  const labels = logits.map((logit) => (rng.next() < truth(logit) ? 1 : 0));

  it("bends probabilities to what came true, the more the more rows there are", () => {
    const curve = fitRisingCurve(logits, labels);
    expect(curve.share).toBeCloseTo(0.9, 1);
    for (const logit of [-2, 0, 1, 2.5])
      expect(Math.abs(applyRisingCurve(curve, logit) - truth(logit))).toBeLessThan(0.05);
    const few = fitRisingCurve(logits.subarray(0, 40), labels.subarray(0, 40));
    expect(Math.abs(applyRisingCurve(few, 2.5) - logistic(2.5))).toBeLessThan(0.02);
  });

  it("keeps the order of scores, and says neither 0 nor 1", () => {
    const curve = fitRisingCurve(logits, labels);
    const told = Array.from({ length: 200 }, (_, at) => applyRisingCurve(curve, at / 10 - 10));
    for (let at = 1; at < told.length; at++) expect(told[at]).toBeGreaterThan(told[at - 1]!);
    expect(told[0]).toBeGreaterThan(0);
    expect(told.at(-1)).toBeLessThan(1);
  });

  it("is nothing where there was one class alone", () => {
    const curve = fitRisingCurve(Float64Array.of(1, 2, 3), [1, 1, 1]);
    expect(applyRisingCurve(curve, 1)).toBe(logistic(1));
  });
});
