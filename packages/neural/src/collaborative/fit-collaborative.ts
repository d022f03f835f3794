import { invariant, seededRng, type Rng } from "@almanac/kernel";
import type { Rank, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "../backend/load-backend.ts";
import { joint, shapeOf, tableNames, tower, type CollaborativeModel, type TableName } from "./model.ts";

export interface CollaborativeData {
  readonly featureNames: readonly string[];
  /** Person by person, as many numbers as there are names. */
  readonly features: Float32Array;
  readonly itemCount: number;
  /** Different things that each person chose: those of person u are `items[starts[u] .. starts[u + 1])`. */
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

export interface CollaborativeOptions {
  readonly epochs?: number;
  /** Things not chosen, drawn for each that was: 4. */
  readonly negatives?: number;
  readonly batch?: number;
  readonly rate?: number;
  /** L2 penalty on the rows of a batch: 1e-5. */
  readonly ridge?: number;
  readonly seed?: number;
  /** Called after every epoch with its mean loss and its seconds. */
  readonly onEpoch?: (epoch: number, loss: number, seconds: number) => void;
}

type Tables = Record<TableName, Variable<Rank.R2>>;

/**
 * Trains the network of `collaborativeScorer` with cross-entropy on choices and, for each, things that were not chosen,
 * drawn anew in every epoch. Adam. Deterministic for a seed on one backend.
 */
export function fitCollaborative(
  tf: Tensorflow,
  data: CollaborativeData,
  options: CollaborativeOptions = {},
): CollaborativeModel {
  const { epochs = 8, negatives = 4, batch = 1_024, rate = 0.003, ridge = 1e-5, seed = 1, onEpoch } = options;
  const width = data.featureNames.length;
  const people = data.starts.length - 1;
  invariant(data.features.length === people * width, "features are people by names");
  const rng = seededRng(seed);
  const tables = startTables(tf, data, rng.fork("start"));
  const optimizer = tf.train.adam(rate);
  const features = tf.tensor2d(data.features, [people, width]);
  const draws = rng.fork("draws");
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = performance.now();
    const samples = drawSamples(data, negatives, draws);
    let loss = 0;
    for (let at = 0; at < samples.order.length; at += batch) {
      const positions = samples.order.subarray(at, at + batch);
      loss += trainOn(tf, tables, optimizer, features, samples, positions, ridge) * positions.length;
    }
    onEpoch?.(epoch, loss / samples.order.length, (performance.now() - from) / 1_000);
  }
  const model: CollaborativeModel = {
    featureNames: data.featureNames,
    itemCount: data.itemCount,
    tables: Object.fromEntries(
      tableNames.map((name) => [name, Float32Array.from(tables[name].dataSync())]),
    ) as Record<TableName, Float32Array>,
  };
  for (const name of tableNames) tables[name].dispose();
  features.dispose();
  optimizer.dispose();
  return model;
}

/** Small numbers by chance; a thing starts from how often it is chosen. */
function startTables(tf: Tensorflow, data: CollaborativeData, rng: Rng): Tables {
  const counts = new Float64Array(data.itemCount);
  for (const item of data.items) counts[item]! += 1;
  const people = data.starts.length - 1;
  return Object.fromEntries(
    tableNames.map((name) => {
      const [rows, columns] = shapeOf(name, data.featureNames.length, data.itemCount);
      const spread =
        name === "items" ? 0.1 : name.endsWith("Bias") ? 0 : name === "product" ? 0 : Math.sqrt(1 / rows);
      const values = Float32Array.from({ length: rows * columns }, () => spread * rng.normal());
      if (name === "product") values.fill(1);
      if (name === "itemBias")
        values.forEach((_, item) => (values[item] = 0.7 * Math.log((counts[item]! + 1) / (people + 2))));
      const start = tf.tensor2d(values, [rows, columns]);
      const variable = tf.variable(start);
      start.dispose();
      return [name, variable];
    }),
  ) as Tables;
}

interface Samples {
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly labels: Float32Array;
  readonly order: Int32Array;
}

/** Every choice, and after it things that its person did not choose; in an order by chance. */
function drawSamples({ starts, items, itemCount }: CollaborativeData, negatives: number, rng: Rng): Samples {
  const size = items.length * (1 + negatives);
  const samples: Samples = {
    users: new Int32Array(size),
    items: new Int32Array(size),
    labels: new Float32Array(size),
    order: Int32Array.from({ length: size }, (_, at) => at),
  };
  let place = 0;
  for (let user = 0; user + 1 < starts.length; user++) {
    const own = new Set(items.subarray(starts[user]!, starts[user + 1]!));
    for (const item of own) {
      for (let n = 0; n <= negatives; n++, place++) {
        let drawn = item;
        // Somebody who has chosen nearly everything is given up on after a few tries.
        for (let tries = 0; n > 0 && tries < 20 && own.has(drawn); tries++) drawn = rng.int(itemCount);
        samples.users[place] = user;
        samples.items[place] = drawn;
        samples.labels[place] = n === 0 ? 1 : 0;
      }
    }
  }
  for (let at = size - 1; at > 0; at--) {
    const other = rng.int(at + 1);
    const kept = samples.order[at]!;
    samples.order[at] = samples.order[other]!;
    samples.order[other] = kept;
  }
  return samples;
}

/** One step; the loss before it. */
function trainOn(
  tf: Tensorflow,
  tables: Tables,
  optimizer: ReturnType<Tensorflow["train"]["adam"]>,
  features: Tensor2D,
  samples: Samples,
  positions: Int32Array,
  ridge: number,
): number {
  return tf.tidy(() => {
    const pick = (values: Int32Array): Int32Array => positions.map((at) => values[at]!);
    const users = tf.gather(features, tf.tensor1d(pick(samples.users), "int32"));
    const items = tf.tensor1d(pick(samples.items), "int32");
    const labels = tf.tensor2d(
      Float32Array.from(positions, (at) => samples.labels[at]!),
      [positions.length, 1],
    );
    const { value, grads } = tf.variableGrads(() => {
      const { logits, penalty } = forward(tf, tables, users as Tensor2D, items);
      return tf.add(crossEntropy(tf, logits, labels), tf.mul(penalty, ridge)) as Scalar;
    });
    optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0]);
    return value.dataSync()[0]!;
  });
}

