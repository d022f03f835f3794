import { shareBy, type DayProfile } from "./day-profile.ts";
import { meanDemand } from "./mean-demand.ts";
import { countAt, probabilityUpTo, type NegativeBinomial } from "./negative-binomial.ts";

/** What was expected of walk-ins before the day began, in base units. */
export interface Expected {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface DaySoFar {
  readonly expected: Expected;
  readonly profile: DayProfile;
  /** 0 at opening, 1 at closing; what is before or after counts as these. */
  readonly at: number;
  readonly soldBase: number;
  /** What can still be sold, in base units. */
  readonly leftBase: number;
  /** Base units of an ordinary sale. Default 1. */
  readonly saleBase?: number;
  /** When it was gone, if it is: nothing is known of the time after it. */
  readonly soldOutAt?: number;
}

export interface Nowcast extends Expected {
  /** That what is left will be asked for before closing: 0 to 1. */
  readonly sellOutChance: number;
  /** When, 0 to 1: where half of the chance to sell out has come. Absent where the chance is below one in a thousand. */
  readonly sellsOutAt?: number;
}

/**
 * How firmly a day keeps to its profile: days vary round it like shares drawn from a Dirichlet distribution of this
 * concentration.
 */
const profileFirmness = 40;
/** The 10th and the 90th percentile of a normal distribution lie so many standard deviations apart. */
const spreadOf80 = 2.563;

/**
 * What walk-ins will have asked for by closing, from what was expected and what they bought so far.
 *
 * Demand of the day is L, Gamma with the mean of the forecast and its spread less that of the single sales. Of it a share
 * F(t) falls before t, by the profile. Sales come in steps of `saleBase`, and days stray from their profile, so that what is
 * sold by t has the variance of steps of `saleBase + L (1 - F) / (firmness + 1)`, and what comes after it of
 * `saleBase + L F / (firmness + 1)`, which is the Dirichlet distribution's. In such steps, sales are Poisson; then L given
 * the sales is Gamma again, and what is still to come is negative binomial with mean E[L | sold] (1 - F).
 *
 * More sold is never less expected. At closing, what was sold is what was asked for, unless it ran out: then it is the least.
 */
export function nowcast(day: DaySoFar): Nowcast {
  const { soldBase, leftBase, profile } = day;
  const known = shareBy(profile, Math.min(day.at, day.soldOutAt ?? 1));
  const rest = restAfter(day, known, 1 - known);
  const unit = stepOf(day, known);
  const at = (share: number): number => soldBase + unit * countAt(rest, share);
  const expected = { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
  if (leftBase <= 0) {
    const gone = day.soldOutAt ?? Math.min(1, Math.max(0, day.at));
    return { ...expected, sellOutChance: soldBase > 0 ? 1 : 0, ...(soldBase > 0 && { sellsOutAt: gone }) };
  }
  const chanceBy = (share: number): number =>
    share <= 0 ? 0 : 1 - probabilityUpTo(restAfter(day, known, share), Math.max(0, leftBase / unit - 0.5));
  const sellOutChance = Math.max(0, chanceBy(1 - known));
  if (sellOutChance < 0.001) return { ...expected, sellOutChance };
  const sellsOutAt = timeOf(day, { known, chanceBy, wanted: sellOutChance / 2 });
  return { ...expected, sellOutChance, sellsOutAt };
}

const meanOf = (expected: Expected): number => Math.max(meanDemand(expected), 1e-9);

/** Base units of one step: a sale, and what a day strays by where `share` of it lies on the other side of now. */
function stepOf({ expected, saleBase = 1 }: DaySoFar, share: number): number {
  return Math.max(1e-9, saleBase) + (meanOf(expected) * share) / (profileFirmness + 1);
}

/** What comes in the next `share` of the day's demand, in steps of what is to come. */
function restAfter(day: DaySoFar, known: number, share: number): NegativeBinomial {
  const { expected, soldBase } = day;
  const mean = meanOf(expected);
  const ofSales = mean * stepOf(day, 0);
  // Nobody knows a day to a tenth.
  const variance = Math.max(((expected.p90 - expected.p10) / spreadOf80) ** 2 - ofSales, (0.1 * mean) ** 2);
  const step = stepOf(day, 1 - known);
  const shape = mean ** 2 / variance + soldBase / step;
  const rate = mean / variance + known / step;
  return { mean: (shape / rate) * (share / stepOf(day, known)), shape };
}

interface Search {
  readonly known: number;
  readonly chanceBy: (share: number) => number;
  readonly wanted: number;
}

/** The time by which the chance to have sold out has come to `wanted`. */
function timeOf({ profile, at }: DaySoFar, { known, chanceBy, wanted }: Search): number {
  let early = Math.min(1, Math.max(0, at));
  let late = 1;
  for (let step = 0; step < 20; step++) {
    const middle = (early + late) / 2;
    if (chanceBy(shareBy(profile, middle) - known) < wanted) early = middle;
    else late = middle;
  }
  return late;
}
