import { dayNumber, latitudeClimatology, weatherColumns } from "@almanac/forecasting";
import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { causeWords } from "./cause-words.ts";
import { marketCauses } from "./market-causes.ts";
import { plannedPriceWords } from "./planned-price-words.ts";
import { learnMarket, priceColumn, reckonCauses } from "./reckon-causes.ts";
import { reckonSeries, type SeriesOf, type StallOf } from "./reckon-series.ts";

/** Saturdays of three years up to 22 November 2025, the last before Thanksgiving, which is to be forecast. */
const first = dayNumber(2022, 11, 19);
const days = Array.from({ length: 158 }, (_, week) => first + 7 * week);
const past = days.length - 1;
const thanksgiving = new Set([dayNumber(2022, 11, 19), dayNumber(2023, 11, 18), dayNumber(2024, 11, 23)]);

interface World {
  /** Factors: of the Saturday before Thanksgiving, of a wet day, of one percent of price. */
  readonly feast?: number;
  readonly rain?: number;
  readonly elasticity?: number;
  readonly seed?: number;
}

function stall({ feast = 1, rain = 1, elasticity = 0, seed = 1 }: World, products = 12): StallOf {
  const rng = seededRng(seed);
  const readings = days.map((day) => ({ day, rainMm: rng.next() < 0.35 ? 5 : 0, temperatureC: null }));
  readings.at(-1)!.rainMm = 5;
  const series = Array.from({ length: products }, (_, at): SeriesOf => {
    const level = 2_000 + 500 * at;
    const prices = Float64Array.from(days, (_, t) => (Math.floor((t + 5 * at) / 9) % 3 === 0 ? 440 : 490));
    prices[past] = 440;
    const demand = Float64Array.from({ length: past }, (_, t) => {
      const season = 1 + 0.2 * Math.sin((2 * Math.PI * days[t]!) / 365.25);
      const moved = (thanksgiving.has(days[t]!) ? feast : 1) * (readings[t]!.rainMm > 0 ? rain : 1);
      return level * season * moved * (prices[t]! / 480) ** elasticity * Math.exp(0.08 * rng.normal());
    });
    return { key: String(at), demand, prices };
  });
  const weather = weatherColumns(readings, latitudeClimatology(42), first, days.at(-1)! - first + 1);
  return { days, past, region: "us", weather, series };
}

