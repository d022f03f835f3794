import type { Rng } from "@almanac/kernel";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { AdamTable } from "./adam-table.ts";
import { learnByUser, poolHistory } from "./pooled-history.ts";

export interface NcfOptions {
  readonly rng: Rng;
  /** Width of the product half and of the network half of a vector, each. */
  readonly dimensions?: number;
  readonly hidden?: number;
  /** Times that every user is gone over. */
  readonly rounds?: number;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Items that are not the user's, taken as refused, for each that is. */
const drawsPerItem = 4;

/**
 * Neural collaborative filtering: the log-odds that a person takes an item are a weighted product of two vectors plus a
 * network with one hidden layer over two more, plus a bias of the item, fitted by cross-entropy against drawn items. The
 * person is the pool of their items.
 *
 * He et al. (2017), "Neural collaborative filtering" (NeuMF, both halves learned together).
 */
export function fitNcf(interactions: SparseRows, options: NcfOptions): ItemScorer {
  const { rng, dimensions: d = 32, hidden: h = 16, rounds = 15 } = options;
  const { learningRate = 0.003, weightDecay = 0.01 } = options;
  const adam = { learningRate, weightDecay };
  const gentle = { learningRate: learningRate / 3, weightDecay };
  const items = interactions.columnCount;
  const table = (rows: number, width: number, spread: number, label: string, how = adam): AdamTable =>
    new AdamTable(rows, width, spread, rng.fork(label), how);
  /** Product half, then network half. */
  const sources = table(items, 2 * d, 0.1, "sources");
  /** The same, then the bias of the item. */
  const targets = table(items, 2 * d + 1, 0.1, "targets");
  for (let item = 0; item < items; item++) targets.values[item * (2 * d + 1) + 2 * d] = 0;
  /** One row a hidden unit: weights of the person, of the item, its own bias. */
  const layer = table(h, 2 * d + 1, 1 / Math.sqrt(d), "layer", gentle);
  /** Weights of the product, then of the hidden units. */
  const output = table(1, d + h, 0.1, "output", gentle);
  for (let k = 0; k < d; k++) output.values[k] = 1;

  const active = new Float64Array(h);
  const itemSlope = new Float64Array(2 * d + 1);
  const unitSlope = new Float64Array(2 * d + 1);
  const outputSlope = new Float64Array(d + h);

  const learnOne = (person: Float64Array, item: number, taken: number, gradient: Float64Array): void => {
    const [p, q] = [person, targets.values];
    const at = item * (2 * d + 1);
    let odds = q[at + 2 * d]!;
    for (let k = 0; k < d; k++) odds += output.values[k]! * p[k]! * q[at + k]!;
    for (let unit = 0; unit < h; unit++) {
      const row = unit * (2 * d + 1);
      let sum = layer.values[row + 2 * d]!;
      for (let k = 0; k < d; k++)
        sum += layer.values[row + k]! * p[d + k]! + layer.values[row + d + k]! * q[at + d + k]!;
      active[unit] = Math.max(0, sum);
      odds += output.values[d + unit]! * active[unit]!;
    }
    const wrong = 1 / (1 + Math.exp(-odds)) - taken;
    itemSlope.fill(0);
    itemSlope[2 * d] = wrong;
    for (let k = 0; k < d; k++) {
      const weight = wrong * output.values[k]!;
      gradient[k]! += weight * q[at + k]!;
      itemSlope[k] = weight * p[k]!;
      outputSlope[k] = wrong * p[k]! * q[at + k]!;
    }
    for (let unit = 0; unit < h; unit++) {
      outputSlope[d + unit] = wrong * active[unit]!;
      if (active[unit] === 0) continue;
      const row = unit * (2 * d + 1);
      const through = wrong * output.values[d + unit]!;
      for (let k = 0; k < d; k++) {
        gradient[d + k]! += through * layer.values[row + k]!;
        itemSlope[d + k]! += through * layer.values[row + d + k]!;
        unitSlope[k] = through * p[d + k]!;
        unitSlope[d + k] = through * q[at + d + k]!;
      }
      unitSlope[2 * d] = through;
      layer.descend(unit, unitSlope);
    }
    targets.descend(item, itemSlope);
    output.descend(0, outputSlope);
  };
  learnByUser(
    interactions,
    sources,
    (person, item, draw, gradient) => {
      learnOne(person, item, 1, gradient);
      for (let n = 0; n < drawsPerItem; n++) learnOne(person, draw(), 0, gradient);
    },
    { rounds, rng: rng.fork("order"), onProgress: options.onProgress },
  );
  return scorerOf(sources, targets, layer, output, d, h);
}

/** The item's half of each hidden unit is worked out once, so that a list costs `d + 2 h` operations an item. */
function scorerOf(
  sources: AdamTable,
  targets: AdamTable,
  layer: AdamTable,
  output: AdamTable,
  d: number,
  h: number,
): ItemScorer {
  const items = targets.values.length / (2 * d + 1);
  const itemHalf = new Float64Array(items * h);
  for (let item = 0; item < items; item++)
    for (let unit = 0; unit < h; unit++) {
      let sum = layer.values[unit * (2 * d + 1) + 2 * d]!;
      for (let k = 0; k < d; k++)
        sum += layer.values[unit * (2 * d + 1) + d + k]! * targets.values[item * (2 * d + 1) + d + k]!;
      itemHalf[item * h + unit] = sum;
    }
  return {
    name: "ncf",
    addScores(history, scores) {
      const person = poolHistory(history, sources);
      const product = person.subarray(0, d).map((value, k) => value * output.values[k]!);
      const personHalf = Float64Array.from({ length: h }, (_, unit) => {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += layer.values[unit * (2 * d + 1) + k]! * person[d + k]!;
        return sum;
      });
      for (let item = 0; item < scores.length; item++) {
        const at = item * (2 * d + 1);
        let odds = targets.values[at + 2 * d]!;
        for (let k = 0; k < d; k++) odds += product[k]! * targets.values[at + k]!;
        for (let unit = 0; unit < h; unit++) {
          const sum = itemHalf[item * h + unit]! + personHalf[unit]!;
          if (sum > 0) odds += output.values[d + unit]! * sum;
        }
        scores[item]! += odds;
      }
    },
  };
}
