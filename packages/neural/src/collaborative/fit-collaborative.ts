import { invariant, seededRng, type Rng } from "@almanac/kernel";
import { AdamTable } from "../learning/adam.ts";
import { learnBatch, type Groups, type LearnedTables } from "./learn-batch.ts";
import { shapeOf, tableNames, type CollaborativeModel, type TableName } from "./model.ts";

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
  /** Choices and drawn things of a step: 1,024, in whole groups of a choice and what was drawn beside it. */
  readonly batch?: number;
  readonly rate?: number;
  /** L2 penalty on the rows of a batch: 1e-5. */
  readonly ridge?: number;
  readonly seed?: number;
  /** Called after every epoch with its mean loss and its seconds. */
  readonly onEpoch?: (epoch: number, loss: number, seconds: number) => void;
}

/**
 * Trains the network of `collaborativeScorer` with cross-entropy on choices and, for each, things that were not chosen,
 * drawn anew in every epoch. Adam. Deterministic for a seed, on plain arrays: with a network this small they take a third of
 * the time that TensorFlow.js does (docs/benches/ml.md), and a process without it can learn too.
 */
export function fitCollaborative(
  data: CollaborativeData,
  options: CollaborativeOptions = {},
): CollaborativeModel {
  const { epochs = 4, negatives = 4, batch = 1_024, rate = 0.003, ridge = 1e-5, seed = 1, onEpoch } = options;
  const featureCount = data.featureNames.length;
  const people = data.starts.length - 1;
  invariant(data.features.length === people * featureCount, "features are people by names");
  const rng = seededRng(seed);
  const tables = startTables(data, rng.fork("start"));
  const draws = rng.fork("draws");
  const groupsAtOnce = Math.max(1, Math.round(batch / (1 + negatives)));
  const { features } = data;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = performance.now();
    const { groups, order } = drawGroups(data, negatives, draws);
    let loss = 0;
    for (let at = 0; at < order.length; at += groupsAtOnce) {
      const places = order.subarray(at, at + groupsAtOnce);
      loss += learnBatch(tables, { groups, places, features, featureCount, ridge }) * places.length;
      step += 1;
      for (const name of tableNames) tables[name].apply(rate, step);
    }
    onEpoch?.(epoch, loss / order.length, (performance.now() - from) / 1_000);
  }
  return {
    featureNames: data.featureNames,
    itemCount: data.itemCount,
    tables: Object.fromEntries(tableNames.map((name) => [name, tables[name].values])) as Record<
      TableName,
      Float32Array
    >,
  };
}

/** Small numbers by chance; a thing starts from how often it is chosen. */
function startTables(data: CollaborativeData, rng: Rng): LearnedTables {
  const counts = new Float64Array(data.itemCount);
  for (const item of data.items) counts[item]! += 1;
  const people = data.starts.length - 1;
  return Object.fromEntries(
    tableNames.map((name): [TableName, AdamTable] => {
      const [rows, columns] = shapeOf(name, data.featureNames.length, data.itemCount);
      const spread =
        name === "items" ? 0.1 : name.endsWith("Bias") ? 0 : name === "product" ? 0 : Math.sqrt(1 / rows);
      const values = Float32Array.from({ length: rows * columns }, () => spread * rng.normal());
      if (name === "product") values.fill(1);
      if (name === "itemBias")
        values.forEach((_, item) => (values[item] = 0.7 * Math.log((counts[item]! + 1) / (people + 2))));
      return [name, new AdamTable(values)];
    }),
  ) as LearnedTables;
}

/** Every choice with things beside it that its person did not choose; in an order by chance. */
function drawGroups(
  { starts, items, itemCount }: CollaborativeData,
  negatives: number,
  rng: Rng,
): { groups: Groups; order: Int32Array } {
  const size = items.length;
  const width = 1 + negatives;
  const groups = { width, users: new Int32Array(size), items: new Int32Array(size * width) };
  const own = new Uint8Array(itemCount);
  for (let user = 0; user + 1 < starts.length; user++) {
    const [from, to] = [starts[user]!, starts[user + 1]!];
    for (let at = from; at < to; at++) own[items[at]!] = 1;
    for (let place = from; place < to; place++) {
      groups.users[place] = user;
      for (let n = 0; n < width; n++) {
        let drawn = items[place]!;
        // Somebody who has chosen nearly everything is given up on after a few tries.
        for (let tries = 0; n > 0 && tries < 20 && own[drawn] === 1; tries++) drawn = rng.int(itemCount);
        groups.items[place * width + n] = drawn;
      }
    }
    for (let at = from; at < to; at++) own[items[at]!] = 0;
  }
  const order = Int32Array.from({ length: size }, (_, at) => at);
  for (let at = size - 1; at > 0; at--) {
    const other = rng.int(at + 1);
    const kept = order[at]!;
    order[at] = order[other]!;
    order[other] = kept;
  }
  return { groups, order };
}
