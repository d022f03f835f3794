import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { clusteredError } from "./clusters.ts";
import { anytimeMultiplier, anytimeP } from "./confidence-sequence.ts";
import { cupedDifference } from "./cuped.ts";
import { difference, estimate, welchFreedom } from "./difference.ts";
import { addMoments, momentsOf, noMoments, spreadOf, sumMoments, type Moments } from "./moments.ts";
import { spendingBoundaries, spentAlpha } from "./spending.ts";
import { checkRatio } from "./srm.ts";

const of = (values: number[]): Moments => sumMoments(values.map((y) => momentsOf(y)));

describe("sample ratio", () => {
  it("5,000 against 5,300 is no alarm, at chi-square 8.74 and p .0031", () => {
    const check = checkRatio([5_000, 5_300], [0.5, 0.5]);
    expect(check.chiSquare).toBeCloseTo(8.738, 3);
    expect(check.p).toBeCloseTo(0.00312, 5);
    expect(check.isAlarm).toBe(false);
  });

  it("4,800 against 5,300 is an alarm", () => {
    expect(checkRatio([4_800, 5_300], [0.5, 0.5])).toMatchObject({ isAlarm: true });
  });

  it("46 against 54 per cent is an alarm from about 1,700 shoppers on", () => {
    expect(checkRatio([460, 540], [0.5, 0.5]).isAlarm).toBe(false);
    expect(checkRatio([782, 918], [0.5, 0.5]).isAlarm).toBe(true);
  });

  it("goes by the weights that were meant, and alarms when somebody is in an arm of weight zero", () => {
    expect(checkRatio([100, 300], [0.25, 0.75])).toEqual({ chiSquare: 0, p: 1, isAlarm: false });
    expect(checkRatio([1_000, 1], [1, 0])).toMatchObject({ p: 0, isAlarm: true });
  });

  it("says nothing while nobody is there", () => {
    expect(checkRatio([0, 0], [0.5, 0.5])).toEqual({ chiSquare: 0, p: 1, isAlarm: false });
  });
});

describe("differences", () => {
  it("means: Student's example of two groups (hand-worked)", () => {
    const { absolute, control, treatment } = difference("mean", of([1, 2, 3, 4]), of([3, 5, 7, 9]));
    expect(absolute.value).toBe(3.5);
    // variances 5/3 and 20/3, four of each: sqrt((5/3 + 20/3) / 4)
    expect(absolute.standardError).toBeCloseTo(Math.sqrt(25 / 12), 12);
    expect(welchFreedom(control, treatment)).toBeCloseTo(625 / 144 / ((25 / 144 + 400 / 144) / 3), 10);
  });

  it("proportions: 100 of 1,000 against 120 of 1,000 is +20 %", () => {
    const arm = (y: number): Moments => ({ ...noMoments, n: 1_000, x: 1_000, y, yy: y, yx: y, xx: 1_000 });
    const { absolute, relative } = difference("proportion", arm(100), arm(120));
    expect(absolute.value).toBeCloseTo(0.02, 12);
    expect(absolute.standardError).toBeCloseTo(Math.sqrt((0.1 * 0.9 + 0.12 * 0.88) / 1_000), 12);
    expect(relative?.value).toBeCloseTo(0.2, 12);
  });

  it("ratios: shoppers with many searches widen the interval beyond that of independent searches", () => {
    const rng = seededRng(3);
    const shoppers = Array.from({ length: 20_000 }, () => {
      const searches = 1 + rng.poisson(4);
      const taste = rng.next() < 0.5 ? 0.1 : 0.5;
      let clicks = 0;
      for (let i = 0; i < searches; i++) clicks += rng.next() < taste ? 1 : 0;
      return momentsOf(clicks, searches);
    });
    const all = estimate("ratio", sumMoments(shoppers));
    expect(all.value).toBeCloseTo(0.3, 1);
    // The bootstrap's answer: the spread of the ratio over 200 groups of 100 shoppers, for all 20,000.
    const groups = Array.from({ length: 200 }, (_, g) => {
      const part = sumMoments(shoppers.slice(g * 100, g * 100 + 100));
      return part.y / part.x;
    });
    const bootstrap = Math.sqrt(spreadOf(of(groups)).yy / 200);
    expect(Math.abs(all.standardError / bootstrap - 1)).toBeLessThan(0.15);
    const naive = Math.sqrt((all.value * (1 - all.value)) / sumMoments(shoppers).x);
    expect(all.standardError).toBeGreaterThan(1.2 * naive);
  });

  it("know nothing of one shopper, of an arm without searches, and relative to zero", () => {
    expect(estimate("mean", of([3])).standardError).toBe(Infinity);
    expect(estimate("ratio", sumMoments([momentsOf(0, 0), momentsOf(0, 0)])).standardError).toBe(Infinity);
    expect(difference("mean", of([0, 0]), of([1, 2])).relative).toBeUndefined();
  });

  it("moments of two groups add up to those of both", () => {
    const left = of([1, 2, 5]);
    const right = of([4, 4]);
    expect(addMoments(left, right)).toEqual(of([1, 2, 5, 4, 4]));
    expect(spreadOf(addMoments(left, right)).yy).toBeCloseTo(2.7, 12);
  });
});

