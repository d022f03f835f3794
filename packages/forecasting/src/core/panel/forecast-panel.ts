import { AppError } from "@almanac/kernel";
import { panelErrors } from "./panel-errors.ts";
import { errorQuantiles } from "../intervals/calibrate.ts";
import type { ErrorQuantiles } from "../intervals/calibrate.ts";
import { endedHistory, endedQuantile } from "../ended.ts";
import { countBounds } from "./count-bounds.ts";
import type { CountBounds } from "./count-bounds.ts";
import { combined, modelName } from "./combine.ts";
import { withPooledMembers } from "./pooled-members.ts";
import { panelWeights } from "./weights.ts";
import { runLocally } from "./local-run.ts";
import type { LocalRun, PanelSeries } from "./local-run.ts";

/** The bounds between which a share `level` of all actuals is expected. */
export interface Interval {
  /** For example 0.8. */
  readonly level: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** What a share `share` of all actuals stays at or below, by step. */
export interface Quantile {
  readonly share: number;
  readonly values: Float64Array;
}

/** A forecast in the unit of its series. All arrays are as long as the horizon and finite. */
export interface Forecast {
  readonly id: string;
  readonly mean: Float64Array;
  /** Narrowest first; each lies inside the next, the mean in all. */
  readonly intervals: readonly Interval[];
  /** Lowest share first; never crossing. */
  readonly quantiles: readonly Quantile[];
  /** The members, joined by a plus; `none` where the series held no value, `ended` where its demand has ended. */
  readonly model: string;
}

export interface PanelOptions {
  /** Shares of the intervals, each in (0, 1); .8 and .95 unless told. */
  readonly levels?: readonly number[];
  /** Shares of the quantiles, each in (0, 1); .1, .5 and .9 unless told. */
  readonly shares?: readonly number[];
  /** `auto` or the name of one model. */
  readonly model?: string;
}

/**
 * Forecasts many series together. Each has its own models; how far off they usually are is learned from all of them.
 *
 * @param panel any number of series, in any unit; a series without any value is forecast as 0
 * @returns one forecast a series, in their order: finite, bounds in order, nothing below zero where the history is not
 * @throws AppError `input_invalid` for infinite values, a bad season, horizon, level or share
 */
export function forecastPanel(panel: readonly PanelSeries[], options: PanelOptions = {}): Forecast[] {
  return finishPanel(
    panel,
    panel.map((series) => runLocally(series, options.model, originsFor(panel.length))),
    options,
  );
}

/** How many earlier origins are worth their time: a large panel learns as much from one as a small one from three. */
export function originsFor(seriesCount: number): number {
  if (seriesCount >= 150) return 1;
  return seriesCount >= 50 ? 2 : 3;
}

/** The part of `forecastPanel` that needs all series: from their local runs, wherever these were made. */
export function finishPanel(
  panel: readonly PanelSeries[],
  localRuns: readonly (LocalRun | undefined)[],
  options: PanelOptions = {},
): Forecast[] {
  const levels = ascending(options.levels ?? [0.8, 0.95], "level");
  const shares = ascending(options.shares ?? [0.1, 0.5, 0.9], "share");
  const auto = (options.model ?? "auto") === "auto";
  const runs = auto ? withPooledMembers(panel, localRuns) : localRuns;
  const asked = [...levels.flatMap((level) => [lowerShare(level), upperShare(level), level]), ...shares];
  const groups = groupsOf(runs, asked);
  return panel.map((series, at) => {
    const run = runs[at];
    if (!run) return withoutModel(series, levels, shares);
    const group = groups.get(groupOf(run))!;
    return spreadOut(run, combined(run.now.forecasts, group.weights), group, levels, shares);
  });
}

/** What stays below an interval, and what at or below its upper end. */
const lowerShare = (level: number): number => (1 - level) / 2;
const upperShare = (level: number): number => (1 + level) / 2;

/** What series of one kind have in common. */
interface Group {
  readonly weights: Float64Array;
  readonly errors: ErrorQuantiles;
  /** Only where demand is intermittent. */
  readonly counts?: CountBounds;
}

/** Series with the same members and kind of demand are pooled: errors of rare demands are lopsided, those of others not. */
function groupOf({ demand, members }: LocalRun): string {
  return [demand, ...members].join();
}

function groupsOf(runs: readonly (LocalRun | undefined)[], shares: readonly number[]): Map<string, Group> {
  const known = runs.filter((run) => run !== undefined);
  return new Map([...Map.groupBy(known, groupOf)].map(([name, members]) => [name, learned(members, shares)]));
}

/** @param shares whose quantiles of errors are asked for */
function learned(runs: readonly LocalRun[], shares: readonly number[]): Group {
  const weights = panelWeights(runs);
  const horizon = runs.reduce((most, run) => Math.max(most, run.horizon), 1);
  return {
    weights,
    errors: errorQuantiles(panelErrors(runs, weights), horizon, shares, runs[0]!.demand === "regular"),
    ...(runs[0]!.demand === "intermittent" ? { counts: countBounds(runs, weights) } : {}),
  };
}

function spreadOut(
  run: LocalRun,
  mean: Float64Array,
  { errors, counts }: Group,
  levels: readonly number[],
  shares: readonly number[],
): Forecast {
  const { horizon, scale, nonNegative, now } = run;
  const bound = (share: number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, k) => {
      if (counts && now.counts) return counts.at(now.counts, mean[k]!, share);
      const away = now.spread[k]! * errors.at(share, k);
      return nonNegative ? Math.max(0, Math.sqrt(mean[k]!) + away) ** 2 : mean[k]! + away;
    });
  const intervals = levels.map((level): Interval => {
    const lower = bound(lowerShare(level));
    const upper = bound(upperShare(level));
    // What would fall below zero is at zero and inside already: the upper bound need not leave out its share again.
    const whole = bound(level);
    for (let k = 0; k < horizon; k++) if (nonNegative && lower[k] === 0) upper[k] = whole[k]!;
    return { level, lower, upper };
  });
  const quantiles = shares.map((share) => ({ share, values: bound(share) }));
  inOrder(intervals, quantiles, mean);
  const back = (values: Float64Array): Float64Array => values.map((value) => unscaled(value, scale));
  return {
    id: run.id,
    mean: back(mean),
    intervals: intervals.map(({ level, lower, upper }) => ({
      level,
      lower: back(lower),
      upper: back(upper),
    })),
    quantiles: quantiles.map(({ share, values }) => ({ share, values: back(values) })),
    model: modelName(run),
  };
}

