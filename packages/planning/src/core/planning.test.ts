import type { CalendarDay, MarketId, ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { accuracyByClass, accuracyOf } from "./accuracy.ts";
import { marketDaysOfYear } from "./days-of-year.ts";
import { demandHistories, type DemandHistory } from "./demand-history.ts";
import { driversOf } from "./drivers.ts";
import { meanDemand } from "./mean-demand.ts";
import type { Holiday } from "./holidays.ts";
import { weatherWords } from "./weather-words.ts";

const tomato = "tomato" as ProductId;
const riverside = "riverside" as MarketId;
const day = (text: string) => text as CalendarDay;

describe("the history of a product's demand", () => {
  const days = ["2025-08-16", "2025-08-02", "2025-08-09"].map((text) => ({
    marketId: riverside,
    day: day(text),
  }));

  it("has a 0 where nobody ordered, and nothing before the product was listed", () => {
    const sale = {
      productId: tomato,
      marketId: riverside,
      day: day("2025-08-16"),
      soldBase: 900,
      soldOut: true,
    };
    const [history] = demandHistories([{ productId: tomato, listedOn: day("2025-08-05") }], days, [sale]);
    expect(history).toMatchObject({
      days: ["2025-08-02", "2025-08-09", "2025-08-16"],
      sold: [null, 0, 900],
      soldOut: [false, false, true],
    });
  });

  it("is not there for what was never sold, and for another's product", () => {
    expect(demandHistories([{ productId: tomato, listedOn: day("2025-01-01") }], days, [])).toEqual([]);
    const sale = {
      productId: tomato,
      marketId: riverside,
      day: day("2025-08-16"),
      soldBase: 1,
      soldOut: false,
    };
    expect(demandHistories([], days, [sale])).toEqual([]);
  });
});

describe("the reasons of a forecast", () => {
  const around = { format: (base: number) => `${base} g`, holidays: [] };
  const history = (sold: readonly (number | null)[], soldOut: readonly number[] = []): DemandHistory => ({
    productId: tomato,
    marketId: riverside,
    days: sold.map((_, at) => day(new Date(Date.UTC(2025, 0, 4 + 7 * at)).toISOString().slice(0, 10))),
    sold,
    soldOut: sold.map((_, at) => soldOut.includes(at)),
  });

  it("tell the last days, a plain change, and days that hid demand", () => {
    const texts = driversOf(history([10, 10, 10, 10, 20, 20, 20, 20], [6, 7]), day("2025-03-01"), around).map(
      ({ text }) => text,
    );
    expect(texts.slice(0, 3)).toEqual([
      "The last 4 market days: 20 g, 20 g, 20 g, 20 g",
      "100 % more in the last four market days than in the four before",
      "Sold out early on 2 of the last 8 market days, so more was wanted than was sold",
    ]);
  });

  it("make nothing of a small change, and remember the year before", () => {
    const year = Array.from({ length: 54 }, (_, at) => (at === 2 ? 77 : 10));
    const texts = driversOf(history(year), day("2026-01-17"), around).map(({ kind, text }) => [kind, text]);
    expect(texts.slice(0, 2)).toEqual([
      ["recent", "The last 4 market days: 10 g, 10 g, 10 g, 10 g"],
      ["last_year", "A year before: 77 g"],
    ]);
  });

  const told = (kind: string, sold: readonly number[], on: string, holidays: readonly Holiday[] = []) =>
    driversOf(history(sold), day(on), { ...around, holidays }).find((driver) => driver.kind === kind)?.text;

  it("tell what the time of the year did, once a year and a half of it is known", () => {
    // Market days 30 to 34 sell twice the others; 365 days after day 31 is the Saturday of 8 August 2026.
    const year = Array.from({ length: 83 }, (_, at) => (at >= 29 && at <= 33 ? 20 : 10));
    expect(told("season", year, "2026-08-08")).toMatch(
      /^Season: at this time of last year \d\d % more was sold than over the whole year$/,
    );
    expect(
      told(
        "season",
        Array.from({ length: 83 }, () => 10),
        "2026-08-08",
      ),
    ).toMatch(/about as much was sold/);
    expect(told("season", year.slice(0, 40), "2025-10-11")).toMatch(/not known yet/);
  });

  it("name the holidays near it, and say that no weather is read", () => {
    expect(told("events", [10, 10], "2025-01-18")).toBe("Events: no holiday near it");
    const labourDay = [{ day: day("2025-09-01"), name: "Labor Day" }];
    expect(told("events", [10, 10], "2025-08-30", labourDay)).toMatch(/^Events: Labor Day near it/);
    expect(told("climate", [10, 10], "2025-08-30")).toBe("Weather: not available, so it is left out");
    expect(weatherWords({ temperatureC: 23.6, wetChance: 0.31, isRead: false })).toBe(
      "Weather: no forecast of it is read; usual are 24 °C and rain on 3 of 10 days",
    );
    expect(weatherWords({ temperatureC: 23.6, wetChance: 0.31, isRead: false, hasFailed: true })).toMatch(
      /^Weather: its service did not answer; usual are/,
    );
    expect(weatherWords({ temperatureC: 31, wetChance: 0.02, isRead: false })).toMatch(/hardly ever rain$/);
  });
});

describe("the reasons that a forecast reckons with", () => {
  const history: DemandHistory = {
    productId: tomato,
    marketId: riverside,
    days: [day("2025-11-15")],
    sold: [10],
    soldOut: [false],
  };
  const told = (surroundings: Partial<Parameters<typeof driversOf>[2]>) =>
    driversOf(history, day("2025-11-22"), { format: String, holidays: [], ...surroundings });

  it("are told with what they do, each under its kind", () => {
    const drivers = told({
      reckoned: [
        { kind: "events", text: "Before Thanksgiving: 35 % more" },
        { kind: "price", text: "Price 10 % above usual: 12 % less" },
        { kind: "events", text: "Pay day: 4 % more" },
        { kind: "weather", text: "Rain: 20 % less" },
      ],
      weather: { temperatureC: 4.2, wetChance: 1, isRead: true },
    });
    expect(drivers.slice(-3)).toEqual([
      { kind: "events", text: "Events: before Thanksgiving: 35 % more; pay day: 4 % more" },
      { kind: "price", text: "Price 10 % above usual: 12 % less" },
      { kind: "weather", text: "Weather: 4 °C and rain forecast; Rain: 20 % less" },
    ]);
  });

  it("leave out a holiday that past sales do not show, and say so", () => {
    const holidays = [{ day: day("2025-11-27"), name: "Thanksgiving" }];
    expect(told({ holidays }).find(({ kind }) => kind === "events")?.text).toBe(
      "Events: Thanksgiving near it; past sales do not show by how much that moves this, so it is not reckoned with",
    );
  });
});

describe("accuracy", () => {
  const row = (demandClass: "regular" | "intermittent", pastError: number, pastVolume: number) => ({
    demandClass,
    pastError,
    pastVolume,
    pastDays: 8,
    pastBias: -pastError / 2,
  });

  it("is one minus all errors over all sales of what sells regularly", () => {
    expect(accuracyOf([row("regular", 10, 100), row("regular", 20, 50)])).toBeCloseTo(0.8, 12);
    expect(accuracyOf([row("regular", 300, 100)])).toBe(0);
  });

  it("is not claimed for what sells now and then, nor from a few days, nor from nothing", () => {
    expect(accuracyOf([row("intermittent", 1, 100)])).toBeUndefined();
    expect(accuracyOf([{ ...row("regular", 1, 100), pastDays: 7 }])).toBeUndefined();
    expect(accuracyOf([row("regular", 0, 0)])).toBeUndefined();
  });

  it("is told apart for what sells regularly and what sells now and then, and claimed for the first alone", () => {
    const rows = [
      { ...row("regular", 10, 100), productId: "kale" },
      { ...row("regular", 20, 50), productId: "kale" },
      { ...row("regular", 0, 0), productId: "leeks" },
      { ...row("intermittent", 9, 10), productId: "kale" },
    ];
    // Kale is sold at three markets.
    expect(accuracyByClass(rows)).toEqual({
      regular: { products: 2, days: 24, wape: 0.2, bias: -0.1, accuracy: 0.8 },
      intermittent: { products: 1, days: 8, wape: 0.9, bias: -0.45, accuracy: null },
    });
    expect(accuracyByClass([]).regular).toEqual({
      products: 0,
      days: 0,
      wape: null,
      bias: null,
      accuracy: null,
    });
  });
});

describe("the market days of a year", () => {
  const saturdays = (weeks: number): CalendarDay[] =>
    Array.from({ length: weeks }, (_, week) =>
      day(new Date(Date.UTC(2024, 0, 6 + 7 * week)).toISOString().slice(0, 10)),
    );

  it("are 52 of a weekly market, fewer of one that rests in winter, 52 where no year is known", () => {
    expect(marketDaysOfYear(saturdays(80))).toBe(52);
    const open = saturdays(80).filter((one) => one.slice(5) > "03-31" && one.slice(5) < "12-24");
    expect(marketDaysOfYear(open)).toBe(38);
    expect(marketDaysOfYear(saturdays(30))).toBe(52);
    expect(marketDaysOfYear([])).toBe(52);
  });
});

describe("demand on average", () => {
  it("is the mean of what is normal on roots, above the middle", () => {
    // Roots with mean 4 and deviation 1: the mean is 16 + 1.
    const at = (deviations: number): number => (4 + deviations) ** 2;
    const told = { p10: at(-1.2816), p50: at(0), p90: at(1.2816) };
    expect(meanDemand(told)).toBeCloseTo(17, 1);
    expect(meanDemand({ p10: 5, p50: 5, p90: 5 })).toBe(5);
  });
});
