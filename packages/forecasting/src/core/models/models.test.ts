import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { forecastPanel } from "../panel/forecast-panel.ts";
import { prepare } from "../prepare.ts";
import type { History } from "../series.ts";
import { forecasterNamed } from "./all.ts";
import { filterEts } from "./ets/state-space.ts";
import { membersFor } from "./members.ts";
import { withWeek } from "../season/week.ts";
import { admissibleForms, fitAllForms } from "./ets/auto-ets.ts";

const historyOf = (values: readonly number[], season = 1): History => prepare({ values, season })!;
const predicted = (model: string, values: readonly number[], horizon: number, season = 1): number[] => {
  const history = historyOf(values, season);
  return [...forecasterNamed(model).fit(history).predict(horizon)].map((value) => value * history.scale);
};
const noise = (n: number, seed: number): number[] => {
  const rng = seededRng(seed);
  return Array.from({ length: n }, () => rng.next() + rng.next() + rng.next() - 1.5);
};

describe("baselines", () => {
  it("repeat the last value, the last season, the mean, the mean change", () => {
    expect(predicted("naive", [1, 5, 3], 2)).toEqual([3, 3]);
    expect(predicted("seasonal-naive", [1, 2, 3, 4, 5, 6], 4, 3)).toEqual([4, 5, 6, 4]);
    expect(predicted("mean", [1, 2, 6], 1)[0]).toBeCloseTo(3, 12);
    expect(predicted("drift", [1, 2, 5], 2)).toEqual([7, 9]);
  });

  it("takes the season into account where the M4 test finds one", () => {
    const values = Array.from({ length: 40 }, (_, t) => [10, 20, 30, 20][t % 4]!);
    const forecast = predicted("naive2", values, 5, 4);
    [10, 20, 30, 20, 10].forEach((value, k) => expect(forecast[k]).toBeCloseTo(value, 9));
  });
});

/** Hours whose days and weekdays differ, on a level that moves from week to week. */
const hoursOf = (weeks: number, weekend: number): number[] => {
  const away = noise(weeks * 168, 11);
  let level = 0;
  return away.map((value, t) => {
    level = 0.98 * level + value;
    const isWeekend = Math.floor(t / 24) % 7 > 4;
    return 100 + 30 * Math.sin((t * Math.PI) / 12) * (isWeekend ? weekend : 1) + 2 * level;
  });
};

describe("regression on lags", () => {
  const values = hoursOf(6, 0.2);
  const [history, next] = [values.slice(0, -48), values.slice(-48)];
  const missed = (model: string): number =>
    predicted(model, history, 48, 24).reduce((sum, value, k) => sum + Math.abs(value - next[k]!), 0) / 48;

  it("follows the day and the week of hours whose level moves, where the week before does not", () => {
    const weekBefore = history.slice(-168, -120);
    const naive = weekBefore.reduce((sum, value, k) => sum + Math.abs(value - next[k]!), 0) / 48;
    for (const model of ["lagged", "lagged-wide"]) {
      expect(missed(model)).toBeLessThan(0.8 * naive);
      expect(missed(model)).toBeLessThan(0.5 * missed("seasonal-naive"));
    }
  });

  it("has its forecasts of one step as fitted values", () => {
    const { fitted } = forecasterNamed("lagged").fit(historyOf(history, 24));
    const before = forecasterNamed("lagged").fit(historyOf(history, 24)).predict(1)[0]!;
    const scale = historyOf(history).scale;
    expect(fitted.slice(0, 169).every(Number.isNaN)).toBe(true);
    expect(fitted.slice(169).every(Number.isFinite)).toBe(true);
    expect(Math.abs(before * scale - next[0]!)).toBeLessThan(6);
  });
});

