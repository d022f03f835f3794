import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { loadOf, loadVan, toCrates, type Load } from "./crates.ts";
import { demandQuantile, expectedSales } from "./demand.ts";
import {
  bestQuantity,
  criticalRatio,
  expectedProfit,
  leanedRatio,
  reorderPoint,
  safetyStock,
} from "./newsvendor.ts";
import { normalQuantile } from "./normal-quantile.ts";

const demand = { p10: 20_000, p50: 30_000, p90: 45_000 };

describe("the critical ratio", () => {
  it("is .6667 for price 4, cost 1.5, salvage .25 (G10), and for 4.90, 1.90, .40", () => {
    expect(criticalRatio({ price: 4, cost: 1.5, salvage: 0.25 })).toBeCloseTo(0.6667, 4);
    expect(criticalRatio({ price: 490, cost: 190, salvage: 40 })).toBeCloseTo(0.6667, 4);
  });

  it("is 0 where a sale loses money, and 1 where nothing is lost by what is left over", () => {
    expect(criticalRatio({ price: 100, cost: 100, salvage: 0 })).toBe(0);
    expect(criticalRatio({ price: 100, cost: 150, salvage: 0 })).toBe(0);
    expect(criticalRatio({ price: 100, cost: 20, salvage: 20 })).toBe(1);
  });

  it("moves with what the farmer would rather, and stays without a leaning", () => {
    expect(leanedRatio(2 / 3, 0)).toBeCloseTo(2 / 3, 12);
    expect(leanedRatio(2 / 3, 1)).toBeCloseTo(0.9, 2);
    expect(leanedRatio(2 / 3, -1)).toBeCloseTo(0.31, 2);
    expect(leanedRatio(1, -1)).toBeLessThan(0.99);
  });
});

describe("safety stock and the reorder point (G11)", () => {
  const of = { mean: 20, sd: 6, leadPeriods: 2, serviceLevel: 0.95 };

  it("are 13.96 and 53.96 for z 1.645, sd 6, two periods and a mean of 20", () => {
    expect(safetyStock(of)).toBeCloseTo(13.96, 2);
    expect(reorderPoint(of)).toBeCloseTo(53.96, 2);
  });

  it("are not kept of what is bad the next day", () => {
    expect(safetyStock({ ...of, keepsPeriods: 1 })).toBe(0);
    expect(reorderPoint({ ...of, keepsPeriods: 1 })).toBe(40);
  });
});

describe("demand between the quantiles that are forecast", () => {
  it("goes through all three and rises between and beyond them", () => {
    expect(demandQuantile(demand, 0.1)).toBeCloseTo(20_000, 3);
    expect(demandQuantile(demand, 0.5)).toBe(30_000);
    expect(demandQuantile(demand, 0.9)).toBeCloseTo(45_000, 3);
    const shares = Array.from({ length: 99 }, (_, at) => (at + 1) / 100);
    const quantities = shares.map((share) => demandQuantile(demand, share));
    expect(quantities).toEqual(quantities.toSorted((a, b) => a - b));
  });

  it("is never below nothing, and one number where nothing is uncertain", () => {
    expect(demandQuantile({ p10: 0, p50: 10, p90: 100 }, 0.001)).toBe(0);
    expect(demandQuantile({ p10: 7, p50: 7, p90: 7 }, 0.99)).toBe(7);
  });

  it("sells less on average than is brought and than is wanted", () => {
    expect(expectedSales(demand, 0)).toBe(0);
    expect(expectedSales(demand, 30_000)).toBeLessThan(30_000);
    expect(expectedSales(demand, 1_000_000)).toBeCloseTo(32_000, -3);
  });

  it("has the quantiles of the normal distribution as printed in tables", () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536, 6);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.3263479, 6);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe("what is best to bring", () => {
  it("earns more on average than anything else", () => {
    const money = { price: 490, cost: 190, salvage: 40 };
    const best = bestQuantity(demand, criticalRatio(money));
    const profit = expectedProfit(demand, best, money);
    for (let other = 0; other <= 80_000; other += 500)
      expect(profit).toBeGreaterThanOrEqual(expectedProfit(demand, other, money) - 5_000);
  });

  it("rises with the leaning, the price and the salvage, and falls with the cost, in 2,000 random cases", () => {
    const rng = seededRng(7);
    for (let turn = 0; turn < 2_000; turn++) {
      const p10 = rng.int(10_000);
      const p50 = p10 + rng.int(10_000);
      const of = { p10, p50, p90: p50 + rng.int(20_000) };
      const price = 50 + rng.int(900);
      const cost = rng.int(price);
      const salvage = rng.int(cost + 1);
      const leaning = rng.next() * 2 - 1;
      const of1 = (money: { price: number; cost: number; salvage: number }, lean: number): number =>
        bestQuantity(of, leanedRatio(criticalRatio(money), lean));
      const base = of1({ price, cost, salvage }, leaning);
      expect(of1({ price, cost, salvage }, Math.min(1, leaning + 0.2))).toBeGreaterThanOrEqual(base);
      expect(of1({ price: price + 50, cost, salvage }, leaning)).toBeGreaterThanOrEqual(base);
      expect(of1({ price, cost, salvage: Math.min(cost, salvage + 10) }, leaning)).toBeGreaterThanOrEqual(
        base,
      );
      expect(of1({ price, cost: Math.min(price - 1, cost + 20), salvage }, leaning)).toBeLessThanOrEqual(
        base,
      );
    }
  });
});

describe("crates and the van", () => {
  it("rounds to whole crates, and holds what is promised", () => {
    expect(toCrates(35_400, 2_000)).toBe(36_000);
    expect(toCrates(34_900, 2_000)).toBe(34_000);
    expect(toCrates(500, 2_000, 8_100)).toBe(10_000);
  });

  it("fills the last crate in part where a load is less than three, as half of one is much of it then", () => {
    expect(loadOf(6_100, 2_000)).toBe(6_000);
    expect(loadOf(1_330, 2_000)).toBe(1_400);
    expect(loadOf(5_850, 2_000)).toBe(5_800);
    expect(loadOf(300, 2_000, 1_310)).toBe(1_400);
    expect(loadOf(1_000, 2_000, 8_100)).toBe(10_000);
    // Dozens: a tenth of twelve is one piece; crates of one are always whole.
    expect(loadOf(5.4, 12)).toBe(5);
    expect(loadOf(2.4, 1)).toBe(2);
    expect(loadOf(0, 2_000)).toBe(0);
  });

  const load = (wanted: number, promised: number, first: number): Load => ({
    wanted,
    promised,
    worth: (crate) => first / crate,
  });

  it("takes everything while there is room, and never leaves what is promised", () => {
    expect(loadVan([load(5, 1, 100), load(2, 3, 10)], undefined)).toEqual([5, 3]);
    expect(loadVan([load(5, 2, 100), load(2, 2, 10)], 1)).toEqual([2, 2]);
  });

  it("takes what is wanted beyond what pays, as long as there is room", () => {
    const more: Load = { wanted: 4, promised: 0, worth: (crate) => 25 - 10 * crate };
    expect(loadVan([more, load(2, 0, 10)], 10)).toEqual([4, 2]);
    expect(loadVan([more, load(2, 0, 10)], 4)).toEqual([2, 2]);
  });

  it("gives the room to the crates that earn most", () => {
    expect(loadVan([load(5, 0, 100), load(5, 0, 20)], 4)).toEqual([4, 0]);
    expect(loadVan([load(5, 0, 100), load(5, 0, 60)], 4)).toEqual([3, 1]);
  });
});
