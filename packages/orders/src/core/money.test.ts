import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId, type FarmId } from "@almanac/kernel";
import { marketFeeCents } from "./fees.ts";
import { owedToFarms, postingsToReach, sumOf, type LedgerRow, type OrderWorth } from "./ledger.ts";
import { planOrder } from "./order-plan.ts";
import { lineTotalCents, totalsOf, type PricedLine } from "./pricing.ts";

const tomato: PricedLine = {
  quantityBase: 1500,
  unitPriceCents: 490,
  unitPricePer: 1000,
  isWeighed: true,
};
const basil: PricedLine = {
  quantityBase: 1,
  unitPriceCents: 250,
  unitPricePer: 1,
  isWeighed: false,
};
const mozzarella: PricedLine = { ...basil, unitPriceCents: 600 };

const anyLine: fc.Arbitrary<PricedLine> = fc.record({
  quantityBase: fc.integer({ min: 1, max: 9000 }),
  unitPriceCents: fc.integer({ min: 0, max: 5000 }),
  unitPricePer: fc.constantFrom(1, 100, 1000),
  isWeighed: fc.boolean(),
});

describe("pricing a basket", () => {
  it("estimates two tomatoes, a basil and a mozzarella at 15.85 and holds 16.96", () => {
    expect(lineTotalCents(tomato)).toBe(735);
    expect(totalsOf([tomato, basil, mozzarella])).toEqual({ subtotalCents: 1585, holdCents: 1696 });
  });

  it("re-prices to 18.35 and 19.46 when a second basil is added", () => {
    const changed = totalsOf([tomato, { ...basil, quantityBase: 2 }, mozzarella]);
    expect(changed).toEqual({ subtotalCents: 1835, holdCents: 1946 });
  });

  it("charges 7.42 for 1.515 kg at 4.90 and holds nothing more for it once weighed", () => {
    const weighed = { ...tomato, weighedBase: 1515 };
    expect(lineTotalCents(weighed)).toBe(742);
    expect(totalsOf([weighed, { ...basil, quantityBase: 2 }, mozzarella])).toEqual({
      subtotalCents: 1842,
      holdCents: 1842,
    });
  });

  it("takes a discount off, but never pays the shopper", () => {
    expect(lineTotalCents({ ...basil, discountCents: 50 })).toBe(200);
    expect(lineTotalCents({ ...basil, discountCents: 900 })).toBe(0);
  });

  it("refuses an order that comes to more than the books can hold", () => {
    const farmId = newId<FarmId>();
    const gold = { ...basil, farmId, unitPriceCents: 10_000_000 };
    expect(planOrder([{ ...gold, quantityBase: 100 }], 500).subtotalCents).toBe(1_000_000_000);
    expect(() => planOrder([{ ...gold, quantityBase: 101 }], 500)).toThrow(
      "A sale comes to at most 10000000.00",
    );
  });

  it("is nothing for an empty basket", () => {
    expect(totalsOf([])).toEqual({ subtotalCents: 0, holdCents: 0 });
  });

  it("holds at least the subtotal and at most 15 % and a cent more, in any order of lines", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), (lines) => {
        const { subtotalCents, holdCents } = totalsOf(lines);
        expect(holdCents).toBeGreaterThanOrEqual(subtotalCents);
        expect(holdCents).toBeLessThan(subtotalCents * 1.15 + 1);
        expect(totalsOf(lines.toReversed())).toEqual({ subtotalCents, holdCents });
      }),
    );
  });
});

describe("the market's fee", () => {
  it.each([
    [742, 37],
    [500, 25],
    [600, 30],
    [750, 38],
    [0, 0],
  ])("takes 5 %% of %d cents as %d", (subtotalCents, feeCents) => {
    expect(marketFeeCents(subtotalCents, 500)).toBe(feeCents);
  });
});

const [hollowOak, fernBank, wheyStreet] = [newId<FarmId>(), newId<FarmId>(), newId<FarmId>()];

