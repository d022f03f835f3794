import { seededRng, type Rng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { learnProfile, profileParts, shareBy, usualProfile, type DayProfile } from "./day-profile.ts";
import { countAt, probabilityUpTo } from "./negative-binomial.ts";
import { nowcast, type DaySoFar } from "./nowcast.ts";

describe("a count of uncertain rate", () => {
  it("is that of R's pnbinom(size = 4, mu = 10)", () => {
    const law = { mean: 10, shape: 4 };
    expect(probabilityUpTo(law, 0)).toBeCloseTo((4 / 14) ** 4, 12);
    expect(probabilityUpTo(law, 1)).toBeCloseTo((4 / 14) ** 4 * (1 + (4 * 10) / 14), 12);
    expect(probabilityUpTo(law, 1_000)).toBeCloseTo(1, 9);
  });

  it("is turned round by its inverse, for small and for large means", () => {
    for (const mean of [0.1, 3, 400, 50_000])
      for (const share of [0.1, 0.5, 0.9]) {
        const count = countAt({ mean, shape: 9 }, share);
        if (count > 0) expect(probabilityUpTo({ mean, shape: 9 }, count)).toBeCloseTo(share, 4);
      }
  });
});

describe("the profile of a day", () => {
  it("adds up to all of the day", () => {
    expect(usualProfile).toHaveLength(profileParts);
    expect(usualProfile.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect([shareBy(usualProfile, -1), shareBy(usualProfile, 0.25), shareBy(usualProfile, 2)]).toEqual([
      0,
      expect.closeTo(0.27, 12) as number,
      1,
    ]);
  });

  it("is drawn from the general one by what was sold, the more the more was sold", () => {
    const late = (count: number) => Array.from({ length: count }, () => ({ at: 0.95, base: 1 }));
    const shares = [0, 10, 40, 4_000].map((count) => learnProfile(late(count))[9]!);
    expect(shares[0]).toBe(usualProfile[9]);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
    expect(shares[2]).toBeCloseTo(0.5 * (1 + usualProfile[9]!), 12);
    expect(shares[3]).toBeGreaterThan(0.98);
  });
});

const expected = { p10: 14_000, p50: 20_000, p90: 27_000 };
const day = (more: Partial<DaySoFar>): DaySoFar => ({
  expected,
  profile: usualProfile,
  at: 0.4,
  soldBase: 8_000,
  leftBase: 17_000,
  saleBase: 750,
  ...more,
});

describe("a nowcast", () => {
  it("before opening is what was expected", () => {
    const { p10, p50, p90 } = nowcast(day({ at: 0, soldBase: 0 }));
    expect(p10 / expected.p10).toBeGreaterThan(0.9);
    expect(p50 / expected.p50).toBeCloseTo(1, 1);
    expect(p90 / expected.p90).toBeLessThan(1.1);
  });

  it("rises when 60 % of the P50 is sold by ten o'clock at a market from 8 to 13, and says when it may sell out", () => {
    const now = nowcast(day({ soldBase: 0.6 * expected.p50, leftBase: 11_000 }));
    expect(now.p50).toBeGreaterThan(expected.p50 * 1.05);
    expect(now.sellOutChance).toBeGreaterThan(0.3);
    expect(now.sellsOutAt).toBeGreaterThan(0.4);
    expect(now.sellsOutAt).toBeLessThanOrEqual(1);
  });

  it("is never less where more was sold, and never below what was sold", () => {
    for (const at of [0.05, 0.3, 0.7, 0.95]) {
      const now = Array.from({ length: 30 }, (_, n) => nowcast(day({ at, soldBase: 1_500 * n })));
      for (const pick of ["p10", "p50", "p90", "sellOutChance"] as const)
        for (let n = 1; n < now.length; n++)
          expect(now[n]![pick]).toBeGreaterThanOrEqual(now[n - 1]![pick] - 1e-6);
      expect(now.every(({ p10 }, n) => p10 >= 1_500 * n)).toBe(true);
      expect(now.every(({ p10, p50, p90 }) => p10 <= p50 && p50 <= p90)).toBe(true);
    }
  });

  it("at closing is what was sold, and surely more where it ran out at noon", () => {
    expect(nowcast(day({ at: 1, soldBase: 12_345 }))).toMatchObject({
      p10: 12_345,
      p50: 12_345,
      p90: 12_345,
    });
    const gone = nowcast(day({ at: 1, soldBase: 12_345, leftBase: 0, soldOutAt: 0.8 }));
    expect(gone.p50).toBeGreaterThan(13_000);
    expect(gone).toMatchObject({ sellOutChance: 1, sellsOutAt: 0.8 });
  });

  it("sells out sooner the less is left", () => {
    const times = [4_000, 8_000, 12_000].map((leftBase) => nowcast(day({ leftBase })));
    expect(times.map(({ sellOutChance }) => sellOutChance)).toEqual(
      times.map(({ sellOutChance }) => sellOutChance).toSorted((a, b) => b - a),
    );
    expect(times[0]!.sellsOutAt).toBeLessThan(times[1]!.sellsOutAt!);
    expect(nowcast(day({ at: 0.9, soldBase: 15_000, leftBase: 1_000_000 })).sellsOutAt).toBeUndefined();
  });

  it("is a number whatever it is given", () => {
    const zero = { p10: 0, p50: 0, p90: 0 };
    for (const strange of [day({ expected: zero }), day({ expected: zero, soldBase: 0 }), day({ at: 7 })])
      expect(Object.values(nowcast(strange)).every((value) => Number.isFinite(value))).toBe(true);
  });
});

/** Days whose truth is known: demand from a Gamma, spread over the day round a profile, sold in pieces. It tests the sums. */
function simulatedDay(rng: Rng, profile: DayProfile, at: number) {
  const shape = 16;
  const mean = 20_000;
  const demand = gamma(rng, shape) * (mean / shape);
  const weights = profile.map((share) => gamma(rng, 40 * share));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sale = 750;
  let soldBase = 0;
  let total = 0;
  weights.forEach((weight, part) => {
    const base = sale * rng.poisson((demand * weight) / whole / sale);
    total += base;
    if (part < at * profileParts - 1e-9) soldBase += base;
  });
  return { soldBase, total };
}

describe("nowcasts of 2,000 simulated days", () => {
  const totals = (() => {
    const rng = seededRng("the days before");
    return Array.from({ length: 2_000 }, () => simulatedDay(rng, usualProfile, 1).total).sort(
      (a, b) => a - b,
    );
  })();
  const forecast = { p10: totals[200]!, p50: totals[1_000]!, p90: totals[1_800]! };
  const coverage = (at: number) => {
    const rng = seededRng(`nowcast ${at}`);
    let inside = 0;
    let error = 0;
    let blindError = 0;
    const count = 2_000;
    for (let n = 0; n < count; n++) {
      const { soldBase, total } = simulatedDay(rng, usualProfile, at);
      const { p10, p50, p90 } = nowcast(day({ expected: forecast, at, soldBase, leftBase: 1e9 }));
      if (total >= p10 && total <= p90) inside++;
      error += Math.abs(total - p50);
      blindError += Math.abs(total - forecast.p50);
    }
    return { inside: (100 * inside) / count, gain: 1 - error / blindError };
  };

  it.each([0.2, 0.4, 0.6, 0.8])("hold in 75 to 85 of 100 days at %f of the day", (at) => {
    const { inside } = coverage(at);
    expect(inside).toBeGreaterThan(75);
    expect(inside).toBeLessThan(85);
  });

  it("come nearer to the truth as the day goes on", () => {
    const gains = [0.2, 0.4, 0.6, 0.8].map((at) => coverage(at).gain);
    expect(gains.toSorted((a, b) => a - b)).toEqual(gains);
    expect(gains[0]).toBeGreaterThan(0.1);
    expect(gains[3]).toBeGreaterThan(0.6);
  });
});

/** Marsaglia and Tsang (2000); below a shape of 1 by the usual power. */
function gamma(rng: Rng, shape: number): number {
  if (shape < 1) return gamma(rng, shape + 1) * rng.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
