import { forecastPanel } from "@almanac/forecasting";
import { idFromName, seededRng, type FarmId, type ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import {
  chooseTold,
  explain,
  isUnusual,
  mostToldInWeek,
  standingOut,
  surprisingDays,
  unusualFrom,
  type DayFacts,
  type DayOfProduct,
} from "./judge-day.ts";
import { surpriseOf } from "./surprise.ts";

const farmId = idFromName<FarmId>("test/farm", "hollow-oak");
const idOf = (name: string) => idFromName<ProductId>("test/product", name);

const dayOfProduct = (soldBase: number, more: Partial<DayOfProduct> = {}): DayOfProduct => ({
  farmId,
  productId: idOf("tomato"),
  p10: 25_000,
  p50: 29_000,
  p90: 33_000,
  soldBase,
  largestBase: 2_000,
  priceCents: 400,
  isAway: false,
  ...more,
});

const nothingKnown: DayFacts = { holiday: undefined, isWet: false, gone: new Map(), asked: new Map() };
const surprising = (product: DayOfProduct) => surprisingDays([product])[0]!;
const reasonOf = (product: DayOfProduct, facts: Partial<DayFacts> = {}) =>
  explain(surprising(product), { ...nothingKnown, ...facts }).reason;

describe("the surprise of a day", () => {
  it("is 1 and -1 at the bounds, 0 in the middle, and grows with the distance", () => {
    const bounds = { p10: 16, p50: 36, p90: 49 };
    expect(surpriseOf(49, bounds)).toBeCloseTo(1, 12);
    expect(surpriseOf(16, bounds)).toBeCloseTo(-1, 12);
    expect(surpriseOf(36, bounds)).toBe(0);
    expect(surpriseOf(360, bounds)).toBeGreaterThan(surpriseOf(100, bounds));
  });

  it("takes a tenth of the amount as the least that counts, where a forecast is sure of itself", () => {
    expect(Math.abs(surpriseOf(1_050, { p10: 1_000, p50: 1_000, p90: 1_000 }))).toBeLessThan(1);
    expect(surpriseOf(5, { p10: 0, p50: 0, p90: 0 })).toBe(Infinity);
    expect(surpriseOf(0, { p10: 0, p50: 0, p90: 0 })).toBe(0);
  });
});

describe("unusual days", () => {
  /** Sixty market days of a product with twenty planted, of which half are too high; the holiday is the last but two. */
  function watch(seed: number) {
    const rng = seededRng(seed);
    const usual = Array.from({ length: 110 }, (_, t) =>
      Math.round(40_000 * (1 + 0.2 * Math.sin(t / 8)) * Math.exp(0.12 * rng.normal())),
    );
    const planted = new Set([
      52, 55, 58, 61, 63, 66, 69, 72, 75, 78, 81, 84, 87, 90, 93, 96, 99, 102, 105, 108,
    ]);
    const closed = 107;
    const seen = { hits: 0, alarms: 0, ofClosure: 0 };
    for (let t = 50; t < 110; t++) {
      // What was told before was answered: the past is as it really was.
      const past = { id: "tomato", values: usual.slice(0, t), season: 1, horizon: 1 };
      const [forecast] = forecastPanel([past], { model: "theta" });
      const [p10, p50, p90] = forecast!.quantiles.map(({ values }) => values[0]!);
      const soldBase = t === closed ? 0 : planted.has(t) ? usual[t]! * (t % 2 === 0 ? 2.5 : 0.2) : usual[t]!;
      const found = surprisingDays([dayOfProduct(soldBase, { p10: p10!, p50: p50!, p90: p90! })]);
      const holiday = t === closed ? "Thanksgiving on 27 November" : undefined;
      const told = found.filter((one) => explain(one, { ...nothingKnown, holiday }).reason === "none").length;
      seen.alarms += told;
      if (planted.has(t)) seen.hits += told;
      if (t === closed) seen.ofClosure += told;
    }
    return seen;
  }

  it.each([1, 5, 12, 31, 77])(
    "are told with a precision of nine in ten of twenty planted ones in sixty days, the holiday closure not: seed %i",
    (seed) => {
      const { hits, alarms, ofClosure } = watch(seed);
      expect(ofClosure).toBe(0);
      expect(hits / alarms).toBeGreaterThanOrEqual(0.9);
      expect(hits).toBeGreaterThanOrEqual(18);
    },
  );

  it("begin at the published distances", () => {
    expect(isUnusual(unusualFrom.more)).toBe(true);
    expect(isUnusual(-unusualFrom.less)).toBe(true);
    expect(isUnusual(unusualFrom.more - 0.01)).toBe(false);
    expect(isUnusual(-unusualFrom.less + 0.01)).toBe(false);
  });

  it("are of the stall where all that always sells sold nothing, and none where the farm had said so", () => {
    const three = ["tomato", "basil", "beans"].map((name) => dayOfProduct(0, { productId: idOf(name) }));
    const found = surprisingDays(three);
    expect(found.map(({ isStall }) => isStall)).toEqual([true, true, true]);
    expect(explain(found[0]!, nothingKnown).reason).toBe("stall");
    expect(
      surprisingDays([...three.slice(0, 2), dayOfProduct(27_000)]).map(({ isStall }) => isStall),
    ).toEqual([false, false]);
    expect(surprisingDays(three.map((one) => ({ ...one, isAway: true })))).toEqual([]);
  });

  it("are explained by what points their way, and not by what points the other", () => {
    const tomato = idOf("tomato");
    const gone = new Map([[tomato, "Sold out since Sat 16 Aug, 10:40"]]);
    const asked = (cents: number) => new Map([[tomato, { orderedCents: cents, walkInCents: cents }]]);
    expect(reasonOf(dayOfProduct(5_000))).toBe("none");
    expect(reasonOf(dayOfProduct(5_000), { gone })).toBe("sold out");
    expect(reasonOf(dayOfProduct(70_000), { gone })).toBe("none");
    expect(reasonOf(dayOfProduct(70_000), { asked: asked(300) })).toBe("price");
    expect(reasonOf(dayOfProduct(5_000), { asked: asked(300) })).toBe("none");
    expect(reasonOf(dayOfProduct(5_000), { asked: asked(500) })).toBe("price");
    expect(reasonOf(dayOfProduct(5_000), { isWet: true })).toBe("weather");
    expect(reasonOf(dayOfProduct(70_000), { isWet: true })).toBe("none");
    expect(reasonOf(dayOfProduct(70_000), { holiday: "Easter on 20 April" })).toBe("holiday");
  });

  it("ten times as much are excused by nothing", () => {
    const asked = new Map([[idOf("tomato"), { orderedCents: 300, walkInCents: 300 }]]);
    expect(reasonOf(dayOfProduct(290_000), { asked, holiday: "Easter on 20 April" })).toBe("none");
  });

  it("are told so many a week at most, the most surprising first; a stall counts as one", () => {
    const days = [140_000, 290_000, 90_000, 200_000].map((soldBase, at) => {
      const one = surprising(dayOfProduct(soldBase, { productId: idOf(String(at)) }));
      return { ...one, ...explain(one, nothingKnown) };
    });
    const sold = (toldInWeek: number) =>
      [...chooseTold(days, toldInWeek)].map(({ product }) => product.soldBase);
    expect(sold(0)).toEqual([290_000, 200_000, 140_000]);
    expect(sold(mostToldInWeek - 1)).toEqual([290_000]);
    expect(sold(mostToldInWeek)).toEqual([]);
    const stall = days.map((one) => ({ ...one, reason: "stall" as const }));
    expect(chooseTold(stall, mostToldInWeek - 1).size).toBe(4);
    expect(chooseTold([{ ...days[0]!, reason: "holiday" as const }], 0).size).toBe(0);
  });

  it("name the entry that most of them comes from", () => {
    expect(standingOut(dayOfProduct(160_000, { largestBase: 140_000 }), 5)).toBe(140_000);
    expect(standingOut(dayOfProduct(160_000, { largestBase: 8_000 }), 5)).toBeNull();
    expect(standingOut(dayOfProduct(2_000, { largestBase: 2_000 }), -5)).toBeNull();
  });
});
