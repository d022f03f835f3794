import type { CalendarDay, FarmId, MarketId, ProductId, VariantId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { advise } from "./advise.ts";
import {
  adviceTypes,
  type Advice,
  type AdviceType,
  type DayFacts,
  type FarmFacts,
  type ProductFacts,
} from "./facts.ts";
import { recentOf } from "./recent.ts";
import { loweredThreshold, raisedThreshold } from "./thresholds.ts";

const now = new Date("2025-08-13T13:00:00Z");
const saturday: DayFacts = {
  marketId: "riverside" as MarketId,
  marketName: "Riverside",
  day: "2025-08-16",
  startsAt: new Date("2025-08-16T10:00:00Z"),
  demand: { p10: 20_000, p50: 30_000, p90: 45_000 },
  orderedBase: 8_000,
};
const nextSaturday: DayFacts = {
  ...saturday,
  day: "2025-08-23",
  startsAt: new Date("2025-08-23T10:00:00Z"),
  orderedBase: 0,
};
const tomato: ProductFacts = {
  productId: "tomato" as ProductId,
  name: "Heirloom tomato",
  baseUnit: "g",
  isGrown: true,
  variantId: "by-weight" as VariantId,
  money: { price: 490, cost: 190, salvage: 40 },
  perBase: 1_000,
  isCostAssumed: false,
  onHandBase: 36_000,
  reservedBase: 8_000,
  crateBase: 2_000,
  lots: [],
  days: [saturday, nextSaturday],
  recent: { days: 8, soldOutDays: 0, soldDays: 8 },
};

function advised(change: Partial<ProductFacts>, farm: Partial<FarmFacts> = {}): Advice[] {
  return advise({
    farmId: "hollow-oak" as FarmId,
    now,
    today: "2025-08-13",
    leaning: 0,
    leastGainCents: {},
    products: [{ ...tomato, ...change }],
    ...farm,
  });
}

const oneOf = (type: AdviceType, found: readonly Advice[]): Advice | undefined =>
  found.find((advice) => advice.type === type);

describe("advice", () => {
  it("is to bring the .6667 quantile in whole crates, with the reason in numbers", () => {
    const bring = oneOf("BRING_TO_MARKET", advised({}));
    expect(bring).toMatchObject({ recommendedBase: 36_000, marketDay: "2025-08-16", priority: "MEDIUM" });
    expect(bring?.reasoning).toBe(
      "Bring 36 kg of Heirloom tomato to Riverside on Saturday 16 August: that is enough 7 of 10 times, which pays best at " +
        "what it earns and costs. Likely wanted: 30 kg, 8 kg of that ordered already.",
    );
    expect(bring?.gainCents).toBeGreaterThan(0);
  });

  it("says of what is brought how often that is enough, and of what is made that there is no more of it", () => {
    const reasonOf = (change: Partial<ProductFacts>) => oneOf("BRING_TO_MARKET", advised(change))!.reasoning;
    const thin = { price: 490, cost: 400, salvage: 40 };
    const booked = [{ ...saturday, demand: { p10: 8_000, p50: 8_000, p90: 8_100 }, orderedBase: 8_300 }];
    expect(reasonOf({ money: thin })).toContain("Bring 24 kg");
    expect(reasonOf({ money: thin })).toContain("that is enough 2 of 10 times");
    expect(reasonOf({ money: thin, days: booked, crateBase: 4_500 })).toContain(
      "that is nearly always enough",
    );
    const bread = { isGrown: false, onHandBase: 5_500 };
    expect(reasonOf(bread)).toContain(
      "Bring 13.5 kg of Heirloom tomato to Riverside on Saturday 16 August: that is all there is",
    );
  });

  it("brings more the more the farmer would rather not run out, and no more than the van takes", () => {
    const quantities = [-1, -0.5, 0, 0.5, 1].map(
      (leaning) => oneOf("BRING_TO_MARKET", advised({}, { leaning }))!.recommendedBase,
    );
    expect(quantities).toEqual(quantities.toSorted((a, b) => a - b));
    expect(quantities[0]).toBeLessThan(quantities[4]!);
    const capped = oneOf("BRING_TO_MARKET", advised({}, { vanCrates: 10 }));
    expect(capped).toMatchObject({ recommendedBase: 20_000, details: { isCapped: true } });
  });

  it("fills the last crate in part where little is sold, and has no more than that harvested", () => {
    const small = { ...saturday, demand: { p10: 800, p50: 1_200, p90: 1_800 }, orderedBase: 300 };
    const found = advised({ days: [small], onHandBase: 0 });
    expect(oneOf("BRING_TO_MARKET", found)).toMatchObject({ recommendedBase: 1_400 });
    expect(oneOf("HARVEST_MORE", found)).toMatchObject({ recommendedBase: 1_100 });
    const tight = advised({ days: [small], onHandBase: 500 }, { vanCrates: 1 });
    expect(oneOf("BRING_TO_MARKET", tight)).toMatchObject({
      recommendedBase: 1_400,
      details: { isCapped: false },
    });
  });

  it("brings the same in a van with room to spare as in one without limits, whatever is wanted and rather", () => {
    for (const p50 of [300, 900, 1_700, 2_300, 3_300, 5_100, 7_100, 30_000])
      for (const leaning of [-1, -0.3, 0, 0.4, 1]) {
        const days = [{ ...saturday, demand: { p10: 0.4 * p50, p50, p90: 1.9 * p50 }, orderedBase: 0 }];
        const bringIn = (farm: Partial<FarmFacts>) =>
          oneOf("BRING_TO_MARKET", advised({ days }, { leaning, ...farm }))!;
        const roomy = bringIn({ vanCrates: 1_000 });
        expect(roomy).toEqual(bringIn({}));
        expect(roomy.reasoning).not.toContain("the van has no room");
      }
  });

  it("brings no more than there are hands for, and says so", () => {
    const capped = oneOf("BRING_TO_MARKET", advised({}, { vanCrates: 12, handsCrates: 7 }));
    expect(capped).toMatchObject({ recommendedBase: 14_000, details: { isCapped: true } });
    expect(capped?.reasoning).toContain("there are no hands to pick and pack more");
    const promised = oneOf("BRING_TO_MARKET", advised({}, { handsCrates: 0 }));
    expect(promised?.recommendedBase).toBe(8_000);
  });

  it("brings more of what keeps until the market day after, and says so; as much as ever of what does not", () => {
    const bringOf = (change: Partial<ProductFacts>) => oneOf("BRING_TO_MARKET", advised(change))!;
    const fresh = bringOf({ shelfLifeDays: 7 });
    expect(fresh.recommendedBase).toBe(bringOf({}).recommendedBase);
    const kept = bringOf({ shelfLifeDays: 8 });
    expect(kept.recommendedBase).toBeGreaterThan(fresh.recommendedBase);
    expect(kept.reasoning).toContain("what is left keeps until the next market day");
    expect(bringOf({ shelfLifeDays: 8, days: [saturday] }).recommendedBase).toBe(fresh.recommendedBase);
  });

  it("restocks what keeps a day up to what is best for that day, and carries no safety stock of it", () => {
    const bread = {
      isGrown: false,
      onHandBase: 0,
      reservedBase: 0,
      days: [{ ...saturday, orderedBase: 0 }, nextSaturday],
    };
    const restockOf = (shelfLifeDays?: number) =>
      oneOf("RESTOCK", advised({ ...bread, ...(shelfLifeDays !== undefined && { shelfLifeDays }) }))!
        .recommendedBase;
    expect(restockOf(1)).toBe(36_000);
    expect(restockOf(7)).toBe(36_000);
    // Twice the mean of demand, which is above its middle of 30 kg, in crates of two kilograms, and the safety stock.
    expect(restockOf(30)).toBeGreaterThan(64_000);
    expect(restockOf(30)).toBe(restockOf());
    const fresh = oneOf("RESTOCK", advised({ ...bread, onHandBase: 11_000, shelfLifeDays: 1 }))!;
    expect(fresh.recommendedBase).toBe(26_000);
    expect(fresh.reasoning).toContain("and what is left does not keep until the one after.");
    const hilltop = { ...saturday, marketId: "hilltop" as MarketId, marketName: "Hilltop" };
    const days = [{ ...saturday, orderedBase: 0 }, hilltop, nextSaturday];
    // Twice 36 kg, of which 8 kg are ordered, and put aside.
    expect(oneOf("RESTOCK", advised({ ...bread, days, shelfLifeDays: 1 }))!.recommendedBase).toBe(64_000);
  });

  it("sees all markets of a day: for what is restocked, for a lower price, and for what nobody buys", () => {
    const hilltop = { ...saturday, marketId: "hilltop" as MarketId, marketName: "Hilltop" };
    const unordered = { ...saturday, orderedBase: 0 };
    const jam = { isGrown: false, onHandBase: 0, reservedBase: 0 };
    const restockOf = (days: readonly DayFacts[], onHandBase = 0) =>
      oneOf("RESTOCK", advised({ ...jam, onHandBase, days: [...days] }));
    const alone = restockOf([unordered])!;
    const both = restockOf([unordered, { ...hilltop, orderedBase: 0 }])!;
    // Twice the mean of two markets; what it is safe to have beside it grows less than that.
    expect(both.recommendedBase).toBeGreaterThan(1.8 * alone.recommendedBase);
    expect(both.recommendedBase).toBeLessThan(2 * alone.recommendedBase);
    expect(restockOf([unordered], 50_000)).toBeUndefined();
    expect(restockOf([unordered, { ...hilltop, orderedBase: 0 }], 50_000)).toBeDefined();

    const lots = [{ quantityBase: 70_000, bestBefore: "2025-08-18" }];
    const leftOf = (days: readonly DayFacts[]) =>
      oneOf("MARK_DOWN", advised({ onHandBase: 70_000, lots, elasticity: -2.5, days: [...days] }))
        ?.recommendedBase;
    expect(leftOf([unordered, hilltop, nextSaturday])).toBeLessThan(leftOf([unordered, nextSaturday])!);

    const unsold = { recent: { days: 8, soldOutDays: 0, soldDays: 1 } };
    expect(oneOf("STOP_SELLING", advised({ ...unsold, days: [unordered, hilltop] }))).toBeUndefined();
  });

  it("restocks nothing that each sale loses money by", () => {
    const money = { price: 490, cost: 600, salvage: 40 };
    const found = advised({ isGrown: false, onHandBase: 0, reservedBase: 0, money });
    expect(found.map(({ type }) => type)).toContain("STOP_SELLING");
    expect(oneOf("RESTOCK", found)).toBeUndefined();
  });

  it("says nothing of a day that is planned or has come", () => {
    const planned = [{ ...saturday, plannedBase: 10_000 }];
    expect(oneOf("BRING_TO_MARKET", advised({ days: planned }))).toBeUndefined();
    expect(advised({ days: [saturday] }, { now: saturday.startsAt })).toEqual([]);
  });

  it("is to harvest what is missing beside what is put aside for orders, or less where there is more than enough", () => {
    expect(oneOf("HARVEST_MORE", advised({ onHandBase: 11_000 }))).toMatchObject({
      recommendedBase: 18_000,
      currentBase: 11_000,
      reasoning:
        "Harvest 18 kg of Heirloom tomato before Saturday 16 August: 36 kg should come along; in stock: 11 kg, " +
        "beside 8 kg put aside for orders.",
    });
    expect(oneOf("HARVEST_LESS", advised({ onHandBase: 80_000 }))?.recommendedBase).toBe(30_000);
    expect(advised({ onHandBase: 28_000 }).map(({ type }) => type)).toEqual(["BRING_TO_MARKET"]);
  });

  const hilltop: DayFacts = { ...saturday, marketId: "hilltop" as MarketId, marketName: "Hilltop" };

  it("is to harvest for what the farmer means to bring, whatever would be best", () => {
    const harvestOf = (plannedBase: number) =>
      oneOf("HARVEST_MORE", advised({ onHandBase: 2_000, days: [{ ...saturday, plannedBase }] }));
    expect(harvestOf(20_000)).toMatchObject({
      recommendedBase: 10_000,
      reasoning:
        "Harvest 10 kg of Heirloom tomato before Saturday 16 August: 20 kg should come along; in stock: 2 kg, " +
        "beside 8 kg put aside for orders.",
    });
    expect(harvestOf(50_000)!.recommendedBase).toBe(40_000);
    expect(harvestOf(4_000)).toBeUndefined();
  });

  it("is to harvest once for all markets of the next day, for what is missing of them together", () => {
    const days = [
      { ...saturday, orderedBase: 0, plannedBase: 36_000 },
      { ...hilltop, orderedBase: 0 },
      nextSaturday,
    ];
    const found = advised({ onHandBase: 30_000, days }).filter(({ type }) => type === "HARVEST_MORE");
    expect(found).toMatchObject([
      {
        recommendedBase: 42_000,
        marketId: "riverside",
        details: { otherMarketIds: ["hilltop"] },
        reasoning:
          "Harvest 42 kg of Heirloom tomato before Saturday 16 August: 72 kg should come along (36 kg to Riverside, " +
          "36 kg to Hilltop); in stock: 30 kg.",
      },
    ]);
    expect(oneOf("HARVEST_LESS", advised({ onHandBase: 80_000, days }))).toBeUndefined();
    expect(oneOf("HARVEST_LESS", advised({ onHandBase: 100_000, days }))?.recommendedBase).toBe(10_000);
  });

  const broughtOf = (found: readonly Advice[]): [string, number][] =>
    found
      .filter(({ type }) => type === "BRING_TO_MARKET")
      .map(({ marketId, recommendedBase }) => [marketId!, recommendedBase]);

  it("promises what is made to one market alone, there where it earns more", () => {
    const unordered = { ...saturday, orderedBase: 0 };
    const small = { ...hilltop, orderedBase: 0, demand: { p10: 5_000, p50: 10_000, p90: 15_000 } };
    const bread = { isGrown: false, onHandBase: 30_000 };
    const brought = broughtOf(advised({ ...bread, days: [unordered, small] }));
    expect(brought.map(([market]) => market).toSorted()).toEqual(["hilltop", "riverside"]);
    expect(brought.reduce((sum, [, quantity]) => sum + quantity, 0)).toBeLessThanOrEqual(30_000);
    const { hilltop: there, riverside } = Object.fromEntries(brought);
    expect(riverside).toBeGreaterThan(there!);
    // What is planned for one is not there for the other, nor on later days what the next should sell.
    const planned = [{ ...unordered, plannedBase: 26_000 }, small];
    expect(broughtOf(advised({ ...bread, days: planned }))).toEqual([["hilltop", 4_000]]);
    const later = { ...small, day: "2025-08-17" as const, startsAt: new Date("2025-08-17T10:00:00Z") };
    const [, sunday] = broughtOf(advised({ ...bread, days: [unordered, later] }));
    expect(sunday![1]).toBeLessThan(8_000);
  });

  it("has one van and two hands for all markets of a day, and takes off what is planned", () => {
    const days = [
      { ...saturday, orderedBase: 0 },
      { ...hilltop, orderedBase: 0 },
    ];
    const total = (farm: Partial<FarmFacts>) =>
      broughtOf(advised({ days }, farm)).reduce((sum, [, quantity]) => sum + quantity, 0);
    expect(total({})).toBe(72_000);
    expect(total({ vanCrates: 20 })).toBe(40_000);
    expect(total({ handsCrates: 10 })).toBe(20_000);
    const planned = [{ ...days[0]!, plannedBase: 30_000 }, days[1]!];
    expect(broughtOf(advised({ days: planned }, { vanCrates: 20 }))).toEqual([["hilltop", 10_000]]);
  });

  it("counts nothing twice that should still sell today: for the next market day, for a lower price, for giving away", () => {
    const harvest = oneOf("HARVEST_MORE", advised({ onHandBase: 21_000, sellingTodayBase: 10_000 }));
    expect(harvest).toMatchObject({ recommendedBase: 18_000, currentBase: 21_000 });
    expect(harvest?.reasoning).toContain(
      "in stock: 21 kg, of which about 10 kg should still sell today, beside 8 kg put aside for orders.",
    );
    expect(oneOf("HARVEST_LESS", advised({ onHandBase: 80_000, sellingTodayBase: 50_000 }))).toBeUndefined();
    const old = [{ quantityBase: 70_000, bestBefore: "2025-08-18" }];
    const wouldBeLeft = (sellingTodayBase: number) =>
      oneOf("MARK_DOWN", advised({ onHandBase: 70_000, lots: old, elasticity: -2.5, sellingTodayBase }));
    expect(wouldBeLeft(10_000)!.recommendedBase).toBeLessThan(wouldBeLeft(0)!.recommendedBase);
    expect(wouldBeLeft(70_000)).toBeUndefined();
    const last = [{ quantityBase: 9_000, bestBefore: "2025-08-14" }];
    const given = advised({ onHandBase: 60_000, lots: last, sellingTodayBase: 5_000 });
    expect(oneOf("DONATE", given)).toMatchObject({ recommendedBase: 4_000 });
    const jam = { isGrown: false, onHandBase: 14_000, days: [{ ...saturday, orderedBase: 0 }, nextSaturday] };
    expect(oneOf("RESTOCK", advised({ ...jam, sellingTodayBase: 10_000 }))!.reasoning).toContain(
      "there are about 4 kg once today's market is over, and below",
    );
  });

  it("is to restock what does not grow once it falls to the reorder point", () => {
    const jam = { isGrown: false, onHandBase: 4_000, reservedBase: 4_000 };
    const unordered = [{ ...saturday, orderedBase: 0 }, nextSaturday];
    const restockOf = (change: Partial<ProductFacts>) => oneOf("RESTOCK", advised({ ...jam, ...change }))!;
    expect(restockOf({}).reasoning).toContain("there are 12 kg, 8 kg of it put aside for orders, and below");
    expect(restockOf({}).recommendedBase).toBe(
      restockOf({ onHandBase: 12_000, days: unordered }).recommendedBase,
    );
    expect(oneOf("RESTOCK", advised({ ...jam, onHandBase: 90_000 }))).toBeUndefined();
    expect(oneOf("HARVEST_MORE", advised(jam))).toBeUndefined();
  });

  it("is to sell for less what will not keep, never for less than it is worth unsold", () => {
    const lots = [{ quantityBase: 70_000, bestBefore: "2025-08-18" }];
    const markDown = oneOf("MARK_DOWN", advised({ onHandBase: 70_000, lots, elasticity: -2.5 }));
    expect(markDown?.details).toMatchObject({ kind: "price", fromCents: 490 });
    expect(markDown?.gainCents).toBeGreaterThan(0);
    const dear = { price: 490, cost: 480, salvage: 470 };
    expect(oneOf("MARK_DOWN", advised({ onHandBase: 70_000, lots, money: dear }))).toBeUndefined();
    expect(oneOf("MARK_DOWN", advised({ onHandBase: 70_000 }))).toBeUndefined();
  });

  it("is to sell for less what is left beside what is put aside for orders", () => {
    const lots = [{ quantityBase: 40_000, bestBefore: "2025-08-18" }];
    const leftOf = (orderedBase: number): number =>
      oneOf(
        "MARK_DOWN",
        advised({ onHandBase: 40_000, lots, elasticity: -2.5, days: [{ ...saturday, orderedBase }] }),
      )!.recommendedBase;
    expect(leftOf(8_000)).toBeGreaterThan(leftOf(0));
  });

  it("is to give away what is lost before the next market day, and then not to sell it for less as well", () => {
    const lots = [{ quantityBase: 9_000, bestBefore: "2025-08-14" }];
    const found = advised({ onHandBase: 60_000, reservedBase: 55_000, lots });
    expect(oneOf("DONATE", found)).toMatchObject({ recommendedBase: 4_000, priority: "HIGH" });
    expect(oneOf("MARK_DOWN", found)).toBeUndefined();
  });

  it("is to give away what is best before tomorrow, whatever older is still on the books", () => {
    const lots = [
      { quantityBase: 1_000, bestBefore: "2025-08-10" },
      { quantityBase: 30_000, bestBefore: "2025-08-14" },
    ];
    const given = oneOf("DONATE", advised({ onHandBase: 31_000, reservedBase: 0, lots }));
    expect(given).toMatchObject({ recommendedBase: 30_000, priority: "HIGH" });
    expect(given!.reasoning).toContain("it is best before Thursday 14 August");
    expect(given!.validUntil).toEqual(new Date("2025-08-14T23:59:00Z"));
  });

  it("is to move between markets what is planned for the wrong one", () => {
    const hilltop = { ...saturday, marketId: "hilltop" as MarketId, marketName: "Hilltop", orderedBase: 0 };
    const days = [
      { ...saturday, plannedBase: 60_000 },
      { ...hilltop, plannedBase: 10_000 },
    ];
    const move = oneOf("REALLOCATE", advised({ days }));
    expect(move).toMatchObject({
      recommendedBase: 14_000,
      marketId: "hilltop",
      details: { kind: "move", fromMarketId: "riverside" },
    });
    expect(move?.gainCents).toBeGreaterThan(0);
    expect(
      oneOf("REALLOCATE", advised({ days: [{ ...saturday, plannedBase: 40_000 }, days[1]!] })),
    ).toBeUndefined();
  });

  it("is to plant more of what is sold out again and again, and to drop what nobody buys or what loses money", () => {
    expect(oneOf("PLANT", advised({ recent: { days: 8, soldOutDays: 3, soldDays: 8 } }))).toMatchObject({
      currentBase: 30_000,
      recommendedBase: 16_000,
      gainCents: 2_400,
      reasoning:
        "Plant more Heirloom tomato: it was sold out on 3 of the last 8 market days that had any. Another 16 kg a market day would find " +
        "buyers in a good week.",
    });
    expect(oneOf("PLANT", advised({ recent: { days: 8, soldOutDays: 2, soldDays: 8 } }))).toBeUndefined();
    const unordered = [{ ...saturday, orderedBase: 0 }];
    const unsold = { recent: { days: 8, soldOutDays: 0, soldDays: 1 }, days: unordered };
    expect(oneOf("STOP_SELLING", advised(unsold))).toMatchObject({ currentBase: 36_000, recommendedBase: 0 });
    expect(oneOf("STOP_SELLING", advised({ ...unsold, days: [saturday] }))).toBeUndefined();
    const losing = { money: { price: 100, cost: 190, salvage: 0 } };
    expect(oneOf("STOP_SELLING", advised(losing))?.reasoning).toContain("less than it costs");
    expect(oneOf("BRING_TO_MARKET", advised(losing))).toMatchObject({
      recommendedBase: saturday.orderedBase,
      reasoning: expect.stringContaining("that is what is ordered, and more would lose money") as string,
    });
    expect(oneOf("STOP_SELLING", advised({ ...losing, isCostAssumed: true }))).toBeUndefined();
  });

  it("does not drop what loses money on some days alone, at a price that was planned for them", () => {
    const money = { price: 150, cost: 190, salvage: 0 };
    const days = [
      { ...saturday, priceCents: 150 },
      { ...nextSaturday, priceCents: 490 },
    ];
    expect(oneOf("STOP_SELLING", advised({ money, days }))).toBeUndefined();
    const dear = { price: 490, cost: 190, salvage: 0 };
    expect(oneOf("STOP_SELLING", advised({ money: dear, days: days.slice(0, 1) }))).toBeUndefined();
    const cheap = days.map((day) => ({ ...day, priceCents: 180 }));
    expect(oneOf("STOP_SELLING", advised({ money, days: cheap }))).toBeDefined();
    // Lowered for all days that are known, and as before after them.
    expect(oneOf("STOP_SELLING", advised({ money, days: cheap, usualPriceCents: 490 }))).toBeUndefined();
    expect(oneOf("STOP_SELLING", advised({ money, days: cheap, usualPriceCents: 180 }))).toBeDefined();
  });

  it("does not drop what had nothing to sell on the days on which nobody bought it", () => {
    const ended = Array.from({ length: 10 }, (_, at) => ({
      marketId: "riverside",
      day: `2025-08-${10 + at}`,
    }));
    const sold = [
      { ...ended[1]!, soldBase: 5, soldOut: true },
      { ...ended[9]!, soldBase: 5, soldOut: false },
      { ...ended[3]!, soldBase: 5, soldOut: true },
    ];
    expect(recentOf(sold, ended, () => true)).toEqual({ days: 8, soldDays: 2, soldOutDays: 1 });
    const unsold = sold.slice(0, 1);
    const days = [{ ...saturday, orderedBase: 0 }];
    const asked = recentOf(unsold, ended, () => true);
    expect(oneOf("STOP_SELLING", advised({ recent: asked, days }))).toBeDefined();
    const there = recentOf(unsold, ended, ({ day }) => day < "2025-08-16");
    expect(there).toEqual({ days: 4, soldDays: 0, soldOutDays: 0 });
    expect(oneOf("STOP_SELLING", advised({ recent: there, days }))).toBeUndefined();
  });

  it("is of all nine types on a day on which each applies", () => {
    const other = (name: string, change: Partial<ProductFacts>): ProductFacts => ({
      ...tomato,
      name,
      productId: name as ProductId,
      ...change,
    });
    const lot = (quantityBase: number, bestBefore: CalendarDay) => [{ quantityBase, bestBefore }];
    const hilltop = { ...saturday, marketId: "hilltop" as MarketId, marketName: "Hilltop", orderedBase: 0 };
    const planned = [
      { ...saturday, plannedBase: 60_000 },
      { ...hilltop, plannedBase: 10_000 },
    ];
    const unordered = [{ ...saturday, orderedBase: 0 }];
    const products = [
      other("pepper", { onHandBase: 11_000 }),
      other("cabbage", { onHandBase: 80_000 }),
      other("jam", { isGrown: false, onHandBase: 4_000, reservedBase: 4_000 }),
      other("lettuce", { onHandBase: 70_000, lots: lot(70_000, "2025-08-18"), elasticity: -2.5 }),
      other("basil", { onHandBase: 60_000, reservedBase: 55_000, lots: lot(9_000, "2025-08-14") }),
      other("beans", { days: planned }),
      other("garlic", { recent: { days: 8, soldOutDays: 3, soldDays: 8 } }),
      other("radish", { days: unordered, recent: { days: 8, soldOutDays: 0, soldDays: 1 } }),
    ];
    const types = new Set(advised({}, { products }).map(({ type }) => type));
    expect([...types].toSorted()).toEqual(adviceTypes.toSorted());
  });

  it("that earns less than the farm finds worth it is left out", () => {
    expect(oneOf("HARVEST_MORE", advised({ onHandBase: 0 }))).toMatchObject({
      recommendedBase: 28_000,
      gainCents: 5_381,
    });
    const leastGainCents = { HARVEST_MORE: 10_000_000 };
    expect(oneOf("HARVEST_MORE", advised({ onHandBase: 0 }, { leastGainCents }))).toBeUndefined();
  });
});

describe("what a farm finds worth its while", () => {
  it("rises half way to what it refused for too much work, to a limit, and falls to what it took", () => {
    expect(raisedThreshold(0, 800, "too_much_work")).toBe(400);
    expect(raisedThreshold(400, 800, "too_little_gain")).toBe(600);
    expect(raisedThreshold(0, 50, "too_much_work")).toBe(100);
    expect(raisedThreshold(0, 1_000_000, "too_much_work")).toBe(5_000);
    expect(raisedThreshold(400, 800, "other_plans")).toBe(400);
    expect(loweredThreshold(600, 250)).toBe(250);
  });
});
