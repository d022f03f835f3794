import { describe, expect, it } from "vitest";
import { pastForecasts, type PastForecast } from "./past-forecasts.ts";

const riverside = "riverside" as PastForecast["marketId"];
const row = (marketDay: string, modelVersion: string, p50: number, soldBase: number): PastForecast => ({
  marketId: riverside,
  marketDay: marketDay as PastForecast["marketDay"],
  modelVersion,
  p10: p50 - 1_000,
  p50,
  p90: p50 + 1_000,
  madeAt: "2025-08-01T02:00:00.000Z",
  soldBase,
  soldOut: false,
  tellsNothing: false,
  isCancelled: false,
});
const around = { baseUnit: "g", inUse: "10" } as const;

describe("forecasts of days that are over", () => {
  const rows = [
    row("2025-08-09", "10", 9_000, 8_500),
    row("2025-08-02", "10", 8_000, 6_000),
    row("2025-08-02", "9", 5_500, 6_000),
    row("2025-07-26", "9", 7_000, 7_200),
  ];

  it("stand beside what was sold by version, the oldest day first, with a gap where a version told nothing", () => {
    expect(pastForecasts(rows, around)).toMatchObject({
      labels: ["Sat 26 Jul", "Sat 2 Aug", "Sat 9 Aug"],
      sold: [7.2, 6, 8.5],
      versions: [
        { label: "expected, version 10", values: [null, 8, 9] },
        { label: "expected, version 9", values: [7, 5.5, null] },
      ],
    });
  });

  it("say how far each version was off, and how often its bounds held", () => {
    expect(pastForecasts(rows, around)!.words).toEqual([
      "The models in use, version 10: off by 1.3 kg a day over 2 market days, of 7.3 kg sold a day; within the bounds on 1 of 2, where 8 of 10 are meant.",
      expect.stringMatching(/^Version 9: off by .* within the bounds on 2 of 2,/) as string,
    ]);
  });

  it("make no error of a day that was sold out", () => {
    const soldOut = { ...row("2025-08-16", "10", 9_000, 2_000), soldOut: true };
    const [words] = pastForecasts([soldOut, rows[0]!], around)!.words;
    expect(words).toMatch(/over 1 market day, .* on 1 of 1, .* Sold out on 1 more, which tell no error\.$/);
    expect(pastForecasts([soldOut], around)!.words[0]).toMatch(
      /nothing to judge by yet\. Sold out on 1 more/,
    );
  });

  it("leave out a market day that was cancelled, and say so", () => {
    const cancelled = { ...row("2025-08-16", "10", 9_000, 0), isCancelled: true };
    const without = pastForecasts(rows, around)!;
    expect(pastForecasts([cancelled, ...rows], around)).toEqual({
      ...without,
      words: [...without.words, "1 market day was cancelled and is left out."],
    });
    expect(pastForecasts([cancelled], around)).toBeNull();
  });

  it("leave out market days with nothing to sell, and say so", () => {
    const empty = (day: string) => ({ ...row(day, "10", 9_000, 0), tellsNothing: true });
    const without = pastForecasts(rows, around)!;
    expect(pastForecasts([empty("2025-08-23"), empty("2025-08-16"), ...rows], around)).toEqual({
      ...without,
      words: [
        ...without.words,
        "2 market days were without any to sell, or entered wrongly, and are left out.",
      ],
    });
    expect(pastForecasts([empty("2025-08-16")], around)).toBeNull();
  });

  it("name no version as in use where none forecasts, and are nothing where none is over", () => {
    expect(pastForecasts(rows, { ...around, inUse: undefined })!.words[0]).toMatch(/^Version 10: /);
    expect(pastForecasts([], around)).toBeNull();
  });
});