function forward(tf: Tensorflow, tables: Tables, users: Tensor2D, items: Tensor) {
  const table = (name: TableName): Tensor2D => tables[name];
  const hidden = tf.relu(tf.add(tf.matMul(users, table("userHidden")), table("userHiddenBias")));
  const user = tf.add(tf.matMul(hidden as Tensor2D, table("userOut")), table("userOutBias")) as Tensor2D;
  const item = tf.gather(table("items"), items as never) as Tensor2D;
  const both = tf.add(
    tf.add(tf.matMul(user, table("jointUser")), tf.matMul(item, table("jointItem"))),
    table("jointBias"),
  );
  const logits = tf.add(
    tf.add(
      tf.matMul(tf.relu(both) as Tensor2D, table("jointOut")),
      tf.matMul(tf.mul(user, item) as Tensor2D, table("product")),
    ),
    tf.gather(table("itemBias"), items as never),
  );
  const penalty = tf.add(tf.mean(tf.square(item)), tf.mean(tf.square(user)));
  return { logits, penalty: tf.mul(penalty, tower + joint) };
}

/** Mean cross-entropy of log-odds by weights that sum to `total`, with the gradient in its short form. */
export function crossEntropy(
  tf: Tensorflow,
  logits: Tensor,
  labels: Tensor,
  { weights, total = logits.size }: { readonly weights?: Tensor; readonly total?: number } = {},
): Tensor {
  return tf.customGrad((...args: unknown[]) => {
    const [given, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const probability = tf.sigmoid(given);
    save([probability]);
    const kept = tf.clipByValue(probability, 1e-7, 1 - 1e-7);
    const each = tf.neg(
      tf.add(tf.mul(labels, tf.log(kept)), tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, kept)))),
    );
    const value = tf.div(tf.sum(weights ? tf.mul(each, weights) : each), total);
    return {
      value,
      gradFunc: (slope: Tensor, saved: Tensor[]) => {
        const difference = tf.sub(saved[0]!, labels);
        return tf.mul(slope, tf.div(weights ? tf.mul(difference, weights) : difference, total));
      },
    };
  })(logits);
}