describe("members for hours", () => {
  it.each([1, 4])("know when a stall is closed, at %i periods an hour", (each) => {
    const open = (t: number): boolean => {
      const [hour, day] = [Math.floor(t / each) % 24, Math.floor(t / each / 24) % 7];
      return hour >= 8 && hour < 17 && day < 5;
    };
    const away = noise(26 * 24 * each, 3);
    const known = away.map((value, t) => (open(t) ? Math.round(10 + 2 * value) : 0));
    // It ends on a Friday: two days without anything follow, and a Monday.
    const [forecast] = forecastPanel([{ id: "a", values: known, season: 24 * each, horizon: 72 * each }]);
    const sumOf = (from: number, to: number): number =>
      forecast!.mean.slice(from * each, to * each).reduce((sum, value) => sum + value, 0) / each;
    expect(sumOf(0, 48)).toBeLessThan(0.1 * 2 * 90);
    expect(Math.abs(sumOf(48, 72) - 90)).toBeLessThan(15);
  });

  const membersOf = (values: readonly number[], season: number): string[] =>
    membersFor(withWeek(historyOf(values, season)), "regular").map(({ name }) => name);

  it("know a week where days of the week differ, and only there", () => {
    expect(membersOf(hoursOf(5, 0.2), 24)).toEqual([
      "lagged",
      "lagged-wide",
      "mstl-arima",
      "long-seasonal-naive",
    ]);
    expect(membersOf(hoursOf(5, 1), 24)).toEqual(["lagged", "lagged-wide", "seasonal-naive"]);
    expect(withWeek(historyOf(hoursOf(5, 0.2), 12)).longSeasons).toEqual([]);
    expect(withWeek(historyOf(hoursOf(2, 0.2), 24)).longSeasons).toEqual([]);
  });
});

describe("members for months and weekdays", () => {
  const namesOf = (length: number, season: number): string[] => {
    const values = Array.from({ length }, (_, t) => 50 + 10 * Math.sin((2 * Math.PI * t) / season));
    return membersFor(historyOf(values, season), "regular").map(({ name }) => name);
  };

  it("take the season by loess twice from twelve years on, and once from three", () => {
    expect(namesOf(144, 12)).toEqual([
      "theta",
      "ets-average",
      "mstl-arima",
      "mstl",
      "mstl-theta",
      "ces-average",
    ]);
    expect(namesOf(143, 12)).toEqual(["theta", "dotm", "ets-average", "arima-average", "mstl-theta"]);
    expect(namesOf(35, 12)).toEqual(["theta", "dotm", "ets-average", "arima-average"]);
  });

  it("take it once, with smoothing, for a week", () => {
    expect(namesOf(210, 7)).toEqual(["theta", "ets-average", "arima-average", "mstl-arima", "ces-average"]);
  });
});

describe("the year before", () => {
  /** Weeks from January on: nothing in winter, a crop that comes in over ten weeks from the 22nd, sold by sixes. */
  const crop = (t: number, level: number): number => {
    const week = t % 52;
    return week < 22 || week > 44 ? 0 : level * 6 * Math.min(1, (week - 21) / 10);
  };

  it("tells a crop that comes in from one season alone, where a level lags behind it", () => {
    const values = Array.from({ length: 52 + 26 }, (_, t) => crop(t, 1));
    const [next] = predicted("year-before", values, 1, 52);
    expect(Math.abs(next! - crop(78, 1))).toBeLessThan(0.6);
    expect(predicted("ses", values, 1, 52)[0]! - crop(78, 1)).toBeLessThan(-0.5);
  });

  it("tells the second season's level from its first weeks", () => {
    const values = Array.from({ length: 52 + 34 }, (_, t) => crop(t, t < 52 ? 1 : 1.5));
    const [next] = predicted("year-before", values, 1, 52);
    expect(next! / crop(86, 1)).toBeGreaterThan(1.3);
    expect(next! / crop(86, 1)).toBeLessThan(1.6);
  });

  it("is a level where what differs by the week is chance, or where there is no year behind", () => {
    const chance = noise(90, 3).map((value) => 10 + 4 * value);
    const [next, ...later] = predicted("year-before", chance, 8, 52);
    for (const value of later) expect(Math.abs(value - next!)).toBeLessThan(1);
    const young = predicted("year-before", chance.slice(0, 40), 8, 52);
    expect(new Set(young.map((value) => value.toFixed(9))).size).toBe(1);
  });
});

describe("theta", () => {
  it("adds half the slope of the trend line to a level that has caught up", () => {
    // On a straight line smoothing with alpha .99 (its bound) is level, and the drift is half of the slope of 2.
    const values = Array.from({ length: 60 }, (_, t) => 10 + 2 * t);
    const [one, two] = predicted("theta", values, 2);
    expect(two! - one!).toBeCloseTo(1, 6);
    expect(one).toBeCloseTo(128 + 1 / 0.99, 1);
  });

  it("follows a line whole when its weight is free, up to the bound of .98", () => {
    const values = Array.from({ length: 60 }, (_, t) => 10 + 2 * t);
    const forecast = predicted("dotm", values, 3);
    forecast.forEach((value, k) => expect(Math.abs(value - (130 + 2 * k))).toBeLessThan(0.4));
  });
});

