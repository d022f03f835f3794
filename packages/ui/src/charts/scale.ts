/** A range with round ticks that covers the data. */
export interface NiceScale {
  min: number;
  max: number;
  ticks: readonly number[];
}

/**
 * A scale from `min` to `max`, widened to round numbers (1, 2 or 5 times a power of ten), with about `count` steps.
 * Zero belongs to it whenever the data comes near it, as a bar or a sum without zero misleads. Data without any
 * spread gets a scale of its own size, and no data one from 0 to 1.
 */
export function niceScale(values: readonly number[], count = 4, fromZero = true): NiceScale {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { min: 0, max: 1, ticks: [0, 1] };
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (fromZero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  if (low === high) high = low + (Math.abs(low) || 1);
  const step = roundStep((high - low) / Math.max(1, count));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
  return { min: ticks[0] ?? low, max: ticks[ticks.length - 1] ?? high, ticks };
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
}

/** Where a value lies on the scale, in [0, 1]: 0 at `min`, 1 at `max`. */
export function shareOn(scale: Pick<NiceScale, "min" | "max">, value: number): number {
  return (value - scale.min) / (scale.max - scale.min);
}

/** A point of a plot on 100 by 100, y downwards. */
export interface PlotPoint {
  x: number;
  y: number;
}

/** Points of a series on a plot of 100 by 100; what is missing stays missing, so that the line breaks there. */
export function plotPoints(
  values: readonly (number | null | undefined)[],
  scale: Pick<NiceScale, "min" | "max">,
): (PlotPoint | undefined)[] {
  const last = Math.max(1, values.length - 1);
  return values.map((value, index) =>
    value === null || value === undefined
      ? undefined
      : { x: (index / last) * 100, y: (1 - shareOn(scale, value)) * 100 },
  );
}

/** An SVG path through the points, with a gap wherever one is missing. */
export function linePath(points: readonly (PlotPoint | undefined)[]): string {
  return points
    .map((point, index) => {
      if (!point) return "";
      const joined = points[index - 1] !== undefined;
      return `${joined ? "L" : "M"}${short(point.x)} ${short(point.y)}`;
    })
    .join("");
}

/** The area between two lines, where both have points. */
export function bandPath(
  upper: readonly (PlotPoint | undefined)[],
  lower: readonly (PlotPoint | undefined)[],
): string {
  const both = upper.flatMap((top, index) => {
    const bottom = lower[index];
    return top && bottom ? [{ top, bottom }] : [];
  });
  if (both.length === 0) return "";
  const forth = both.map(({ top }) => `${short(top.x)} ${short(top.y)}`);
  const back = both.map(({ bottom }) => `${short(bottom.x)} ${short(bottom.y)}`).reverse();
  return `M${[...forth, ...back].join("L")}Z`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
