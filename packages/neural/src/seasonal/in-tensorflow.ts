import type { Rank, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { crossEntropy } from "../backend/cross-entropy.ts";
import type { Tensorflow } from "../backend/tensorflow.ts";
import {
  fitSeasonalBy,
  type SeasonalFit,
  type SeasonalLearner,
  type SeasonalOptions,
} from "./fit-seasonal.ts";
import { vectorRidge } from "./learn-windows.ts";
import {
  assertKnown,
  hidden,
  shapeOf,
  tableNames,
  type SeasonalCounts,
  type SeasonalModel,
  type TableName,
} from "./model.ts";
import { horizonWeeks, stepWidth, windowWeeks, type DemandSeries } from "./seasonal-data.ts";
import { windowsAhead, type Windows } from "./windows.ts";

type Tables = Record<TableName, Variable<Rank.R2>>;
/** What a pass reads: variables while the network learns, plain tensors afterwards. */
type ReadTables = Readonly<Record<TableName, Tensor2D>>;

/** `fitSeasonal` in TensorFlow.js: the same draws and start, its gradients derived by it. What ours is held against. */
export function fitSeasonalInTensorflow(
  tf: Tensorflow,
  series: readonly DemandSeries[],
  options: SeasonalOptions = {},
): SeasonalFit {
  return fitSeasonalBy((start, counts, rate) => learnerIn(tf, start, counts, rate), series, options);
}

function learnerIn(
  tf: Tensorflow,
  start: Record<TableName, Float32Array>,
  counts: SeasonalCounts,
  rate: number,
): SeasonalLearner {
  const tables = Object.fromEntries(
    tableNames.map((name) => {
      const values = tf.tensor2d(start[name], shapeOf(name, counts));
      const variable = tf.variable(values);
      values.dispose();
      return [name, variable];
    }),
  ) as Tables;
  const optimizer = tf.train.adam(rate);
  return {
    learn: (windows) =>
      tf.tidy(() => {
        const { value, grads } = slopesOf(tf, tables, windows);
        optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0]);
        return value.dataSync()[0]!;
      }),
    finish() {
      const read = Object.fromEntries(
        tableNames.map((name) => [name, Float32Array.from(tables[name].dataSync())]),
      ) as Record<TableName, Float32Array>;
      for (const name of tableNames) tables[name].dispose();
      optimizer.dispose();
      return read;
    },
  };
}

/** Loss and gradients of one batch. */
export function gradientsInTensorflow(
  tf: Tensorflow,
  { tables, ...counts }: SeasonalModel,
  windows: Windows,
): { readonly loss: number; readonly gradients: Readonly<Record<TableName, Float32Array>> } {
  // Read into here and not returned: `tidy` walks every element of what is.
  const gradients: Partial<Record<TableName, Float32Array>> = {};
  let loss = 0;
  tf.tidy(() => {
    const variables = Object.fromEntries(
      tableNames.map((name) => [name, tf.variable(tf.tensor2d(tables[name], shapeOf(name, counts)))]),
    ) as Tables;
    const { value, grads } = slopesOf(tf, variables, windows);
    loss = value.dataSync()[0]!;
    for (const name of tableNames)
      gradients[name] = Float32Array.from(grads[variables[name].name]!.dataSync());
    for (const name of tableNames) variables[name].dispose();
  });
  return { loss, gradients: gradients as Record<TableName, Float32Array> };
}

/** `predictSeasonal` in TensorFlow.js. */
export function predictSeasonalInTensorflow(
  tf: Tensorflow,
  model: SeasonalModel,
  series: readonly DemandSeries[],
): Float64Array[] {
  assertKnown(model, series);
  if (series.length === 0) return [];
  const chances = tf.tidy(() => {
    const tables = Object.fromEntries(
      tableNames.map((name) => [name, tf.tensor2d(model.tables[name], shapeOf(name, model))]),
    ) as ReadTables;
    return tf.sigmoid(forward(tf, tables, windowsAhead(series)).logits);
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

/** To be called within a `tidy`. */
function slopesOf(tf: Tensorflow, tables: ReadTables, windows: Windows) {
  const shape: [number, number] = [windowWeeks, windows.size];
  // Not inside of what is derived: the way back still asks for them when the way forth has been tidied up.
  const labels = tf.tensor2d(windows.labels, shape);
  const weights = tf.tensor2d(windows.weights, shape);
  const total = windows.weights.reduce((sum, weight) => sum + weight, 0);
  return tf.variableGrads(() => {
    const { logits, penalty } = forward(tf, tables, windows);
    return tf.add(crossEntropy(tf, logits, labels, { weights, total }), penalty) as Scalar;
  });
}

/**
 * Log-odds of every step, [steps, windows]. States stand in columns, a window each, so that the four gates of a step lie one
 * after the other in memory: taking them apart costs nothing, where side by side it took three quarters of the time.
 */
function forward(tf: Tensorflow, tables: ReadTables, { size, steps, products, places }: Windows) {
  const product = tf.gather(tables.productVectors, tf.tensor1d(products, "int32"));
  const place = tf.gather(tables.placeVectors, tf.tensor1d(places, "int32"));
  const pairs = tf.transpose(tf.concat([product, place], 1) as Tensor2D);
  const who = tf.add(tf.matMul(tables.whoToGates, pairs), tables.gateBias);
  let state: Tensor = tf.zeros([hidden, size]);
  let memory: Tensor = tf.zeros([hidden, size]);
  const logits: Tensor[] = [];
  for (let step = 0; step < windowWeeks; step++) {
    const own = steps.subarray(step * stepWidth * size, (step + 1) * stepWidth * size);
    const read = tf.matMul(tables.stepToGates, tf.tensor2d(own, [stepWidth, size]));
    const gates = tf.add(tf.add(read, who), tf.matMul(tables.stateToGates, state as Tensor2D));
    const [taken, kept, shown, fresh] = tf.split(gates, 4, 0) as [Tensor, Tensor, Tensor, Tensor];
    memory = tf.add(tf.mul(tf.sigmoid(kept), memory), tf.mul(tf.sigmoid(taken), tf.tanh(fresh)));
    state = tf.mul(tf.sigmoid(shown), tf.tanh(memory));
    logits.push(tf.matMul(tables.answer, state as Tensor2D));
  }
  const penalty = tf.mul(tf.add(tf.mean(tf.square(product)), tf.mean(tf.square(place))), vectorRidge);
  return { logits: tf.add(tf.concat(logits, 0), tables.answerBias), penalty };
}
