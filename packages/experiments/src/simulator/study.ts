import { seededRng } from "@almanac/kernel";
import { anytimeMultiplier } from "../core/confidence-sequence.ts";
import { difference } from "../core/difference.ts";
import { addMoments, momentsOf, noMoments, type Moments } from "../core/moments.ts";
import { spendingBoundaries } from "../core/spending.ts";
import { checkRatio } from "../core/srm.ts";
import { createClickWorld, expectedCtr, factorForLift, type ClickWorld } from "./click-model.ts";
import { simulateSearches } from "./shopper.ts";

export interface StudyOptions {
  readonly surface: "search" | "recommendations";
  /** True relative lift of the click rate. */
  readonly lift: number;
  /** Experiments to run, each from its own seed. */
  readonly seeds: number;
  readonly seed: number;
  /** Shoppers of each experiment. */
  readonly shoppers: number;
  /** How often somebody looks at the result on the way. */
  readonly looks: number;
}

/** How often each way to decide was right, over all experiments. Rates are shares of the experiments. */
export interface StudyResult {
  readonly experiments: number;
  readonly trueLift: number;
  readonly controlRate: number;
  /** Intervals at the end that hold the true lift. */
  readonly coverage: Rates;
  /** Experiments whose interval held the true lift at every look. */
  readonly coverageAtEveryLook: Rates;
  /** Experiments without a difference in which one was declared at some look. */
  readonly falsePositives: Rates;
  /** Experiments in which the lift was found at some look, in the right direction. */
  readonly power: Rates;
  /** False alarms of the check of the split. */
  readonly ratioAlarms: number;
}

/** "naive" looks every time as if it were the only one: what peeking does to a plain test. */
export interface Rates {
  readonly planned: number;
  readonly anytime: number;
  readonly naive: number;
}

const methods = ["planned", "anytime", "naive"] as const;

/** Runs the same experiment many times on simulated shoppers, with the lift and without, and counts what was concluded. */
export function runStudy(options: StudyOptions, progress?: (done: number) => void): StudyResult {
  const world = worldOf(options);
  const boundaries = multipliers(options);
  const factor = factorForLift(world, options.lift);
  const counts = { covered: zero(), coveredAlways: zero(), found: zero(), wrong: zero(), alarms: 0 };
  for (let run = 0; run < options.seeds; run++) {
    const effect = runOnce(world, factor, options, `${options.seed}/${run}/effect`, boundaries, options.lift);
    const none = runOnce(world, 1, options, `${options.seed}/${run}/none`, boundaries, 0);
    for (const method of methods) {
      counts.covered[method] += effect.isCovered[method] ? 1 : 0;
      counts.coveredAlways[method] += effect.isAlwaysCovered[method] ? 1 : 0;
      counts.found[method] += effect.isFound[method] ? 1 : 0;
      counts.wrong[method] += none.isDeclared[method] ? 1 : 0;
    }
    counts.alarms += none.isRatioAlarm ? 1 : 0;
    progress?.(run + 1);
  }
  const share = (of: Record<keyof Rates, number>): Rates => ({
    planned: of.planned / options.seeds,
    anytime: of.anytime / options.seeds,
    naive: of.naive / options.seeds,
  });
  return {
    experiments: options.seeds,
    trueLift: options.lift,
    controlRate: expectedCtr(world),
    coverage: share(counts.covered),
    coverageAtEveryLook: share(counts.coveredAlways),
    falsePositives: share(counts.wrong),
    power: share(counts.found),
    ratioAlarms: counts.alarms / options.seeds,
  };
}

const zero = (): Record<keyof Rates, number> => ({ planned: 0, anytime: 0, naive: 0 });

/** Shelves are shorter than result pages, and less asked for. */
export function worldOf({ surface, seed }: Pick<StudyOptions, "surface" | "seed">): ClickWorld {
  const rng = seededRng(`${seed}/world/${surface}`);
  return surface === "search"
    ? createClickWorld({ rng })
    : createClickWorld({ rng, places: 8, queries: 20, steepness: 0.7 });
}

function multipliers({ shoppers, looks }: StudyOptions): Record<keyof Rates, number[]> {
  const units = unitsAtLooks(shoppers, looks);
  return {
    planned: spendingBoundaries({ fractions: units.map((n) => n / shoppers) }),
    anytime: units.map((n) => anytimeMultiplier(n)),
    naive: units.map(() => 1.959963984540054),
  };
}

function unitsAtLooks(shoppers: number, looks: number): number[] {
  return Array.from({ length: looks }, (_, i) => Math.ceil((shoppers * (i + 1)) / looks));
}

interface RunResult {
  readonly isCovered: Record<keyof Rates, boolean>;
  readonly isAlwaysCovered: Record<keyof Rates, boolean>;
  /** Zero was excluded at some look. */
  readonly isDeclared: Record<keyof Rates, boolean>;
  /** Zero was excluded at some look, on the side of the truth. */
  readonly isFound: Record<keyof Rates, boolean>;
  readonly isRatioAlarm: boolean;
}

function runOnce(
  world: ClickWorld,
  factor: number,
  { shoppers, looks }: StudyOptions,
  seed: string,
  boundaries: Record<keyof Rates, number[]>,
  truth: number,
): RunResult {
  const rng = seededRng(seed);
  const all = (value: boolean): Record<keyof Rates, boolean> => ({
    planned: value,
    anytime: value,
    naive: value,
  });
  const isAlwaysCovered = all(true);
  const isCovered = all(false);
  const isDeclared = all(false);
  const isFound = all(false);
  let control: Moments = noMoments;
  let treatment: Moments = noMoments;
  unitsAtLooks(shoppers, looks).forEach((until, look) => {
    while (control.n + treatment.n < until) {
      const isTreated = rng.next() < 0.5;
      const clicks = simulateSearches(world, isTreated ? factor : 1, rng);
      let clicked = 0;
      for (const place of clicks) if (place >= 0) clicked += 1;
      const moments = momentsOf(clicked, clicks.length);
      if (isTreated) treatment = addMoments(treatment, moments);
      else control = addMoments(control, moments);
    }
    const { absolute, relative } = difference("ratio", control, treatment);
    for (const method of methods) {
      const multiplier = boundaries[method][look]!;
      const isOutside = Math.abs(absolute.value) > multiplier * absolute.standardError;
      isDeclared[method] ||= isOutside;
      isFound[method] ||= isOutside && absolute.value > 0 === truth > 0;
      isCovered[method] =
        relative !== undefined && Math.abs(relative.value - truth) <= multiplier * relative.standardError;
      isAlwaysCovered[method] &&= isCovered[method];
    }
  });
  const isRatioAlarm = checkRatio([control.n, treatment.n], [1, 1]).isAlarm;
  return { isCovered, isAlwaysCovered, isDeclared, isFound, isRatioAlarm };
}
