import { expect, it } from "vitest";
import { countBounds } from "./count-bounds.ts";
import type { LocalRun } from "./local-run.ts";

const shape = { unit: 1, dispersion: 2 };

/** Rare demand of which 20 was forecast and so much came. */
function run(came: number): LocalRun {
  const origin = {
    forecasts: [Float64Array.of(20)],
    spread: Float64Array.of(1),
    counts: shape,
    actual: Float64Array.of(came),
  };
  return {
    id: "tomato",
    horizon: 1,
    scale: 1,
    nonNegative: true,
    demand: "intermittent",
    dated: false,
    members: ["tsb"],
    standing: [1],
    now: origin,
    past: [origin],
    further: [],
  };
}

it("lowers the lower bound of rare demand where more often fell below it than it says", () => {
  const lower = (came: readonly number[]): number =>
    countBounds(came.map(run), Float64Array.of(1)).at(shape, 20, 0.1);
  const asSaid = lower([]);
  // A fifth of all days came to 5, where the distribution has a thousandth below it.
  const often = lower(Array.from({ length: 400 }, (_, day) => (day % 5 === 0 ? 5 : 22)));
  const never = lower(Array.from({ length: 400 }, () => 22));
  expect(often).toBeLessThan(asSaid - 3);
  expect(never).toBe(asSaid);
});
