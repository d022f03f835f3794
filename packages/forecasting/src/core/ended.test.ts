import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { endedHistory } from "./ended.ts";
import { forecastPanel } from "./panel/forecast-panel.ts";

const months = (length: number) => Array.from({ length }, (_, t) => 40 + 10 * Math.sin((t * Math.PI) / 6));
const none = (length: number): number[] => Array.from({ length }, () => 0);
const of = (values: readonly (number | null)[], season = 12) => ({ id: "one", values, season, horizon: 6 });

describe("a history that has ended", () => {
  it("is forecast as nothing, beside others that go on as if it were not there", () => {
    const on = of(months(96));
    const [ended, beside] = forecastPanel([of([...months(60), ...none(36)]), on]);
    expect(ended!.model).toBe("ended");
    for (const { values } of ended!.quantiles) expect([...values]).toEqual(none(6));
    expect([...ended!.mean]).toEqual(none(6));
    expect(beside).toEqual(forecastPanel([on])[0]);
  });

  it("may come back as large as it was, which bounds beyond one in the periods without it still hold", () => {
    const [forecast] = forecastPanel([of([...months(60), ...none(24)])], { levels: [0.8, 0.99] });
    const [narrow, wide] = forecast!.intervals;
    expect(narrow!.upper[0]).toBe(0);
    expect(wide!.upper[0]).toBeGreaterThan(30);
    expect(wide!.upper[0]).toBeLessThan(50);
    expect(wide!.lower[0]).toBe(0);
  });

  it("is not a crop out of season, for the first or the fifth time, in weeks or in days", () => {
    const summer = [...none(26), ...Array.from({ length: 26 }, (_, t) => 5 + (t % 7))];
    for (const years of [1, 5]) {
      const weeks = Array.from({ length: years }, () => summer).flat();
      expect(endedHistory(of([...weeks, ...none(26)], 52))).toBeUndefined();
      const days = weeks.flatMap((value) => Array.from({ length: 7 }, () => value));
      expect(endedHistory(of([...days, ...none(182)], 7))).toBeUndefined();
    }
    expect(endedHistory(of([...summer, ...none(103)], 52))).toBeUndefined();
    expect(endedHistory(of([...summer, ...summer, ...none(104)], 52))?.periods).toBe(104);
  });

  it("is not what rested as long before, nor what came so rarely that a rest tells nothing", () => {
    expect(endedHistory(of([...months(24), ...none(13), ...months(24), ...none(26)]))).toBeUndefined();
    expect(endedHistory(of([...months(24), ...none(12), ...months(24), ...none(26)]))?.periods).toBe(26);
    expect(endedHistory(of([3, 0, 0, 0, 2, 0, 0, 0, 0, 4, ...none(26)]))).toBeUndefined();
    const rng = seededRng(4);
    const rare = Array.from({ length: 400 }, () => (rng.next() < 0.92 ? 0 : 1 + Math.floor(3 * rng.next())));
    for (let length = 40; length <= 400; length++)
      expect(endedHistory(of(rare.slice(0, length)))).toBeUndefined();
  });

  it("counts what was observed alone, and leaves what known columns may bring back to the models", () => {
    expect(
      endedHistory(of([...months(60), ...none(20), ...Array.from({ length: 12 }, () => null)])),
    ).toBeUndefined();
    const closed = { ...of([...months(60), ...none(36)]), covariates: { closed: none(102) } };
    expect(endedHistory(closed)).toBeUndefined();
    expect(endedHistory(of([-1, ...months(60), ...none(36)]))).toBeUndefined();
    expect(endedHistory(of(none(60)))).toBeUndefined();
  });
});
