import { seededRng } from "@almanac/kernel";
import { AdamTable } from "../learning/adam.ts";
import { windowLearner, type LearnedTables } from "./learn-windows.ts";
import {
  assertKnown,
  countsOf,
  startTables,
  tableNames,
  type SeasonalCounts,
  type SeasonalModel,
  type TableName,
} from "./model.ts";
import { horizonWeeks, leastWeeks, windowWeeks, type DemandSeries } from "./seasonal-data.ts";
import { blockRows } from "./sizes.ts";
import { packNetwork, unroll } from "./unroll.ts";
import { emptyUnrolled } from "./unrolled.ts";
import { drawWindows, windowsAhead, type Windows } from "./windows.ts";

export interface SeasonalOptions {
  readonly epochs?: number;
  /** Windows of an epoch: 500, or as many as there are when those are fewer. */
  readonly windows?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly onEpoch?: (epoch: number, loss: number, seconds: number) => void;
}

/** Too little to learn from is an answer. */
export type SeasonalFit =
  | { readonly kind: "fitted"; readonly model: SeasonalModel }
  | {
      readonly kind: "insufficient";
      readonly code: "INSUFFICIENT_DATA";
      readonly needed: number;
      readonly points: number;
    };

/** What takes the steps of a training: the same draws and the same start for whoever does the sums. */
export interface SeasonalLearner {
  /** One step of Adam. @returns the loss before it */
  learn(windows: Windows): number;
  /** What has been learned; the learner is not asked again. */
  finish(): Record<TableName, Float32Array>;
}

/**
 * One network for all series: an LSTM that reads a year of weeks of a product in a place and tells the chance of demand in
 * each of the next eight, which it is told nothing of but their place in the year. Series shorter than 104 weeks teach
 * nothing; when there is none longer the answer is INSUFFICIENT_DATA. Deterministic for a seed, on plain arrays: sixty steps
 * of small products take TensorFlow.js three times as long (docs/benches/ml.md), and a process without it can learn too.
 *
 * Hochreiter and Schmidhuber (1997), "Long Short-Term Memory"; trained with Adam on cross-entropy, the weeks ahead counting
 * ten times as much as those on the way.
 */
export function fitSeasonal(series: readonly DemandSeries[], options: SeasonalOptions = {}): SeasonalFit {
  return fitSeasonalBy(plainLearner, series, options);
}

export function fitSeasonalBy(
  begin: (start: Record<TableName, Float32Array>, counts: SeasonalCounts, rate: number) => SeasonalLearner,
  series: readonly DemandSeries[],
  options: SeasonalOptions,
): SeasonalFit {
  const long = series.filter(({ isDemanded }) => isDemanded.length >= leastWeeks);
  if (long.length === 0) {
    const points = series.reduce((most, { isDemanded }) => Math.max(most, isDemanded.length), 0);
    return { kind: "insufficient", code: "INSUFFICIENT_DATA", needed: leastWeeks, points };
  }
  const { epochs = 30, batch = 250, rate = 0.005, seed = 1, onEpoch } = options;
  const places = long.reduce((sum, { isDemanded }) => sum + isDemanded.length - windowWeeks + 1, 0);
  const windows = Math.min(options.windows ?? 500, places);
  const counts = countsOf(series);
  const rng = seededRng(seed);
  const learner = begin(startTables(counts, rng.fork("start")), counts, rate);
  const draws = rng.fork("windows");
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = performance.now();
    let loss = 0;
    for (let at = 0; at < windows; at += batch) {
      const size = Math.min(batch, windows - at);
      loss += learner.learn(drawWindows(long, size, draws)) * size;
    }
    onEpoch?.(epoch, loss / windows, (performance.now() - from) / 1_000);
  }
  return { kind: "fitted", model: { ...counts, tables: learner.finish() } };
}

function plainLearner(
  start: Record<TableName, Float32Array>,
  _counts: SeasonalCounts,
  rate: number,
): SeasonalLearner {
  const tables = Object.fromEntries(
    tableNames.map((name) => [name, new AdamTable(start[name])]),
  ) as LearnedTables;
  const addGradients = windowLearner(tables);
  let step = 0;
  return {
    learn(windows) {
      const loss = addGradients(windows);
      step += 1;
      for (const name of tableNames) tables[name].apply(rate, step);
      return loss;
    },
    finish: () => start,
  };
}

/**
 * The chance of demand in each of the eight weeks that follow each series' end. A series that is shorter than the window is
 * told by what there is of it.
 *
 * @returns one list of `horizonWeeks` probabilities a series
 * @throws InvariantError where a series is of a product or place that the model was not made for
 */
export function predictSeasonal(model: SeasonalModel, series: readonly DemandSeries[]): Float64Array[] {
  assertKnown(model, series);
  const network = packNetwork(model.tables);
  const run = emptyUnrolled();
  const told: Float64Array[] = [];
  for (let from = 0; from < series.length; from += blockRows) {
    const block = series.slice(from, from + blockRows);
    unroll(network, windowsAhead(block), 0, run);
    block.forEach((_, row) =>
      told.push(
        Float64Array.from({ length: horizonWeeks }, (_ahead, ahead) => {
          const step = windowWeeks - horizonWeeks + ahead;
          return 1 / (1 + Math.exp(-run.logits[step * blockRows + row]!));
        }),
      ),
    );
  }
  return told;
}
