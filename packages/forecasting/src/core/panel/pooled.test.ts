import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { prepare } from "../prepare.ts";
import { forecastPanel } from "./forecast-panel.ts";
import { lastYearColumns } from "./last-year.ts";
import type { PanelSeries } from "./local-run.ts";

/** Sales that fall by 30 % on a day with rain, with weekdays of their own; rain is known ahead. */
function rainyStall(seed: number, count: number): { panel: PanelSeries[]; after: number[][] } {
  const rng = seededRng(seed);
  const days = 210;
  const rain = Array.from({ length: days }, () => (rng.next() < 0.3 ? 1 : 0));
  const panel: PanelSeries[] = [];
  const after: number[][] = [];
  for (let i = 0; i < count; i++) {
    const noise = normalNoise(days, seed * 100 + i);
    const level = 40 + 60 * rng.next();
    const all = rain.map(
      (wet, t) =>
        level * [1, 0.8, 0.9, 1, 1.4, 1.8, 1.2][t % 7]! * (wet ? 0.7 : 1) * Math.exp(0.1 * noise[t]!),
    );
    panel.push({
      id: `s${i}`,
      values: all.slice(0, days - 14),
      season: 7,
      horizon: 14,
      covariates: { rain },
    });
    after.push(all.slice(days - 14));
  }
  return { panel, after };
}

const errorOf = (panel: PanelSeries[], after: number[][]): number => {
  let sum = 0;
  forecastPanel(panel).forEach(({ mean }, i) =>
    mean.forEach((value, k) => (sum += Math.abs(value - after[i]![k]!))),
  );
  return sum;
};

describe("the pooled regression", () => {
  it("uses what is known of the days ahead: rain takes 30 %, give or take 10", () => {
    const { panel, after } = rainyStall(3, 12);
    const bare = panel.map((series) => ({ ...series, covariates: {} }));
    expect(errorOf(panel, after)).toBeLessThan(0.7 * errorOf(bare, after));
    const wet = forecastPanel(
      panel.map((series) => ({ ...series, covariates: { rain: forced(series, 1) } })),
    );
    const dry = forecastPanel(
      panel.map((series) => ({ ...series, covariates: { rain: forced(series, 0) } })),
    );
    const ratio = wet[0]!.mean.reduce((a, b) => a + b) / dry[0]!.mean.reduce((a, b) => a + b);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(0.8);
  });

  it.each([1e-9, 1e6, 1e15, 1e200])("does not mind a column that is told in a unit of %d", (unit) => {
    const { panel, after } = rainyStall(5, 8);
    const chill = normalNoise(panel[0]!.values.length + 14, 9);
    const inUnit = (one: number): PanelSeries[] =>
      panel.map((series) => ({
        ...series,
        covariates: { ...series.covariates, chill: chill.map((value) => one * value) },
      }));
    expect(errorOf(inUnit(unit), after)).toBeCloseTo(errorOf(inUnit(1), after), 4);
  });

  it("still forecasts when the weather is not known", () => {
    const { panel } = rainyStall(4, 3);
    const blind = panel.map((series) => ({
      ...series,
      covariates: { rain: Array.from(series.covariates!["rain"]!, (value, t) => (t < 196 ? value : null)) },
    }));
    for (const { mean } of forecastPanel(blind)) expect(mean.every((value) => value > 0)).toBe(true);
  });
});

/** Sales of a few products under prices that change by the week: log demand is straight in log price. */
function pricedStall(of: (t: number) => number): { panel: PanelSeries[]; after: number[][] } {
  const rng = seededRng(11);
  const weeks = 88;
  const panel: PanelSeries[] = [];
  const after: number[][] = [];
  for (let i = 0; i < 6; i++) {
    const price = Array.from({ length: weeks }, () => 1 + 2 * rng.next());
    const noise = normalNoise(weeks, 70 + i);
    const all = price.map((euros, t) => 200 * of(t) * euros ** -3 * Math.exp(0.05 * noise[t]!));
    panel.push({ id: `p${i}`, values: all.slice(0, 80), horizon: 8, covariates: { price } });
    after.push(all.slice(80));
  }
  return { panel, after };
}

describe("a price that is known ahead", () => {
  const relative = ({ panel, after }: ReturnType<typeof pricedStall>): number => {
    const total = after.flat().reduce((a, b) => a + b);
    return errorOf(panel, after) / total;
  };

  it("moves demand by the same share at every height: within 5.5 % at an elasticity of -3", () => {
    expect(relative(pricedStall(() => 1))).toBeLessThan(0.055);
  });

  it("does not hide a trend: demand that grows by 3 % a week, 27 % over the horizon, is forecast within 14 %", () => {
    expect(relative(pricedStall((t) => 1.03 ** t))).toBeLessThan(0.14);
  });
});