const all = new Set(Array.from({ length: 12 }, (_, at) => String(at)));
/** Factor of the day to come, beside what is usual. */
const ahead = (world: World) =>
  [...reckonSeries(stall(world), all, 8).values()].map(({ moved }) => Math.exp(moved[past]!));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("what a forecast reckons with", () => {
  it("is what the market's past shows: rain that takes 30 %, a price that counts", () => {
    const found = [...reckonSeries(stall({ rain: 0.7, elasticity: -1.5 }), all, 8).values()];
    expect(found).toHaveLength(12);
    for (const one of found) {
      expect(one.share).toBe(1);
      const rain = one.coefficients[one.market.causes.findIndex(({ name }) => name === "rain")]!;
      expect(Math.abs(Math.exp(rain) - 0.7)).toBeLessThan(0.1);
      expect(Math.abs(one.coefficients.at(-1)! + 1.5)).toBeLessThan(0.7);
    }
  });

  it("knows the last market before a feast by the years before, drawn towards nothing", () => {
    const with60 = mean(ahead({ feast: 1.6, rain: 0.7 }));
    const with0 = mean(ahead({ rain: 0.7 }));
    expect(with60 / with0).toBeGreaterThan(1.1);
    expect(with60 / with0).toBeLessThan(1.65);
  });

  it.each([1, 2, 3, 4])("is next to nothing where chance alone moved demand (seed %i)", (seed) => {
    for (const factor of ahead({ seed })) expect(Math.abs(factor - 1)).toBeLessThan(0.08);
  });

  it("judges by what was known before the judged days", () => {
    const [one] = reckonSeries(stall({ rain: 0.7 }), all, 8).values();
    expect(one!.before).toBeDefined();
    const { series, ...rest } = stall({ rain: 0.7 });
    const later = series.map((own) => ({
      ...own,
      demand: own.demand.map((value, t) => (t >= past - 8 ? 9 * value : value)),
    }));
    const [other] = reckonSeries({ ...rest, series: later }, all, 8).values();
    expect([...other!.before!.coefficients]).toEqual([...one!.before!.coefficients]);
  });

  it("is nothing for a young stall, for what sells now and then, and without anything to sell", () => {
    const { series, ...rest } = stall({ rain: 0.7 });
    const short = series.map((own) => ({ ...own, demand: own.demand.slice(0, 30) }));
    expect(reckonSeries({ ...rest, days: days.slice(0, 31), past: 30, series: short }, all, 8).size).toBe(0);
    const rare = series.map((own) => ({
      ...own,
      demand: own.demand.map((value, t) => (t % 3 === 0 ? value : 0)),
    }));
    expect(reckonSeries({ ...rest, series: rare }, all, 8).size).toBe(0);
    expect(reckonSeries({ ...rest, series: [] }, all, 8).size).toBe(0);
  });

  it("stays finite for days that are all zero, not known, or one huge one", () => {
    const { series, ...rest } = stall({ rain: 0.7 });
    for (const odd of [
      () => 0,
      () => NaN,
      (t: number) => (t === 80 ? 1e12 : 1),
      (t: number) => (t % 2 === 0 ? NaN : 3),
    ]) {
      const [own, ...others] = series;
      const spoilt = [{ ...own!, demand: own!.demand.map((_, t) => odd(t)) }, ...others];
      for (const { moved } of reckonSeries({ ...rest, series: spoilt }, all, 8).values())
        expect(moved.every(Number.isFinite)).toBe(true);
    }
  });

  it("is told in words that carry the sums", () => {
    const world = stall({ feast: 1.6, rain: 0.7, elasticity: -1.5 });
    const [one] = reckonSeries(world, all, 8).values();
    const told = causeWords(one!, past, world.series[0]!.prices);
    const texts = told.map(({ text }) => text).join("; ");
    expect(texts).toMatch(/Rain: [23]\d % less/);
    expect(texts).toMatch(/Before Thanksgiving: \d\d % more/);
    expect(texts).toMatch(/Price \d+ % below usual: \d+ % more/);
  });

  it("tells a price that is planned with what it does, however little that is", () => {
    const world = stall({ elasticity: -1.5 });
    const [one] = reckonSeries(world, all, 8).values();
    const priced = (cents: number, who: "all" | "walk-ins" = "all") => {
      const prices = world.series[0]!.prices!.slice();
      prices[past] = cents;
      const [again] = reckonSeries({ ...world, series: [{ ...world.series[0]!, prices }] }, all, 8).values();
      return causeWords({ ...one!, moved: again?.moved ?? one!.moved }, past, prices, { cents, who }).find(
        ({ kind }) => kind === "price",
      )!.text;
    };
    expect(priced(420)).toMatch(/^Price 4\.20 planned, 1\d % below usual: about \d+ % more$/);
    expect(priced(475)).toMatch(/^Price 4\.75 planned, (\d % (above|below) usual|as usual): about /);
    expect(priced(475, "walk-ins")).toMatch(/^Price 4\.75 planned for walk-ins on the day itself, /);
  });

  it("believes a price no further than a quarter beyond what was ever asked, and says so", () => {
    const world = stall({ elasticity: -1.5 });
    const [one] = reckonSeries(world, all, 8).values();
    const effectAt = (cents: number) => {
      const prices = world.series[0]!.prices!.slice();
      prices[past] = cents;
      return priceColumn(prices, past)[past]!;
    };
    expect(effectAt(100)).toBe(effectAt(200));
    expect(effectAt(400)).toBeLessThan(effectAt(440));
    const prices = world.series[0]!.prices!.slice();
    prices[past] = 100;
    const [price] = causeWords(one!, past, prices, { cents: 100, who: "all" });
    expect(price!.text).toMatch(
      /^Price 1\.00 planned, 7\d % below usual: about \d+ % more, which is reckoned with in part/,
    );
  });

  it("tells a planned price without what it does where past sales do not show that", () => {
    const prices = new Float64Array([490, 490, 420]);
    expect(plannedPriceWords({ cents: 420, who: "all" }, { prices, at: 2, past: 2 })).toBe(
      "Price 4.20 planned, 14 % below usual: past sales do not show what that does, so it is not reckoned with",
    );
  });
});

describe("a market's causes", () => {
  it("are the holidays and the last market before each, whatever the rhythm of the market", () => {
    const weekly = marketCauses(days, { past, region: "us" });
    expect(weekly.feasts[past]).toEqual({ name: "Thanksgiving", isBefore: true });
    const daily = Array.from({ length: 400 }, (_, at) => dayNumber(2024, 12, 1) + at);
    const feastOn = (month: number, day: number) =>
      marketCauses(daily, { past: 390, region: "fr" }).feasts[dayNumber(2025, month, day) - daily[0]!];
    expect(feastOn(7, 14)).toEqual({ name: "Bastille Day", isBefore: false });
    expect(feastOn(7, 13)).toEqual({ name: "Bastille Day", isBefore: true });
    expect(feastOn(7, 12)).toBeUndefined();
  });

  it("have no weather where most days were not read", () => {
    const weather = weatherColumns([], latitudeClimatology(42), first, days.at(-1)! - first + 1);
    expect(
      marketCauses(days, { past, region: "us", weather }).causes.some(({ kind }) => kind === "weather"),
    ).toBe(false);
  });

  it("are not learned from nothing", () => {
    expect(learnMarket(marketCauses([], { past: 0, region: "us" }), [])).toBeUndefined();
    const causes = marketCauses(days, { past, region: "us" });
    const zeros = [{ demand: new Float64Array(past) }];
    expect(learnMarket(causes, zeros)).toBeUndefined();
    const learned = learnMarket(causes, stall({}).series)!;
    expect(reckonCauses(learned, { demand: new Float64Array(past) }).moved.every(Number.isFinite)).toBe(true);
  });
});
