import { seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import {
  expectedFirstPurchases,
  expectedPurchases,
  fitPurchaseModel,
  probabilityActive,
  purchaseLogLikelihood,
} from "./purchase-model.ts";
import type { PurchaseHistory } from "./purchase-model.ts";
import { hypergeometric, logGamma } from "./special-functions.ts";
import { expectedSpend, fitSpendModel } from "./spend-model.ts";
import type { SpendHistory } from "./spend-model.ts";

/** Buyers of the CD shop CDNOW, as published with the model in 2005. */
const cdnow = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

describe("purchases", () => {
  it.each([
    [0.1429, 0.0078],
    [1, 0.0532],
    [3, 0.1506],
    [31.8571, 1.0405],
    [32, 1.0437],
    [78, 1.8576],
  ])("of somebody new within %f weeks are as published", (weeks, expected) => {
    // The published parameters are rounded, which moves the fourth digit.
    const found = expectedFirstPurchases(cdnow, weeks);
    expect(Math.abs(found - expected)).toBeLessThan(0.002 * expected + 0.00005);
  });

  it("of a buyer who came twice more are as published", () => {
    const history = { repeats: 2, lastAt: 30.43, age: 38.86 };
    expect(expectedPurchases(cdnow, history, 39)).toBeCloseTo(1.226, 3);
  });

  it("a silent buyer has left the likelier, the more often he came before", () => {
    const silent = (repeats: number): number => probabilityActive(cdnow, { repeats, lastAt: 10, age: 38 });
    expect(probabilityActive(cdnow, { repeats: 0, lastAt: 0, age: 38 })).toBe(1);
    expect(silent(10)).toBeLessThan(silent(1));
    expect(probabilityActive(cdnow, { repeats: 5, lastAt: 38, age: 38 })).toBeGreaterThan(0.85);
  });

  it("stay finite for the busiest, and beside a = 1", () => {
    const busy = { repeats: 5_000, lastAt: 300, age: 300 };
    const expected = expectedPurchases(cdnow, busy, 30);
    expect(expected).toBeGreaterThan(400);
    expect(expected).toBeLessThan(500.001);
    const near = (a: number): number =>
      expectedPurchases({ ...cdnow, a }, { repeats: 2, lastAt: 3, age: 9 }, 9);
    expect(near(1)).toBeCloseTo((near(0.99) + near(1.01)) / 2, 3);
  });

  it("is a density: over a first week, no and some purchases sum to 1", () => {
    // Nobody leaves before a purchase: with x = 0 the density is E[exp(-rate)] = (alpha / (alpha + 1))^r.
    const none = Math.exp(purchaseLogLikelihood(cdnow, [{ repeats: 0, lastAt: 0, age: 1 }]));
    expect(none).toBeCloseTo((4.414 / 5.414) ** 0.243, 12);
  });

  it.each<[string, PurchaseHistory[]]>([
    ["nobody", []],
    [
      "nobody who came again",
      [
        { repeats: 0, lastAt: 0, age: 1 },
        { repeats: 0, lastAt: 0, age: 2 },
      ],
    ],
    [
      "a purchase in the future",
      [
        { repeats: 1, lastAt: 3, age: 2 },
        { repeats: 1, lastAt: 1, age: 2 },
      ],
    ],
    [
      "half a purchase",
      [
        { repeats: 0.5, lastAt: 1, age: 2 },
        { repeats: 1, lastAt: 1, age: 2 },
      ],
    ],
  ])("refuses %s", (_, histories) => {
    expect(() => fitPurchaseModel(histories)).toThrow();
  });
});

describe("spend", () => {
  const published = { p: 6.25, q: 3.74, v: 15.44 };

  it.each([
    [2, 22.35, 24.66],
    [1, 11.77, 18.91],
    [0, 0, 35.2],
  ])("of a buyer with %i purchases of %f in the mean is as published", (purchases, mean, expected) => {
    expect(Math.abs(expectedSpend(published, { purchases, mean }) - expected)).toBeLessThan(0.03);
  });

  it("lies between the own mean and that of all", () => {
    const few = expectedSpend(published, { purchases: 1, mean: 90 });
    const many = expectedSpend(published, { purchases: 100, mean: 90 });
    expect(few).toBeGreaterThan(35);
    expect(few).toBeLessThan(many);
    expect(many).toBeCloseTo(90, 0);
  });

  it("refuses means that are not above 0", () => {
    expect(() =>
      fitSpendModel([
        { purchases: 1, mean: 0 },
        { purchases: 1, mean: 2 },
      ]),
    ).toThrow("above 0");
  });
});

describe("lifetime value of simulated buyers", () => {
  it("foretells 26 weeks of revenue within a tenth, and finds the mean spend", () => {
    const { histories, spends, laterRevenue } = simulate(4_000, seededRng(12));
    const purchases = fitPurchaseModel(histories);
    const spend = fitSpendModel(spends);
    const expected = histories.reduce(
      (sum, history, at) =>
        sum + expectedPurchases(purchases, history, 26) * expectedSpend(spend, spends[at]!),
      0,
    );
    expect(expected / laterRevenue).toBeGreaterThan(0.9);
    expect(expected / laterRevenue).toBeLessThan(1.1);
    expect(expectedSpend(spend, { purchases: 0, mean: 0 })).toBeCloseTo(20, -0.7);
  }, 60_000);
});

describe("special functions", () => {
  it("agree with known values", () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(hypergeometric(1, 1, 2, 0.5)).toBeCloseTo(2 * Math.LN2, 12);
    expect(hypergeometric(0, 3, 2, 0.9)).toBe(1);
  });
});

/** Buyers by the model's own story, watched for 39 weeks and 26 more; mean spend 20 = p v / (q - 1). */
function simulate(buyers: number, rng: Rng) {
  const histories: PurchaseHistory[] = [];
  const spends: SpendHistory[] = [];
  let laterRevenue = 0;
  for (let buyer = 0; buyer < buyers; buyer++) {
    const rate = gamma(0.8, rng) / 6;
    const [one, other] = [gamma(0.8, rng), gamma(2.5, rng)];
    const leaves = one / (one + other);
    const valueRate = gamma(4, rng) / 10;
    const age = 39 * (0.5 + 0.5 * rng.next());
    const times: number[] = [];
    for (let at = exponential(rate, rng); at < age + 26; at += exponential(rate, rng)) {
      times.push(at);
      if (rng.next() < leaves) break;
    }
    const before = times.filter((at) => at < age);
    const values = times.map(() => gamma(6, rng) / valueRate);
    const own = values.slice(0, before.length);
    histories.push({ repeats: before.length, lastAt: before.at(-1) ?? 0, age });
    const total = own.reduce((sum, value) => sum + value, 0);
    spends.push({ purchases: own.length, mean: own.length > 0 ? total / own.length : 0 });
    laterRevenue += values.slice(before.length).reduce((sum, value) => sum + value, 0);
  }
  return { histories, spends, laterRevenue };
}

const exponential = (rate: number, rng: Rng): number => -Math.log(1 - rng.next()) / rate;

/** Marsaglia and Tsang (2000). */
function gamma(shape: number, rng: Rng): number {
  if (shape < 1) return gamma(shape + 1, rng) * (1 - rng.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = rng.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - rng.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
