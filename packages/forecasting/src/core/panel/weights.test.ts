import { describe, expect, it } from "vitest";
import type { LocalRun } from "./local-run.ts";
import { panelWeights } from "./weights.ts";

const actual = Float64Array.of(10, 12, 11, 13);
const off = (by: number): Float64Array => actual.map((value, k) => value + (k % 2 ? by : -by));

/** A run of two members that were off by so much at an earlier origin, where errors of 1 are usual. */
function run(errors: readonly [number, number], change: Partial<LocalRun> = {}): LocalRun {
  const spread = Float64Array.of(1, 1, 1, 1);
  const origin = { forecasts: errors.map(off), spread, actual };
  return {
    id: "tomato",
    horizon: 4,
    scale: 1,
    nonNegative: false,
    demand: "regular",
    dated: false,
    members: ["theta", "ets"],
    standing: [1, 1],
    now: { ...origin, actual: new Float64Array() },
    past: [origin],
    further: [],
    ...change,
  };
}
const panel = (count: number, change?: Partial<LocalRun>): LocalRun[] =>
  Array.from({ length: count }, () => run([1, 1.5], change));

describe("weights of an ensemble", () => {
  it("are equal where nothing was held out, and where all were off by as much", () => {
    expect([...panelWeights([run([1, 1.5], { past: [] })])]).toEqual([1, 1]);
    expect([...panelWeights([run([2, 2])])]).toEqual([1, 1]);
  });

  it("follow the errors at earlier origins, and are the nearer to equal the fewer series tell", () => {
    const behind = [1, 10, 1_000].map((count) => panelWeights(panel(count))[1]!);
    expect(behind[0]).toBeGreaterThan(0.8);
    expect(behind).toEqual(behind.toSorted((a, b) => b - a));
    expect(behind[2]).toBeLessThan(0.05);
    expect(behind[2]).toBeGreaterThan(0);
    expect(panelWeights(panel(1_000))[0]).toBe(1);
  });

  it("take a hundred series of one calendar for little more than one: they lived through the same weeks", () => {
    const [dated, apart] = [true, false].map((isDated) => panelWeights(panel(100, { dated: isDated }))[1]!);
    expect(dated).toBeGreaterThan(3 * apart!);
  });

  it("count a member by its standing as well", () => {
    expect([...panelWeights([run([2, 2], { standing: [1, 2] })])]).toEqual([1, 2]);
  });

  it("leave out what was not observed", () => {
    const gap = run([1, 1]).past[0]!;
    const wild = gap.forecasts[1]!.map((value, k) => (k === 2 ? 1e6 : value));
    const unseen = actual.map((value, k) => (k === 2 ? NaN : value));
    const weights = panelWeights([
      run([1, 1], { past: [{ ...gap, actual: unseen, forecasts: [gap.forecasts[0]!, wild] }] }),
    ]);
    expect([...weights]).toEqual([1, 1]);
  });
});
