import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { latitudeClimatology } from "../weather/climatology.ts";
import { weatherColumns } from "../weather/weather-columns.ts";
import { demandFactors } from "./demand-factors.ts";
import {
  daysBefore,
  dayNumber,
  easterSunday,
  holidaysBetween,
  weekdayOf,
  type HolidayRegion,
} from "./holidays.ts";
import { dayColumns, marketDays, payDays } from "./known-days.ts";

const firstPeriod = dayNumber(2023, 1, 1);
const known = 730;
const horizon = 14;
const length = known + horizon;

/** Two years of a stall: weekdays, a summer, rain takes 30 %, a holiday brings 60 %, elasticity -1.2, promotions 40 %. */
function stall(seed: number) {
  const rng = seededRng(seed);
  const each = <T>(of: (t: number) => T): T[] => Array.from({ length }, (_, t) => of(t));
  const rainMm = each(() => (rng.next() < 0.3 ? 2 + 8 * rng.next() : 0));
  const price = each((t) => 4 * (1 + 0.2 * Math.sin(t / 17) + 0.1 * rng.next()));
  const promotion = each(() => Number(rng.next() < 0.1));
  const holidays = holidaysBetween("us", firstPeriod, firstPeriod + length);
  const feasts = new Set(Object.values(holidays).flat());
  const all = each(
    (t) =>
      60 *
      [1, 0.8, 0.9, 1, 1.4, 1.8, 1.2][(firstPeriod + t) % 7]! *
      (1 + 0.3 * Math.sin((2 * Math.PI * (firstPeriod + t)) / 365.25)) *
      (rainMm[t]! > 0 ? 0.7 : 1) *
      (feasts.has(firstPeriod + t) ? 1.6 : 1) *
      (price[t]! / 4) ** -1.2 *
      (promotion[t] === 1 ? 1.4 : 1) *
      Math.exp(0.15 * rng.normal()),
  );
  const readings = rainMm.map((mm, t) => ({ day: firstPeriod + t, rainMm: mm, temperatureC: null }));
  const weather = weatherColumns(readings, latitudeClimatology(42), firstPeriod, length);
  const days = { holiday: [...feasts].sort((a, b) => a - b) };
  return { all, sales: all.slice(0, known).map(Math.round), price, promotion, weather, days, rainMm };
}

describe("what moves demand", () => {
  it.each([1, 2, 3])(
    "is recovered: rain -30 % within 10 points, a holiday +60 % within 15 % (seed %i)",
    (seed) => {
      const { sales, weather, days, price, promotion } = stall(seed);
      const { effects } = demandFactors(sales, { firstPeriod, horizon, days, price, promotion, weather });
      const changeOf = (name: string): number => effects.find((effect) => effect.name === name)!.change;
      expect(Math.abs(changeOf("rain") + 0.3)).toBeLessThan(0.1);
      expect(Math.abs((1 + changeOf("holiday")) / 1.6 - 1)).toBeLessThan(0.15);
      expect(Math.abs(Math.log(1 + changeOf("price")) / Math.log(1.01) + 1.2)).toBeLessThan(0.2);
      expect(Math.abs(changeOf("promotion") - 0.4)).toBeLessThan(0.1);
      expect(effects.filter(({ isSure }) => isSure).map(({ name }) => name)).toEqual(
        expect.arrayContaining(["holiday", "price", "promotion", "rain"]),
      );
    },
  );

  it("is told in words, the largest reason of a day first", () => {
    const { sales, weather, days, price, rainMm } = stall(4);
    const next = firstPeriod + known;
    const fair = { ...days, fair: [next - 140, next - 70, next - 35, next + 2] };
    for (const day of fair.fair) if (day < next) sales[day - firstPeriod]! *= 3;
    const told = demandFactors(sales, { firstPeriod, horizon, days: fair, price, weather });
    const [first] = told.days[2]!.factors;
    expect(first).toMatchObject({ kind: "day", name: "fair" });
    expect(first!.text).toMatch(/^Fair: \d+ % more$/);
    const wet = rainMm.findIndex((mm, t) => t >= known && mm > 0) - known;
    expect(told.days[wet]!.factors.map(({ text }) => text).join()).toMatch(/Rain: \d\d % less/);
    expect(told.days.flatMap(({ factors }) => factors.map(({ text }) => text)).join()).toMatch(
      /Price \d+ % (above|below) usual: \d+ % (less|more)/,
    );
    expect(told.weather).toBe("read");
  });

  it("still forecasts when no weather is at hand, and says so", () => {
    const { sales, days, all } = stall(5);
    const { mean, weather, weatherText, effects } = demandFactors(sales, { firstPeriod, horizon, days });
    expect(weather).toBe("unavailable");
    expect(weatherText).toBe("Weather: unavailable");
    expect(effects.map(({ name }) => name)).toEqual(["holiday"]);
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum(mean) / sum(all.slice(known)) - 1)).toBeLessThan(0.3);
  });

  it("knows only the climate where the days ahead have no forecast, and does not speak of rain then as if it came", () => {
    const { sales, days, rainMm } = stall(6);
    const readings = rainMm.slice(0, known).map((mm, t) => ({
      day: firstPeriod + t,
      rainMm: mm,
      temperatureC: null,
    }));
    const weather = weatherColumns(readings, latitudeClimatology(42), firstPeriod, length);
    const told = demandFactors(sales, { firstPeriod, horizon, days, weather });
    expect(told.weather).toBe("usual");
    expect(told.days.flatMap(({ factors }) => factors.filter(({ name }) => name === "rain"))).toEqual([]);
  });

  it("keeps silent of what chance explains as well", () => {
    const { sales, days, weather } = stall(7);
    const rng = seededRng(70);
    const chance = Array.from({ length }, () => Number(rng.next() < 0.2));
    const { effects } = demandFactors(sales, { firstPeriod, horizon, days, weather, promotion: chance });
    expect(effects.find(({ name }) => name === "promotion")!.isSure).toBe(false);
  });

  it("refuses a column that does not reach over the horizon", () => {
    const { sales, price } = stall(8);
    const short = { firstPeriod, horizon, price: price.slice(0, known) };
    expect(() => demandFactors(sales, short)).toThrow('the column "price" has 730 values, not 744');
  });
});

