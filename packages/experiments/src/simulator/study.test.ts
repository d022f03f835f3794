import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { ips, snips } from "../core/off-policy.ts";
import { clickOnce, createClickWorld, expectedCtr, factorForLift } from "./click-model.ts";
import { expectedConversion, factorForConversion, runHoldoutStudy } from "./holdout-study.ts";
import { rankingTrial } from "./ranking-trial.ts";
import { simulateShopper } from "./shopper.ts";
import { runStudy } from "./study.ts";
import { cupedDifference } from "../core/cuped.ts";
import { momentsOf, sumMoments } from "../core/moments.ts";

const world = createClickWorld({ rng: seededRng("world") });

describe("the click simulator", () => {
  it("clicks as often as its truth says, to within four standard errors of 100,000 searches", () => {
    const rng = seededRng(4);
    const factor = factorForLift(world, 0.2);
    let clicks = 0;
    for (let i = 0; i < 100_000; i++) {
      const appeal = rng.pick(world.keenness) * factor;
      if (clickOnce(world, rng.int(world.attraction.length), appeal, rng) >= 0) clicks += 1;
    }
    const truth = expectedCtr(world) * 1.2;
    expect(Math.abs(clicks / 100_000 - truth)).toBeLessThan(4 * Math.sqrt((truth * (1 - truth)) / 100_000));
  });

  it("has a position bias: the first place is clicked more than its attractiveness over the second's says", () => {
    const flat = { ...world, attraction: world.attraction.map((row) => row.map(() => 0.1)) };
    const rng = seededRng(5);
    const counts = [0, 0];
    for (let i = 0; i < 50_000; i++) {
      const place = clickOnce(flat, 0, 1, rng);
      if (place === 0 || place === 1) counts[place]! += 1;
    }
    expect(counts[0]! / counts[1]!).toBeGreaterThan(1.8);
  });

  it("hits any lift that leaves the click rate below one", () => {
    for (const lift of [-0.5, 0, 0.05, 0.2, 1]) {
      const got = expectedCtr(world, factorForLift(world, lift)) / expectedCtr(world) - 1;
      expect(got).toBeCloseTo(lift, 8);
    }
    expect(() => factorForLift(world, 50)).toThrow();
  });

  it("gives the same shoppers for the same seed", () => {
    const draw = () => {
      const rng = seededRng(8);
      return Array.from({ length: 20 }, () => simulateShopper(world, 1, rng));
    };
    expect(draw()).toEqual(draw());
  });

  it("past spending takes half of the variance off the spending of those who order", () => {
    const rng = seededRng(6);
    const buyers = Array.from({ length: 40_000 }, () => simulateShopper(world, 1, rng)).filter(
      (s) => s.hasOrdered,
    );
    const moments = (from: number) =>
      sumMoments(
        buyers
          .filter((_, i) => i % 2 === from)
          .map((s) => momentsOf(Math.log(s.spentCents), 1, Math.log(s.pastCents))),
      );
    expect(cupedDifference(moments(0), moments(1)).remainingVariance).toBeLessThan(0.5);
  });
});

describe("a study of many experiments", () => {
  const study = runStudy({ surface: "search", lift: 0.2, seeds: 200, seed: 1, shoppers: 1_500, looks: 10 });

  it("holds the true lift in nearly all of its intervals, and finds it", () => {
    expect(study.coverage.planned).toBeGreaterThan(0.9);
    expect(study.coverageAtEveryLook.anytime).toBeGreaterThan(0.94);
    expect(study.power.planned).toBeGreaterThan(0.5);
  });

  it("declares no more than 9 % of experiments without a difference, where looking naively declares more", () => {
    expect(study.falsePositives.planned).toBeLessThanOrEqual(0.09);
    expect(study.falsePositives.anytime).toBeLessThanOrEqual(0.05);
    expect(study.falsePositives.naive).toBeGreaterThan(0.1);
  });

  it("does not cry mismatch over a fair split", () => {
    expect(study.ratioAlarms).toBeLessThanOrEqual(0.01);
  });
});

describe("the holdout of recommendations", () => {
  it("orders as often as its truth says, to within four standard errors of 60,000 shoppers", () => {
    const rng = seededRng(12);
    const factor = factorForConversion(world, 0.15);
    let orders = 0;
    for (let i = 0; i < 60_000; i++) if (simulateShopper(world, factor, rng).hasOrdered) orders += 1;
    const truth = expectedConversion(world) * 1.15;
    expect(Math.abs(orders / 60_000 - truth)).toBeLessThan(4 * Math.sqrt((truth * (1 - truth)) / 60_000));
  });

  it("covers a true 15 % more shoppers who order in nearly all of its reports", () => {
    const study = runHoldoutStudy({ lift: 0.15, seeds: 60, seed: 2, shoppers: 8_000 });
    expect(study.compared).toBe(60);
    expect(study.coverage).toBeGreaterThanOrEqual(0.95);
    expect(Math.abs(study.meanEstimate - 0.15)).toBeLessThan(0.1);
  });

  it("claims nothing where recommendations are worth nothing", () => {
    const study = runHoldoutStudy({ lift: 0, seeds: 60, seed: 3, shoppers: 8_000 });
    expect(study.found).toBeLessThanOrEqual(0.05);
  });
});

describe("a ranking judged before it is live", () => {
  const trial = rankingTrial({ searches: 400_000, seed: 3 });

  it("is told to within 2 % by weighting what was logged, and to within its standard error", () => {
    for (const found of [ips(trial.log), snips(trial.log)]) {
      expect(Math.abs(found.value / trial.truth - 1)).toBeLessThan(0.02);
      expect(Math.abs(found.value - trial.truth)).toBeLessThan(4 * found.standardError);
    }
  });

  it("would be told wrong by what was logged as it is", () => {
    const mean = trial.log.reward.reduce((sum, click) => sum + click, 0) / trial.log.reward.length;
    expect(Math.abs(mean / trial.truth - 1)).toBeGreaterThan(0.1);
  });
});
