import type { Rng } from "@almanac/kernel";
import { horizonWeeks, stepWidth, windowWeeks, writeWindow, type DemandSeries } from "./seasonal-data.ts";

/** Windows of weeks that are read together. */
export interface Windows {
  readonly size: number;
  /** Step by step, in each step number by number, of each number window by window. */
  readonly steps: Float32Array;
  readonly products: Int32Array;
  readonly places: Int32Array;
  /** Step by step, in each step window by window, as are the weights. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

/** Windows by chance: a series, and an end of sixty weeks in it. */
export function drawWindows(series: readonly DemandSeries[], size: number, rng: Rng): Windows {
  const drawn = Array.from({ length: size }, () => rng.pick(series));
  const ends = drawn.map(({ isDemanded }) => windowWeeks + rng.int(isDemanded.length - windowWeeks + 1));
  return windowsOf(drawn, (_, at) => ends[at]!);
}

/** The window of each series whose last eight weeks are those that follow its end. */
export const windowsAhead = (series: readonly DemandSeries[]): Windows =>
  windowsOf(series, ({ isDemanded }) => isDemanded.length + horizonWeeks);

function windowsOf(
  series: readonly DemandSeries[],
  endOf: (series: DemandSeries, at: number) => number,
): Windows {
  const size = series.length;
  const labels = new Float32Array(windowWeeks * size);
  const weights = new Float32Array(windowWeeks * size);
  const steps = new Float32Array(windowWeeks * size * stepWidth);
  const own = new Float32Array(windowWeeks * stepWidth);
  series.forEach((one, n) => {
    const end = endOf(one, n);
    writeWindow(one, end, own, 0);
    for (let step = 0; step < windowWeeks; step++) {
      const week = end - windowWeeks + step;
      const place = step * size + n;
      for (let k = 0; k < stepWidth; k++)
        steps[(step * stepWidth + k) * size + n] = own[step * stepWidth + k]!;
      if (week < 0 || week >= one.isDemanded.length || one.isKnown?.[week] === 0) continue;
      labels[place] = one.isDemanded[week]!;
      weights[place] = step >= windowWeeks - horizonWeeks ? 1 : 0.1;
    }
  });
  const products = Int32Array.from(series, ({ product }) => product);
  return { size, steps, products, places: Int32Array.from(series, ({ place }) => place), labels, weights };
}
