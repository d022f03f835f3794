import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { forecastInThreads, forecastPanelsInThreads } from "../../threads/forecast-in-threads.ts";
import { forecastPanel } from "./forecast-panel.ts";
import type { PanelSeries } from "./local-run.ts";

/** Forty seasonal series with noise, and what came after them. */
function world(seed: number) {
  const rng = seededRng(seed);
  const normal = (): number => Array.from({ length: 12 }, () => rng.next()).reduce((a, b) => a + b) - 6;
  const panel: PanelSeries[] = [];
  const after: number[][] = [];
  for (let i = 0; i < 40; i++) {
    const level = 50 + 100 * rng.next();
    const all = Array.from(
      { length: 102 },
      (_, t) => level + 15 * Math.sin((t * Math.PI) / 6) + 5 * normal(),
    );
    panel.push({ id: `s${i}`, values: all.slice(0, 96), season: 12, horizon: 6 });
    after.push(all.slice(96));
  }
  return { panel, after };
}

describe("forecasting a panel", () => {
  it("keeps the bounds of what was sold for six days near what was sold", () => {
    const values = [0, 300, 300, 600, 900, 1_200];
    const [{ quantiles }] = forecastPanel([{ id: "new", values, season: 52, horizon: 2 }]) as [
      ReturnType<typeof forecastPanel>[number],
    ];
    expect(quantiles.at(-1)!.values[0]).toBeGreaterThan(900);
    expect(quantiles.at(-1)!.values[0]).toBeLessThan(12_000);
  });

  it("covers about as often as it says, and beats the seasonal naive forecast", () => {
    const { panel, after } = world(11);
    const share = (model: string) => {
      let inside = 0;
      let error = 0;
      forecastPanel(panel, { model }).forEach(({ mean, intervals }, i) =>
        after[i]!.forEach((actual, k) => {
          if (intervals[0]!.lower[k]! <= actual && actual <= intervals[0]!.upper[k]!) inside++;
          error += Math.abs(actual - mean[k]!);
        }),
      );
      return { inside: inside / 240, error };
    };
    const ours = share("auto");
    expect(ours.error).toBeLessThan(0.85 * share("seasonal-naive").error);
    // Of 240 points 80 % are covered with a standard deviation of 2.6 points; four of them on each side.
    expect(ours.inside).toBeGreaterThan(0.69);
    expect(ours.inside).toBeLessThan(0.91);
  });

  it("gives the same bits in any number of threads", async () => {
    const { panel } = world(5);
    const here = await forecastInThreads(panel);
    expect(await forecastInThreads(panel, { threads: 2 })).toEqual(here);
    expect(forecastPanel(panel)).toEqual(here);
  });

  it("forecasts several panels at once as each by itself, also one without a series", async () => {
    const { panel } = world(6);
    const panels = [panel.slice(0, 20), [], panel.slice(20), [{ ...panel[0]!, horizon: 2 }]];
    const alone = panels.map((one) => forecastPanel(one));
    for (const threads of [0, 1, 2])
      expect(await forecastPanelsInThreads(panels, { threads })).toEqual(alone);
  });

  it("does not see what follows the history", () => {
    const { panel } = world(7);
    const [first] = panel;
    const longer = { ...first!, values: (first!.values as number[]).slice(0, 80) };
    const [forecast] = forecastPanel([longer]);
    const buffer = Float64Array.from(first!.values as number[]);
    const [same] = forecastPanel([{ ...longer, values: buffer.subarray(0, 80) }]);
    expect(same).toEqual(forecast);
  });

  it("is equivariant to the unit: grams are a thousand times kilograms", () => {
    const { panel } = world(9);
    const kilograms = forecastPanel(panel);
    const grams = forecastPanel(
      panel.map((series) => ({ ...series, values: Array.from(series.values, (value) => value! * 1024) })),
    );
    kilograms.forEach(({ mean }, i) =>
      mean.forEach((value, k) => expect(grams[i]!.mean[k]! / 1024).toBeCloseTo(value, 8)),
    );
  });

  it("refuses a level outside 0 to 1 and a model that is not there", () => {
    const { panel } = world(1);
    expect(() => forecastPanel(panel, { levels: [80] })).toThrow("between 0 and 1");
    expect(() => forecastPanel(panel, { model: "oracle" })).toThrow('there is no model "oracle"');
  });
});