/**
 * Bounds never cross: each interval holds the narrower ones and the mean, quantiles rise with their share. Where something is
 * sold once in years, nearly all of the shares are zero and the mean is above their bounds, which then reach up to it.
 */
function inOrder(intervals: readonly Interval[], quantiles: readonly Quantile[], mean: Float64Array): void {
  for (let k = 0; k < mean.length; k++) {
    let low = mean[k]!;
    let high = mean[k]!;
    for (const { lower, upper } of intervals) {
      if (lower[k]! > upper[k]!) lower[k] = upper[k] = (lower[k]! + upper[k]!) / 2;
      low = lower[k] = Math.min(low, lower[k]!);
      high = upper[k] = Math.max(high, upper[k]!);
    }
    let least = -Infinity;
    for (const { values } of quantiles) least = values[k] = Math.max(least, values[k]!);
  }
}

/** Back in the caller's unit; the largest finite number where that has no room, as for histories near 1e308. */
function unscaled(value: number, scale: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value * scale));
}

/** Nothing, of a series that held no value or has ended. */
function withoutModel(series: PanelSeries, levels: readonly number[], shares: readonly number[]): Forecast {
  const ended = endedHistory(series);
  const level = (value: number): Float64Array => new Float64Array(series.horizon).fill(value);
  const at = (share: number): Float64Array => level(ended ? endedQuantile(ended, share) : 0);
  return {
    id: series.id,
    mean: level(0),
    intervals: levels.map((share) => ({ level: share, lower: level(0), upper: at(share) })),
    quantiles: shares.map((share) => ({ share, values: at(share) })),
    model: ended ? "ended" : "none",
  };
}

function ascending(values: readonly number[], what: string): number[] {
  const wrong = values.find((value) => !(value > 0 && value < 1));
  if (wrong !== undefined)
    throw new AppError("input_invalid", `a ${what} lies between 0 and 1, not ${wrong}`);
  return [...values].sort((a, b) => a - b);
}
