import { invariant } from "@almanac/kernel";
import { normalCdf, normalDensity, normalQuantile } from "./special-functions.ts";

/**
 * How much of alpha may be used up when a share of the planned shoppers is there. "obrien-fleming" keeps nearly all of it
 * for the end, so that the last look costs little; "pocock" spends evenly.
 */
export type SpendingFunction = "obrien-fleming" | "pocock";

/**
 * Two-sided, as twice the one-sided function at half of alpha, which is how the published tables are made.
 *
 * Lan, DeMets (1983), "Discrete sequential boundaries for clinical trials", Biometrika 70.
 */
export function spentAlpha(shape: SpendingFunction, fraction: number, alpha: number): number {
  if (fraction <= 0) return 0;
  if (fraction >= 1) return alpha;
  return shape === "pocock"
    ? alpha * Math.log(1 + (Math.E - 1) * fraction)
    : 4 * normalCdf(normalQuantile(alpha / 4) / Math.sqrt(fraction));
}

export interface SpendingPlan {
  /** Shares of the planned shoppers at which was looked: rising, above 0, at most 1. */
  readonly fractions: readonly number[];
  readonly alpha?: number;
  readonly shape?: SpendingFunction;
}

/** Beyond this many standard errors nothing is ever decided: the chance is below 1e-15. */
const never = 8;
/** Half the number of steps of the grid; odd sums of Simpson's rule. */
const halfGrid = 120;

/**
 * The number of standard errors at which each look decides, so that the chance of deciding at any of them without a
 * difference is alpha, however the looks were spaced.
 *
 * The score B(t) = z sqrt(t) is a Brownian motion; its density on the paths that have not crossed is carried from look to
 * look by numerical integration: Armitage, McPherson, Rowe (1969), J. R. Stat. Soc. A 132; Jennison, Turnbull (2000),
 * "Group sequential methods", chapter 19.
 *
 * @returns one number a look, in order, infinite where nothing may be spent yet
 */
export function spendingBoundaries({
  fractions,
  alpha = 0.05,
  shape = "obrien-fleming",
}: SpendingPlan): number[] {
  invariant(
    fractions.every((t, i) => t > (fractions[i - 1] ?? 0) && t <= 1),
    "looks come at rising shares of the plan",
  );
  const boundaries: number[] = [];
  let density: Density | undefined;
  let spent = 0;
  fractions.forEach((t, at) => {
    const target = spentAlpha(shape, t, alpha) - spent;
    const step = t - (fractions[at - 1] ?? 0);
    const bound = findBound(density, step, target, never * Math.sqrt(t));
    spent += crossing(density, step, bound);
    density = carry(density, step, bound);
    const boundary = bound / Math.sqrt(t);
    boundaries.push(boundary >= never - 1e-6 ? Infinity : boundary);
  });
  return boundaries;
}

/** The density of B on [-bound, bound], at 2 halfGrid + 1 even steps, times the weights of Simpson's rule. */
interface Density {
  readonly bound: number;
  readonly weighted: Float64Array;
}

const gridValue = (bound: number, i: number): number => (bound * (i - halfGrid)) / halfGrid;

/** Chance to be beyond ±bound at this look, for paths that were within before. */
function crossing(before: Density | undefined, step: number, bound: number): number {
  const scale = Math.sqrt(step);
  if (!before) return 2 * normalCdf(-bound / scale);
  let chance = 0;
  before.weighted.forEach((weight, i) => {
    chance += weight * normalCdf((gridValue(before.bound, i) - bound) / scale);
  });
  return 2 * chance;
}

function findBound(before: Density | undefined, step: number, target: number, most: number): number {
  let low = 0;
  let high = most;
  if (crossing(before, step, most) >= target) return most;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (crossing(before, step, middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function carry(before: Density | undefined, step: number, bound: number): Density {
  const scale = Math.sqrt(step);
  const width = bound / halfGrid;
  const weighted = new Float64Array(2 * halfGrid + 1);
  for (let i = 0; i < weighted.length; i++) {
    const at = gridValue(bound, i);
    let density = 0;
    if (!before) density = normalDensity(at / scale) / scale;
    else {
      for (let j = 0; j < before.weighted.length; j++) {
        const z = (at - gridValue(before.bound, j)) / scale;
        if (z > -never && z < never) density += (before.weighted[j]! * normalDensity(z)) / scale;
      }
    }
    const isEnd = i === 0 || i === weighted.length - 1;
    weighted[i] = (density * width * (isEnd ? 1 : i % 2 === 1 ? 4 : 2)) / 3;
  }
  return { bound, weighted };
}
