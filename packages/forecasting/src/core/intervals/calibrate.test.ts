import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { errorQuantiles } from "./calibrate.ts";

describe("quantiles of errors", () => {
  it("pools each step with its neighbours, an eighth of the horizon on both sides", () => {
    // Errors of step k lie around k: what a step is pooled with shows in its middle.
    const values = normalNoise(8_000, 1);
    const steps = Int32Array.from(values, (_, at) => at % 16);
    const errors = { values: values.map((value, at) => value / 10 + steps[at]!), steps };
    const quantiles = errorQuantiles(errors, 16, [0.5, 0.9]);
    expect(quantiles.at(0.5, 8)).toBeCloseTo(8, 0);
    // Steps 13 to 15 at the end, 6 to 10 in the middle.
    expect(quantiles.at(0.5, 15)).toBeCloseTo(14, 0);
    expect(quantiles.at(0.9, 8)).toBeGreaterThan(9.5);
    expect(quantiles.at(0.9, 8)).toBeLessThan(10.5);
    expect(quantiles.at(0.9, 99)).toBe(quantiles.at(0.9, 15));
  });

  it("keeps the first step to itself", () => {
    // Its errors are three times those of the steps that follow.
    const steps = Int32Array.from({ length: 4_000 }, (_, at) => at % 8);
    const values = normalNoise(4_000, 3).map((value, at) => (steps[at] === 0 ? 3 * value : value));
    const quantiles = errorQuantiles({ values, steps }, 8, [0.9]);
    expect(quantiles.at(0.9, 0)).toBeGreaterThan(3.4);
    expect(quantiles.at(0.9, 4)).toBeLessThan(1.45);
  });

  it("counts each error with both signs where that is asked for", () => {
    const errors = { values: Float64Array.of(1, 2, 3, 4, 5), steps: new Int32Array(5) };
    const quantiles = errorQuantiles(errors, 1, [0.2, 0.8], true);
    expect(quantiles.at(0.2, 0)).toBeCloseTo(-quantiles.at(0.8, 0), 12);
  });

  it("uses the steps before where a step has no errors, and the normal quantile where none has any", () => {
    const quantiles = errorQuantiles(
      { values: Float64Array.of(9, 9, 9), steps: new Int32Array(3) },
      40,
      [0.9],
    );
    expect(quantiles.at(0.9, 39)).toBe(quantiles.at(0.9, 0));
    const none = errorQuantiles({ values: new Float64Array(0), steps: new Int32Array(0) }, 3, [0.9]);
    expect(none.at(0.9, 2)).toBeCloseTo(1.1 * 1.2816, 3);
  });

  it("takes as many errors as a large panel has at one step", () => {
    const values = normalNoise(400_000, 2);
    const quantiles = errorQuantiles({ values, steps: new Int32Array(values.length) }, 1, [0.9]);
    expect(quantiles.at(0.9, 0)).toBeCloseTo(1.28, 1);
  });
});