describe("CUPED", () => {
  const population = (rng: ReturnType<typeof seededRng>, lift: number): Moments =>
    sumMoments(
      Array.from({ length: 5_000 }, () => {
        const past = rng.normal();
        return momentsOf(10 + lift + 0.75 * past + Math.sqrt(1 - 0.75 ** 2) * rng.normal(), 1, past);
      }),
    );

  it("leaves 1 - .75² of the variance where the past correlates by .75, and the same difference", () => {
    const rng = seededRng(11);
    const {
      difference: adjusted,
      remainingVariance,
      theta,
    } = cupedDifference(population(rng, 0), population(rng, 0.1));
    expect(remainingVariance).toBeCloseTo(1 - 0.75 ** 2, 1);
    expect(theta).toBeCloseTo(0.75, 1);
    expect(Math.abs(adjusted.absolute.value - 0.1)).toBeLessThan(3 * adjusted.absolute.standardError);
  });

  it("narrows the interval by the square root of what it says is left", () => {
    const rng = seededRng(12);
    const control = population(rng, 0);
    const treatment = population(rng, 0);
    const plain = difference("mean", control, treatment).absolute.standardError;
    const { difference: adjusted, remainingVariance } = cupedDifference(control, treatment);
    expect(adjusted.absolute.standardError / plain).toBeCloseTo(Math.sqrt(remainingVariance), 2);
  });

  it("changes nothing where the past is not known", () => {
    const cuped = cupedDifference(of([1, 2, 3]), of([2, 3, 4]));
    expect(cuped).toMatchObject({ theta: 0, remainingVariance: 1 });
    expect(cuped.difference).toEqual(difference("mean", of([1, 2, 3]), of([2, 3, 4])));
  });
});

describe("clusters of a market's day", () => {
  it("with one shopper each agree with the shoppers' own spread", () => {
    const rng = seededRng(5);
    const clusters = Array.from({ length: 2_000 }, (_, i) => {
      const one = momentsOf(rng.normal());
      return i % 2 === 0 ? { control: one, treatment: noMoments } : { control: noMoments, treatment: one };
    });
    const plain = difference(
      "mean",
      sumMoments(clusters.map((c) => c.control)),
      sumMoments(clusters.map((c) => c.treatment)),
    ).absolute.standardError;
    expect(clusteredError("mean", clusters)!.standardError / plain).toBeCloseTo(1, 2);
  });

  it("widen the interval when an arm does better on some days than on others", () => {
    const rng = seededRng(6);
    const group = (mean: number): Moments => of(Array.from({ length: 50 }, () => mean + rng.normal()));
    const clusters = Array.from({ length: 40 }, () => ({
      control: group(0),
      treatment: group(rng.normal()),
    }));
    const plain = difference(
      "mean",
      sumMoments(clusters.map((c) => c.control)),
      sumMoments(clusters.map((c) => c.treatment)),
    ).absolute.standardError;
    const clustered = clusteredError("mean", clusters)!;
    // Days differ by sd 1, so the mean of 40 differs by 1/sqrt(40) = .158; the shoppers alone say .032.
    expect(clustered.standardError).toBeGreaterThan(3 * plain);
    expect(clustered.multiplier).toBeCloseTo(2.023, 3);
  });

  it("are not used when there are fewer than ten", () => {
    const cluster = { control: of([1, 2]), treatment: of([1, 2]) };
    expect(
      clusteredError(
        "mean",
        Array.from({ length: 9 }, () => cluster),
      ),
    ).toBeUndefined();
  });
});