describe("exponential smoothing", () => {
  it("gives the errors of Holt-Winters worked by hand", () => {
    // Level 10, slope 1, seasons +1 and -1, alpha .5, beta .25, gamma .1: 12 is forecast first, 13 came.
    const seasons = Float64Array.of(1, -1);
    const fitted = new Float64Array(2);
    const end = new Float64Array(2);
    filterEts(
      { error: "additive", trend: "additive", season: "additive" },
      Float64Array.of(13, 12),
      { alpha: 0.5, beta: 0.25, gamma: 0.1, phi: 1, level: 10, slope: 1 },
      seasons,
      fitted,
      end,
    );
    // After 13: level 11.5, slope 1.25, season 1.1; forecast 11.5 + 1.25 - 1 = 11.75, error .25.
    expect([...fitted]).toEqual([12, 11.75]);
    expect(end[0]).toBeCloseTo(12.875, 12);
    expect(end[1]).toBeCloseTo(1.3125, 12);
    expect(seasons[0]).toBeCloseTo(1.1, 12);
    expect(seasons[1]).toBeCloseTo(-0.975, 12);
  });

  it("tries 15 forms where all is positive and seasonal, 6 where a value is not", () => {
    const values = Array.from({ length: 60 }, (_, t) => 20 + (t % 12));
    expect(admissibleForms(historyOf(values, 12))).toHaveLength(15);
    expect(admissibleForms(historyOf([...values, -1], 12))).toHaveLength(6);
  });

  it("finds the season that was put in, and none in noise", () => {
    const rest = noise(96, 3);
    const seasonal = rest.map((e, t) => 100 + 20 * Math.sin((t * Math.PI) / 6) + 4 * e);
    expect(fitAllForms(historyOf(seasonal, 12))[0]!.form.season).not.toBe("none");
    const plain = rest.map((e) => 100 + 4 * e);
    expect(fitAllForms(historyOf(plain, 12))[0]!.form).toMatchObject({ trend: "none", season: "none" });
  });
});

describe("intermittent demand", () => {
  it("forecasts size over gap with Croston, a little less with SBA, on a steady rhythm", () => {
    // 6 every third period: size 6, gap 3 from the start, so no smoothing moves them.
    const values = Array.from({ length: 30 }, (_, t) => (t % 3 === 2 ? 6 : 0));
    expect(predicted("croston", values, 1)[0]).toBeCloseTo(2, 6);
    const sba = predicted("sba", values, 1)[0]!;
    expect(sba).toBeLessThan(2);
    expect(sba).toBeGreaterThan(1.4);
  });

  it("fades out with TSB what is no longer asked for, and does not with Croston", () => {
    const values = Array.from({ length: 60 }, (_, t) => (t < 30 && t % 3 === 2 ? 6 : 0));
    expect(predicted("tsb", values, 1)[0]).toBeLessThan(0.5 * predicted("croston", values, 1)[0]!);
  });

  it("keeps the mean of a steady rhythm with ADIDA", () => {
    const values = Array.from({ length: 60 }, (_, t) => (t % 4 === 3 ? 8 : 0));
    expect(predicted("adida", values, 1)[0]).toBeCloseTo(2, 6);
  });

  it("is worked by hand for recent demand: chance times size of roots, one empty period as a prior", () => {
    // keep .8 over [0, 4, 0]: weight .64 + .8 + 1 = 2.44, demands .8, roots .8 * 2, so size 4 and chance .8 / 3.44.
    expect(predicted("fading-80", [0, 4, 0], 2)).toEqual([
      expect.closeTo((0.8 * 4) / 3.44, 12),
      expect.closeTo((0.8 * 4) / 3.44, 12),
    ]);
  });

  it("does not expect a bulk order again, and forgets what is over", () => {
    const usual = Array.from({ length: 40 }, (_, t) => Number(t % 4 === 0));
    const values = usual.with(36, 100);
    const mean = values.slice(-12).reduce((a, b) => a + b) / 12;
    expect(predicted("fading-90", values, 1)[0]).toBeLessThan(0.6 * mean);
    expect(predicted("fading-80", [...values, ...Array.from({ length: 30 }, () => 0)], 1)[0]).toBeLessThan(
      0.01,
    );
  });
});
