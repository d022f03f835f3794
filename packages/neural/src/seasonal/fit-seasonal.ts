import { invariant, seededRng, type Rng } from "@almanac/kernel";
import type { Rank, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { crossEntropy } from "../backend/cross-entropy.ts";
import type { Tensorflow } from "../backend/load-backend.ts";
import {
  horizonWeeks,
  leastWeeks,
  stepWidth,
  windowWeeks,
  writeWindow,
  type DemandSeries,
} from "./seasonal-data.ts";

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

export interface SeasonalModel {
  readonly products: number;
  readonly places: number;
  readonly tables: Readonly<Record<TableName, Float32Array>>;
}

const hidden = 32;
const productWidth = 8;
const placeWidth = 4;
const tableShapes = {
  productVectors: ["products", productWidth],
  placeVectors: ["places", placeWidth],
  stepToGates: [4 * hidden, stepWidth],
  whoToGates: [4 * hidden, productWidth + placeWidth],
  stateToGates: [4 * hidden, hidden],
  gateBias: [4 * hidden, 1],
  answer: [1, hidden],
  answerBias: [1, 1],
} as const;
type TableName = keyof typeof tableShapes;
const tableNames = Object.keys(tableShapes) as TableName[];
type Tables = Record<TableName, Variable<Rank.R2>>;
/** What a pass reads: variables while the network learns, plain tensors afterwards. */
type ReadTables = Readonly<Record<TableName, Tensor2D>>;

/**
 * One network for all series: an LSTM that reads a year of weeks of a product in a place and tells the chance of demand in
 * each of the next eight, which it is told nothing of but their place in the year. Series shorter than 104 weeks teach
 * nothing; when there is none longer the answer is INSUFFICIENT_DATA. Deterministic for a seed on one backend.
 *
 * Hochreiter and Schmidhuber (1997), "Long Short-Term Memory"; trained with Adam on cross-entropy, the weeks ahead counting
 * ten times as much as those on the way.
 */
export function fitSeasonal(
  tf: Tensorflow,
  series: readonly DemandSeries[],
  options: SeasonalOptions = {},
): SeasonalFit {
  const long = series.filter(({ isDemanded }) => isDemanded.length >= leastWeeks);
  if (long.length === 0) {
    const points = series.reduce((most, { isDemanded }) => Math.max(most, isDemanded.length), 0);
    return { kind: "insufficient", code: "INSUFFICIENT_DATA", needed: leastWeeks, points };
  }
  const { epochs = 30, batch = 250, rate = 0.005, seed = 1, onEpoch } = options;
  const places = long.reduce((sum, { isDemanded }) => sum + isDemanded.length - windowWeeks + 1, 0);
  const windows = Math.min(options.windows ?? 500, places);
  const counts = { products: countOf(series, "product"), places: countOf(series, "place") };
  const rng = seededRng(seed);
  const tables = startTables(tf, counts, rng.fork("start"));
  const optimizer = tf.train.adam(rate);
  const draws = rng.fork("windows");
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = performance.now();
    let loss = 0;
    for (let at = 0; at < windows; at += batch) {
      const size = Math.min(batch, windows - at);
      loss += trainOn(tf, tables, optimizer, drawWindows(long, size, draws)) * size;
    }
    onEpoch?.(epoch, loss / windows, (performance.now() - from) / 1_000);
  }
  const read = Object.fromEntries(
    tableNames.map((name) => [name, Float32Array.from(tables[name].dataSync())]),
  ) as Record<TableName, Float32Array>;
  for (const name of tableNames) tables[name].dispose();
  optimizer.dispose();
  return { kind: "fitted", model: { ...counts, tables: read } };
}

/**
 * The chance of demand in each of the eight weeks that follow each series' end. A series that is shorter than the window is
 * told by what there is of it.
 *
 * @returns one list of `horizonWeeks` probabilities a series
 */
export function predictSeasonal(
  tf: Tensorflow,
  model: SeasonalModel,
  series: readonly DemandSeries[],
): Float64Array[] {
  for (const { product, place } of series)
    invariant(product < model.products && place < model.places, "a product or place is not of this model");
  if (series.length === 0) return [];
  const chances = tf.tidy(() => {
    const tables = Object.fromEntries(
      tableNames.map((name) => [
        name,
        tf.tensor2d(model.tables[name], shapeOf(name, model.products, model.places)),
      ]),
    ) as ReadTables;
    const { logits } = forward(
      tf,
      tables,
      windowsOf(series, ({ isDemanded }) => isDemanded.length + horizonWeeks),
    );
    return tf.sigmoid(logits);
  });
  const told = chances.dataSync();
  chances.dispose();
  // Answers lie step by step, in each step series by series.
  const firstAhead = windowWeeks - horizonWeeks;
  return series.map((_, n) =>
    Float64Array.from(
      { length: horizonWeeks },
      (_ahead, ahead) => told[(firstAhead + ahead) * series.length + n]!,
    ),
  );
}