const worthOf = (farms: [FarmId, number][], receivedCents: number): OrderWorth => ({
  farms: farms.map(([farmId, subtotalCents]) => ({
    farmId,
    subtotalCents,
    feeCents: marketFeeCents(subtotalCents, 500),
  })),
  receivedCents,
});

const anyWorth: fc.Arbitrary<OrderWorth> = fc
  .record({
    farms: fc.uniqueArray(
      fc.tuple(fc.constantFrom(hollowOak, fernBank, wheyStreet), fc.integer({ min: 0, max: 9999 })),
      {
        selector: ([farmId]) => farmId,
      },
    ),
    receivedCents: fc.integer({ min: 0, max: 9999 }),
  })
  .map(({ farms, receivedCents }) => worthOf(farms, receivedCents));

describe("the money ledger of an order", () => {
  it("gives the farms 7.05, 4.75 and 5.70 of 18.42 and the market .92", () => {
    const placed = postingsToReach(
      [],
      worthOf(
        [
          [hollowOak, 735],
          [fernBank, 500],
          [wheyStreet, 600],
        ],
        0,
      ),
    );
    const settled = [
      ...placed,
      ...postingsToReach(
        placed,
        worthOf(
          [
            [hollowOak, 742],
            [fernBank, 500],
            [wheyStreet, 600],
          ],
          1842,
        ),
      ),
    ];
    expect(Object.fromEntries(owedToFarms(settled))).toEqual({
      [hollowOak]: 705,
      [fernBank]: 475,
      [wheyStreet]: 570,
    });
    expect(sumOf(settled.filter((row) => row.account === "market"))).toBe(-92);
    expect(sumOf(settled.filter((row) => row.account === "provider"))).toBe(1842);
    expect(sumOf(settled.filter((row) => row.account === "shopper"))).toBe(0);
    expect(sumOf(settled)).toBe(0);
  });

  it("sums to zero after every transaction of any life of an order", () => {
    fc.assert(
      fc.property(fc.array(anyWorth, { minLength: 1, maxLength: 8 }), (life) => {
        const written: LedgerRow[] = [];
        for (const worth of life) {
          const rows = postingsToReach(written, worth);
          expect(sumOf(rows)).toBe(0);
          written.push(...rows);
        }
        expect(sumOf(written)).toBe(0);
      }),
      { numRuns: 10_000 },
    );
  });

  it("is right about every farm whatever was posted before, and posts nothing twice", () => {
    fc.assert(
      fc.property(anyWorth, anyWorth, (before, after) => {
        const written = postingsToReach([], before);
        const all = [...written, ...postingsToReach(written, after)];
        for (const farm of after.farms) {
          expect(owedToFarms(all).get(farm.farmId) ?? 0).toBe(farm.subtotalCents - farm.feeCents);
        }
        expect(postingsToReach(all, after)).toEqual([]);
      }),
    );
  });

  it("reverses a cancelled order exactly, account by account and farm by farm", () => {
    fc.assert(
      fc.property(anyWorth, (worth) => {
        const written = postingsToReach([], worth);
        const all = [...written, ...postingsToReach(written, { farms: [], receivedCents: 0 })];
        for (const account of ["shopper", "farm", "market", "provider"]) {
          for (const farmId of [hollowOak, fernBank, wheyStreet, null]) {
            expect(sumOf(all.filter((row) => row.account === account && row.farmId === farmId))).toBe(0);
          }
        }
      }),
    );
  });

  it("names money that shrinks a refund and money that grows a sale", () => {
    const placed = postingsToReach([], worthOf([[fernBank, 500]], 0));
    expect(placed.map((row) => row.kind)).toEqual(["sale", "sale", "fee", "fee"]);
    const less = postingsToReach(placed, worthOf([[fernBank, 250]], 0));
    expect(less.map((row) => row.kind)).toEqual(["refund", "refund", "fee", "fee"]);
  });
});
