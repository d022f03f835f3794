import type { Fit, Forecaster, History } from "../series.ts";

/** A season is a year of weeks, or much like it: of shorter ones single periods tell, longer ones have others inside them. */
const leastSeason = 26;
const mostSeason = 60;
/** Periods beyond one whole season that tell how this one stands beside it. */
const leastBeyond = 8;
/** Periods of the season before are averaged over this share of it to each side: four weeks of a year. */
const reachShare = 1 / 13;
/** Share of its weight that a period keeps in the next, in what is known of this season's level. */
const keep = 0.9;
/** The belief that this season is as the one before counts as this many usual periods. */
const priorPeriods = 2;
/** By how much of the course of the year before a level may be moved. */
const trusts = [0, 0.25, 0.5, 0.75, 1];

/** Whether a history shows a long season once, and has begun to show it again. */
export function showsYearBefore({ values, askedSeason }: History): boolean {
  return (
    askedSeason >= leastSeason && askedSeason <= mostSeason && values.length >= askedSeason + leastBeyond
  );
}

/**
 * The season before, at this season's level: what was asked for in the weeks round the same week of the year before, times
 * what was asked for of late over what was asked for at the same time of the year before. Where a season was seen once, the
 * fixed seasons of other models cannot be learned yet, and a level follows a crop that comes in or goes out too late.
 *
 * The course of the year before is drawn to its mean by the share of its variance that chance explains (Efron & Morris 1975,
 * JASA 70): what has no season is forecast by its level. The level is a discounted sum over a discounted sum, the mean of a
 * Poisson rate with that course as its exposure.
 */
export const yearBefore: Forecaster = {
  name: "year-before",
  least: () => 1,
  fit(history): Fit {
    const usual = usualCourse(history);
    const runs = trusts.map((trust) => follow(history, usual, trust));
    const weights = runs.map(({ squares }) => likelihood(squares, runs));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mixed = (at: (run: Followed) => number): number =>
      runs.reduce((sum, run, i) => sum + (weights[i]! / total) * at(run), 0);
    const n = history.values.length;
    return {
      fitted: Float64Array.from({ length: n }, (_, t) => mixed(({ fitted }) => fitted[t]!)),
      predict: (horizon) =>
        Float64Array.from({ length: horizon }, (_, k) =>
          mixed(({ level, trust }) => level * usual.at(n + k, trust)),
        ),
    };
  },
};

interface Followed {
  readonly trust: number;
  readonly level: number;
  /** One step ahead. */
  readonly fitted: Float64Array;
  /** Sum and number of the squared errors of it in the season that has begun. */
  readonly squares: number;
  readonly count: number;
}

function follow(history: History, usual: Course, trust: number): Followed {
  const { values, observed } = history;
  const n = values.length;
  const fitted = new Float64Array(n).fill(NaN);
  let asked = 0;
  let course = 0;
  let squares = 0;
  let count = 0;
  const prior = priorPeriods * usual.mean;
  const level = (): number => (prior > 0 ? (asked + prior) / (course + prior) : 0);
  for (let t = showsYearBefore(history) ? history.askedSeason : 0; t < n; t++) {
    const then = usual.at(t, trust);
    fitted[t] = level() * then;
    if (observed[t] === 0) continue;
    squares += (values[t]! - fitted[t]!) ** 2;
    count++;
    asked = keep * asked + values[t]!;
    course = keep * course + then;
  }
  return { trust, level: level(), fitted, squares, count };
}

/** Of normal errors, beside the best of the runs. */
function likelihood(squares: number, runs: readonly Followed[]): number {
  const best = Math.min(...runs.map((run) => run.squares));
  const { count } = runs[0]!;
  return best > 0 ? Math.exp((-count * (squares - best)) / (2 * best)) : Number(squares === best);
}

interface Course {
  readonly mean: number;
  /** What was usual in the seasons before at the period's place. */
  at(t: number, trust: number): number;
}

function usualCourse({ values, observed, askedSeason: season }: History): Course {
  const n = values.length;
  const reach = Math.max(1, Math.round(season * reachShare));
  const smooth = Array.from({ length: n }, (_, t) => weightedAround(values, observed, t, reach));
  let sum = 0;
  let count = 0;
  for (let t = 0; t < n; t++) {
    if (observed[t] === 0) continue;
    sum += values[t]!;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  let rest = 0;
  let chance = 0;
  let spread = 0;
  for (let t = 0; t < n; t++) {
    if (observed[t] === 0) continue;
    const { value, weight, squares } = smooth[t]!;
    // A value is part of its own mean, by 1 / weight: its distance from the mean is that much too small.
    rest += (values[t]! - value) ** 2 / Math.max(leastRest, 1 - 2 / weight + squares);
    chance += squares;
    spread += (value - mean) ** 2;
  }
  const share = spread > 0 ? Math.max(0, 1 - ((rest / count) * chance) / spread) : 0;
  return {
    mean,
    at(t, trust) {
      let weight = 0;
      let all = 0;
      for (let then = t - season; then >= 0; then -= season) {
        if (then >= n) continue;
        const one = smooth[then]!;
        weight += one.weight;
        all += one.weight * one.value;
      }
      return weight > 0 ? mean + trust * share * (all / weight - mean) : mean;
    },
  };
}

const leastRest = 0.2;

/** Mean round a place by weights that fall to nothing, their sum, and the sum of their squares beside the squared sum. */
function weightedAround(
  values: Float64Array,
  observed: Uint8Array,
  centre: number,
  reach: number,
): { value: number; weight: number; squares: number } {
  let sum = 0;
  let weight = 0;
  let squares = 0;
  const last = Math.min(values.length - 1, centre + reach);
  for (let t = Math.max(0, centre - reach); t <= last; t++) {
    if (observed[t] === 0) continue;
    const one = 1 - Math.abs(t - centre) / (reach + 1);
    sum += one * values[t]!;
    weight += one;
    squares += one * one;
  }
  return weight > 0
    ? { value: sum / weight, weight, squares: squares / weight ** 2 }
    : { value: 0, weight: 0, squares: 0 };
}