function countOf(series: readonly DemandSeries[], key: "product" | "place"): number {
  return series.reduce((most, own) => Math.max(most, own[key]), 0) + 1;
}

function shapeOf(name: TableName, products: number, places: number): [number, number] {
  const [rows, columns] = tableShapes[name];
  return [rows === "products" ? products : rows === "places" ? places : rows, columns];
}

function startTables(tf: Tensorflow, counts: { products: number; places: number }, rng: Rng): Tables {
  return Object.fromEntries(
    tableNames.map((name) => {
      const [rows, columns] = shapeOf(name, counts.products, counts.places);
      const spread = name.endsWith("Bias") ? 0 : name.endsWith("Vectors") ? 0.1 : Math.sqrt(1 / columns);
      const values = Float32Array.from({ length: rows * columns }, () => spread * rng.normal());
      // Gates that forget begin open: Jozefowicz et al. (2015).
      if (name === "gateBias") values.fill(1, hidden, 2 * hidden);
      const start = tf.tensor2d(values, [rows, columns]);
      const variable = tf.variable(start);
      start.dispose();
      return [name, variable];
    }),
  ) as Tables;
}

interface Windows {
  readonly size: number;
  /** Step by step, in each step number by number, of each number window by window. */
  readonly steps: Float32Array;
  readonly products: Int32Array;
  readonly places: Int32Array;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

function drawWindows(series: readonly DemandSeries[], size: number, rng: Rng): Windows {
  const drawn = Array.from({ length: size }, () => rng.pick(series));
  const ends = drawn.map(({ isDemanded }) => windowWeeks + rng.int(isDemanded.length - windowWeeks + 1));
  return windowsOf(drawn, (_, at) => ends[at]!);
}

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
      if (week < 0 || week >= one.isDemanded.length) continue;
      labels[place] = one.isDemanded[week]!;
      weights[place] = step >= windowWeeks - horizonWeeks ? 1 : 0.1;
    }
  });
  const products = Int32Array.from(series, ({ product }) => product);
  return { size, steps, products, places: Int32Array.from(series, ({ place }) => place), labels, weights };
}

function trainOn(
  tf: Tensorflow,
  tables: Tables,
  optimizer: ReturnType<Tensorflow["train"]["adam"]>,
  windows: Windows,
): number {
  return tf.tidy(() => {
    const shape: [number, number] = [windowWeeks, windows.size];
    const labels = tf.tensor2d(windows.labels, shape);
    const weights = tf.tensor2d(windows.weights, shape);
    const total = windows.weights.reduce((sum, weight) => sum + weight, 0);
    const { value, grads } = tf.variableGrads(() => {
      const { logits, penalty } = forward(tf, tables, windows);
      return tf.add(crossEntropy(tf, logits, labels, { weights, total }), penalty) as Scalar;
    });
    optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0]);
    return value.dataSync()[0]!;
  });
}

/**
 * Log-odds of every step, [steps, windows]. States stand in columns, a window each, so that the four gates of a step lie one
 * after the other in memory: taking them apart costs nothing, where side by side it took three quarters of the time.
 */
function forward(tf: Tensorflow, tables: ReadTables, { size, steps, products, places }: Windows) {
  const table = (name: TableName): Tensor2D => tables[name];
  const product = tf.gather(table("productVectors"), tf.tensor1d(products, "int32"));
  const place = tf.gather(table("placeVectors"), tf.tensor1d(places, "int32"));
  const pairs = tf.transpose(tf.concat([product, place], 1) as Tensor2D);
  const who = tf.add(tf.matMul(table("whoToGates"), pairs), table("gateBias"));
  let state: Tensor = tf.zeros([hidden, size]);
  let memory: Tensor = tf.zeros([hidden, size]);
  const logits: Tensor[] = [];
  for (let step = 0; step < windowWeeks; step++) {
    const own = steps.subarray(step * stepWidth * size, (step + 1) * stepWidth * size);
    const read = tf.matMul(table("stepToGates"), tf.tensor2d(own, [stepWidth, size]));
    const gates = tf.add(tf.add(read, who), tf.matMul(table("stateToGates"), state as Tensor2D));
    const [taken, kept, shown, fresh] = tf.split(gates, 4, 0) as [Tensor, Tensor, Tensor, Tensor];
    memory = tf.add(tf.mul(tf.sigmoid(kept), memory), tf.mul(tf.sigmoid(taken), tf.tanh(fresh)));
    state = tf.mul(tf.sigmoid(shown), tf.tanh(memory));
    logits.push(tf.matMul(table("answer"), state as Tensor2D));
  }
  const penalty = tf.mul(tf.add(tf.mean(tf.square(product)), tf.mean(tf.square(place))), 0.001);
  return { logits: tf.add(tf.concat(logits, 0), table("answerBias")), penalty };
}