describe("a confidence sequence", () => {
  it("is tightest where it was asked to be, and always wider than a single look", () => {
    const relativeWidth = (n: number): number => anytimeMultiplier(n, { alpha: 0.05, tightestAt: 5_000 });
    expect(relativeWidth(5_000)).toBeLessThan(relativeWidth(500));
    expect(relativeWidth(5_000)).toBeLessThan(relativeWidth(50_000));
    for (const n of [100, 5_000, 1e6]) expect(relativeWidth(n)).toBeGreaterThan(2.7);
  });

  it("excludes zero exactly where its p-value falls to alpha", () => {
    for (const n of [200, 5_000, 80_000]) expect(anytimeP(anytimeMultiplier(n), n)).toBeCloseTo(0.05, 12);
    expect(anytimeP(0, 5_000)).toBe(1);
  });

  it("misses the truth at any of 500 looks in at most 5 % of 1,000 walks", () => {
    let wrong = 0;
    for (let seed = 0; seed < 1_000; seed++) {
      const rng = seededRng(seed);
      let sum = 0;
      for (let look = 1; look <= 500; look++) {
        sum += rng.normal() * Math.sqrt(20);
        if (Math.abs(sum) / Math.sqrt(look * 20) > anytimeMultiplier(look * 20)) {
          wrong += 1;
          break;
        }
      }
    }
    expect(wrong).toBeGreaterThan(5);
    expect(wrong).toBeLessThanOrEqual(50);
  });
});

describe("spending alpha over planned looks", () => {
  // Table of the boundaries of five even looks at two-sided .05 (the `ldbounds` program of Lan and DeMets).
  it("five even looks decide where O'Brien and Fleming's spending says", () => {
    const found = spendingBoundaries({ fractions: [0.2, 0.4, 0.6, 0.8, 1] });
    [4.8769, 3.3569, 2.6803, 2.2898, 2.031].forEach((z, i) => expect(found[i]).toBeCloseTo(z, 2));
  });

  it("five even looks decide where Pocock's spending says", () => {
    const found = spendingBoundaries({ fractions: [0.2, 0.4, 0.6, 0.8, 1], shape: "pocock" });
    [2.438, 2.4268, 2.4101, 2.3966, 2.3859].forEach((z, i) => expect(found[i]).toBeCloseTo(z, 2));
  });

  it("a single look at the end is the plain test", () => {
    expect(spendingBoundaries({ fractions: [1] })[0]).toBeCloseTo(1.959964, 5);
  });

  it("never spends more with more of the plan, and all of it at the end", () => {
    for (const shape of ["obrien-fleming", "pocock"] as const) {
      let last = 0;
      for (let t = 0.01; t <= 1.001; t += 0.01) {
        const spent = spentAlpha(shape, t, 0.05);
        expect(spent).toBeGreaterThanOrEqual(last);
        last = spent;
      }
      expect(last).toBe(0.05);
    }
  });

  it("looks that come unevenly, as people look, still make 5 % of mistakes in 20,000 walks", () => {
    const fractions = [0.04, 0.05, 0.09, 0.2, 0.22, 0.31, 0.5, 0.52, 0.55, 0.7, 0.83, 0.84, 0.97, 1];
    const boundaries = spendingBoundaries({ fractions });
    const rng = seededRng("walks");
    let wrong = 0;
    for (let walk = 0; walk < 20_000; walk++) {
      let score = 0;
      const crossed = fractions.some((t, i) => {
        score += rng.normal() * Math.sqrt(t - (fractions[i - 1] ?? 0));
        return Math.abs(score) / Math.sqrt(t) > boundaries[i]!;
      });
      if (crossed) wrong += 1;
    }
    // Three standard errors of a share of 5 % in 20,000 are .46 %.
    expect(Math.abs(wrong / 20_000 - 0.05)).toBeLessThan(0.0047);
  });
});