describe("holidays by rule", () => {
  it.each([
    [1961, 4, 2],
    [2000, 4, 23],
    [2024, 3, 31],
    [2025, 4, 20],
    [2038, 4, 25],
    [2285, 3, 22],
  ])("know Easter of %i", (year, month, day) => {
    expect(easterSunday(year)).toBe(dayNumber(year, month, day));
  });

  const of = (region: HolidayRegion, year: number) =>
    holidaysBetween(region, dayNumber(year, 1, 1), dayNumber(year, 12, 31));

  it("know the moving days of the United States", () => {
    const { Thanksgiving, ...others } = of("us", 2025);
    expect(Thanksgiving).toEqual([dayNumber(2025, 11, 27)]);
    expect(others["Memorial Day"]).toEqual([dayNumber(2025, 5, 26)]);
    expect(others["Labor Day"]).toEqual([dayNumber(2025, 9, 1)]);
    expect(others["Martin Luther King Day"]).toEqual([dayNumber(2025, 1, 20)]);
    expect(of("us", 2020)).not.toHaveProperty("Juneteenth");
  });

  it("know those of European markets", () => {
    expect(of("de", 2024)["Ascension Day"]).toEqual([dayNumber(2024, 5, 9)]);
    expect(of("fr", 2024)["Whit Monday"]).toEqual([dayNumber(2024, 5, 20)]);
    expect(of("nl", 2025)["King's Day"]).toEqual([dayNumber(2025, 4, 26)]);
    expect(of("nl", 2013)["King's Day"]).toEqual([dayNumber(2013, 4, 30)]);
    expect(of("uk", 2025)["Summer bank holiday"]).toEqual([dayNumber(2025, 8, 25)]);
    expect(of("eu", 2026)["Good Friday"]).toEqual([dayNumber(2026, 4, 3)]);
  });

  it("know those of Australia", () => {
    expect(of("au", 2025)["Anzac Day"]).toEqual([dayNumber(2025, 4, 25)]);
    expect(of("au", 2025)).not.toHaveProperty("Thanksgiving");
  });

  it("are cut to the days asked for, and have days before them", () => {
    const day = dayNumber(2025, 11, 27);
    expect(holidaysBetween("us", day, day)).toEqual({ Thanksgiving: [day] });
    expect(holidaysBetween("us", day + 1, day)).toEqual({});
    expect(daysBefore({ Thanksgiving: [day] }, 2)).toEqual({ "before Thanksgiving": [day - 2, day - 1] });
  });
});

describe("pay days and market days", () => {
  it("are the last of a month, the first, both halves, or every other week", () => {
    const [from, to] = [dayNumber(2024, 2, 1), dayNumber(2024, 3, 5)];
    expect(payDays({ kind: "end-of-month" }, from, to, 1)).toEqual([dayNumber(2024, 2, 29)]);
    expect(payDays({ kind: "first-of-month" }, from, to, 1)).toEqual([from, dayNumber(2024, 3, 1)]);
    expect(payDays({ kind: "twice-a-month" }, from, to, 1)).toHaveLength(2);
    expect(payDays({ kind: "every-other-week", from: from - 14 }, from, to, 1)).toEqual([
      from,
      from + 14,
      from + 28,
    ]);
    expect(payDays({ kind: "end-of-month" }, from, to)).toEqual([
      from,
      from + 1,
      ...[0, 1, 2].map((k) => dayNumber(2024, 2, 29) + k),
    ]);
  });

  it("fall on the market's weekdays, less the days it is closed", () => {
    const from = dayNumber(2024, 7, 1);
    const days = marketDays([6, 3], from, from + 13, [from + 5]);
    expect(days.map(weekdayOf)).toEqual([3, 3, 6]);
  });

  it("become columns of days, and of weeks", () => {
    const named = { fair: [70, 71, 90] };
    expect(dayColumns(named, 70, 4)["fair"]).toEqual([1, 1, 0, 0]);
    expect(dayColumns(named, 10, 3, 7)["fair"]).toEqual([2, 0, 1]);
  });
});