/** Three products at four places under prices of their own; a low price of one takes customers from the other two. */
function rivals(): { panel: PanelSeries[]; after: number[][] } {
  const rng = seededRng(5);
  const weeks = 88;
  const products = ["eggs", "cream", "butter"];
  const panel: PanelSeries[] = [];
  const after: number[][] = [];
  for (let place = 0; place < 4; place++) {
    const prices = products.map(() => Array.from({ length: weeks }, () => 1 + 2 * rng.next()));
    products.forEach((product, i) => {
      const noise = normalNoise(weeks, 10 * place + i);
      const all = prices[i]!.map((euros, t) => {
        const others = prices.reduce((sum, other, k) => (k === i ? sum : sum + Math.log(other[t]!)), 0);
        return 200 * euros ** -3 * Math.exp(others + 0.05 * noise[t]!);
      });
      // One place began later: its columns are put beside the others by the end.
      const known = all.slice(place === 3 ? 20 : 0, 80);
      const price = prices[i]!.slice(place === 3 ? 20 : 0);
      const id = `${place}/${product}`;
      panel.push({ id, values: known, horizon: 8, covariates: { price }, place: String(place), product });
      after.push(all.slice(80));
    });
  }
  return { panel, after };
}

describe("what stands beside a product at its place", () => {
  it("takes customers from it: the error is less than half of that without places", () => {
    const { panel, after } = rivals();
    const alone = panel.map((series) => ({ ...series, place: undefined, product: undefined }));
    expect(errorOf(panel, after)).toBeLessThan(0.5 * errorOf(alone, after));
  });

  it("may be missing, constant, or nothing but gaps", () => {
    const { panel } = rivals();
    const odd = panel.map((series, i): PanelSeries => {
      const { values, horizon } = series;
      const price = Array.from({ length: values.length + horizon }, () => (i % 3 === 0 ? null : 2));
      if (i === 1) return { ...series, covariates: {} };
      if (i === 2) return { ...series, values: values.length > 2 ? [1, 2] : values, covariates: {} };
      return i < 6 ? { ...series, covariates: { price } } : series;
    });
    for (const { mean, intervals } of forecastPanel(odd)) {
      expect(mean.every(Number.isFinite)).toBe(true);
      for (const { lower, upper } of intervals) {
        lower.forEach((low, k) => expect(low).toBeLessThanOrEqual(upper[k]!));
      }
    }
  });
});

function forced({ values, horizon, covariates }: PanelSeries, value: number): (number | null)[] {
  const rain = Array.from(covariates!["rain"]!);
  return [...rain.slice(0, values.length), ...Array.from({ length: horizon }, () => value)];
}

describe("what happened a year ago", () => {
  const days = (length: number, of: (t: number) => number) => ({
    history: prepare({ values: Array.from({ length }, (_, t) => of(t)), season: 7 })!,
    firstPeriod: 18_000,
  });

  it("is the common level of all series 364 days before, in logarithms", () => {
    const halved = (t: number): number => (t < 150 ? 100 : 50);
    const [column] = lastYearColumns(
      [days(500, halved), days(500, (t) => 3 * halved(t))],
      [500, 500],
      28,
      7,
    )!;
    expect(column).toHaveLength(528);
    expect(column![527]! - column![400]!).toBeCloseTo(Math.log(0.5), 2);
  });

  it("reads nothing after the origin, and says nothing for less than a year or another season", () => {
    const poisoned = days(500, (t) => (t < 400 ? 10 : 1e9));
    const clean = days(500, () => 10);
    const known = (history: typeof clean) => lastYearColumns([history], [400], 28, 7)![0]!.subarray(0, 428);
    known(poisoned).forEach((value, t) => expect(value).toBeCloseTo(known(clean)[t]!, 9));
    expect(lastYearColumns([days(300, () => 1)], [300], 28, 7)).toBeUndefined();
    expect(lastYearColumns([days(500, () => 1)], [500], 28, 12)).toBeUndefined();
    // A year typed wrongly would stretch the calendar over centuries.
    const wrong = { ...clean, firstPeriod: -700_000 };
    expect(lastYearColumns([clean, wrong], [500, 500], 28, 7)).toBeUndefined();
  });
});
