/** STL beside that of statsmodels, on airline passengers; statsmodels-reference.py makes the numbers, to twelve digits. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { stl, type StlOptions } from "../season/stl.ts";

interface Parts {
  readonly seasonal: number[];
  readonly trend: number[];
  readonly resid: number[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8"));
const reference = read("statsmodels-reference") as Record<"lines" | "wide" | "robust", Parts>;
const logs = Float64Array.from((read("r-reference") as { passengers: number[] }).passengers, Math.log);
const spoilt = logs.slice();
spoilt[70]! += 1.5;

describe("beside statsmodels", () => {
  // The same program in two languages: what differs is the last digit that was written down.
  it.each<["lines" | "wide" | "robust", Float64Array, StlOptions]>([
    ["lines", logs, { seasonalWidth: 7 }],
    ["wide", logs, { seasonalWidth: 13, seasonalDegree: 0 }],
    ["robust", spoilt, { seasonalWidth: 7, robust: true }],
  ])("STL gives the same three parts, which sum to the series: %s", (name, values, options) => {
    const { seasonal, trend, remainder } = stl(values, 12, options);
    const theirs = reference[name];
    for (let t = 0; t < values.length; t++) {
      expect(Math.abs(seasonal[t]! - theirs.seasonal[t]!)).toBeLessThan(1e-11);
      expect(Math.abs(trend[t]! - theirs.trend[t]!)).toBeLessThan(1e-11);
      expect(Math.abs(remainder[t]! - theirs.resid[t]!)).toBeLessThan(1e-11);
      expect(Math.abs(seasonal[t]! + trend[t]! + remainder[t]! - values[t]!)).toBeLessThan(1e-9);
    }
  });
});
