import { invariant, seededRng } from "@almanac/kernel";
import type { BoostedTrees, BoostingOptions, TrainingData } from "../trees/boosted-trees.ts";
import { fitBoostedTrees } from "../trees/fit-boosted-trees.ts";
import { predictBoostedTrees } from "../trees/predict.ts";
import { blendBySquares, conformalFactor, weighted } from "./regression-blend.ts";
import type { Table } from "./table.ts";
import { fitTreeEncoder } from "./tree-features.ts";

export type FitTrees = (data: TrainingData, options: BoostingOptions) => Promise<BoostedTrees> | BoostedTrees;

export interface RegressorOptions {
  readonly seed?: number;
  /** Share of new rows that an interval is to hold: .8. */
  readonly level?: number;
  /** Fits trees, in a thread for instance; `fitBoostedTrees` unless told. Has to give the same as that. */
  readonly fitTrees?: FitTrees;
}

/** Numbers with bounds; in the order of the rows that were asked for. */
export interface Prediction {
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Regressor {
  readonly predict: (rows: ArrayLike<number>) => Prediction;
  /** Share of each member in the blend. */
  readonly members: Readonly<Record<string, number>>;
}

const parts = 5;
const leastRows = 30;
const treeSettings: Readonly<Record<string, BoostingOptions>> = {
  "depth 3": {
    maxDepth: 3,
    maxLeaves: 8,
    learningRate: 0.06,
    minChildWeight: 5,
    rowShare: 0.8,
    columnShare: 0.6,
  },
  "depth 6": {
    maxDepth: 6,
    maxLeaves: 31,
    learningRate: 0.05,
    minChildWeight: 5,
    rowShare: 0.8,
    columnShare: 0.6,
  },
  "depth 10": {
    maxDepth: 10,
    maxLeaves: 127,
    learningRate: 0.06,
    minChildWeight: 3,
    rowShare: 0.8,
    columnShare: 0.8,
  },
};

/**
 * Learns a number from some rows of a table: boosted trees of two depths, fitted once for each held-out part of the rows
 * and blended by their squared error there. How far off they are in which rows is learned by trees of its own, and sizes
 * the bounds (conformal prediction, normalised).
 *
 * @param labels one of every row of the table; only those of `rows` are read, which are finite
 */
export async function fitRegressor(
  table: Table,
  labels: ArrayLike<number>,
  rows: Int32Array,
  { seed = 1, level = 0.8, fitTrees = fitBoostedTrees }: RegressorOptions = {},
): Promise<Regressor> {
  const own = Float64Array.from(rows, (row) => labels[row]!);
  invariant(own.every(Number.isFinite), "a label is not a finite number");
  if (rows.length < leastRows) return meanRegressor(own, level);
  const partOf = dealParts(rows.length, seed);
  const fit = (targets: ArrayLike<number>, settings: BoostingOptions): Promise<PartFits> =>
    fitParts({ table, rows, partOf, seed, fitTrees }, targets, settings);
  const members = await Promise.all(
    Object.entries(treeSettings).map(async ([name, settings]) => ({ name, ...(await fit(own, settings)) })),
  );
  const weights = blendBySquares(members, own);
  const heldOut = weighted(
    members.map((member) => member.heldOut),
    weights,
  );
  const errors = own.map((label, at) => label - heldOut[at]!);
  const sizes = await fit(errors.map(Math.abs), treeSettings["depth 3"]!);
  const least = leastSize(errors);
  const sizeOf = (size: number): number => Math.max(least, size);
  const factor = conformalFactor(errors, sizes.heldOut.map(sizeOf), level);
  return {
    members: Object.fromEntries(members.map(({ name }, at) => [name, weights[at]!])),
    predict(wanted) {
      const mean = weighted(
        members.map((member) => member.predict(wanted)),
        weights,
      );
      const width = sizes.predict(wanted).map((size) => factor * sizeOf(size));
      return boundsOf(mean, width);
    },
  };
}

export function boundsOf(mean: Float64Array, width: Float64Array): Prediction {
  return {
    mean,
    lower: mean.map((value, at) => value - width[at]!),
    upper: mean.map((value, at) => value + width[at]!),
  };
}

/** A tenth of the middle error: what no error is expected to be smaller than. Above 0. */
function leastSize(errors: Float64Array): number {
  const sorted = errors.map(Math.abs).sort();
  return 0.1 * sorted[sorted.length >> 1]! || 1e-9;
}

function meanRegressor(own: Float64Array, level: number): Regressor {
  const mean = own.length === 0 ? 0 : own.reduce((sum, label) => sum + label, 0) / own.length;
  const width = conformalFactor(
    own.map((label) => label - mean),
    new Float64Array(own.length).fill(1),
    level,
  );
  return {
    members: { mean: 1 },
    predict: (rows) =>
      boundsOf(new Float64Array(rows.length).fill(mean), new Float64Array(rows.length).fill(width)),
  };
}

function dealParts(count: number, seed: number): Uint8Array {
  const order = seededRng(seed)
    .fork("parts")
    .shuffle(Array.from({ length: count }, (_, at) => at));
  const partOf = new Uint8Array(count);
  order.forEach((at, n) => (partOf[at] = n % parts));
  return partOf;
}

interface PartFrame {
  readonly table: Table;
  readonly rows: Int32Array;
  readonly partOf: Uint8Array;
  readonly seed: number;
  readonly fitTrees: FitTrees;
}

interface PartFits {
  /** What the model of the other parts says of each learned row. */
  readonly heldOut: Float64Array;
  /** The mean of all parts' models. */
  predict(rows: ArrayLike<number>): Float64Array;
}

/** Trees for each part, on the rows outside of it, ended where they do best inside. */
async function fitParts(
  { table, rows, partOf, seed, fitTrees }: PartFrame,
  targets: ArrayLike<number>,
  settings: BoostingOptions,
): Promise<PartFits> {
  const byRow = new Map<number, number>();
  rows.forEach((row, at) => byRow.set(row, targets[at]!));
  const heldOut = new Float64Array(rows.length);
  const all = Int32Array.from(partOf.keys());
  const models = await Promise.all(
    Array.from({ length: parts }, async (_, part) => {
      const inside = all.filter((at) => partOf[at] === part);
      const outside = all.filter((at) => partOf[at] !== part);
      const outsideRows = outside.map((at) => rows[at]!);
      const scaled = scaleOf(outside, targets);
      const scaledRow = new Float64Array(table.rowCount);
      for (const [row, target] of byRow) scaledRow[row] = (target - scaled.mean) / scaled.spread;
      const encoder = fitTreeEncoder(table, scaledRow, outsideRows);
      const at = (positions: Int32Array): Float64Array =>
        Float64Array.from(positions, (position) => scaledRow[rows[position]!]!);
      const insideFeatures = encoder.encode(inside.map((position) => rows[position]!));
      const model = await fitTrees(
        { features: encoder.learned(), labels: at(outside) },
        {
          ...settings,
          loss: "squared",
          trees: 800,
          patience: 40,
          seed: seed * 31 + part,
          validation: { features: insideFeatures, labels: at(inside) },
        },
      );
      const answer = (features: Parameters<typeof predictBoostedTrees>[1]): Float64Array =>
        predictBoostedTrees(model, features).map((value) => scaled.mean + scaled.spread * value);
      answer(insideFeatures).forEach((value, n) => (heldOut[inside[n]!] = value));
      return (wanted: ArrayLike<number>) => answer(encoder.encode(wanted));
    }),
  );
  return {
    heldOut,
    predict: (wanted) =>
      weighted(
        models.map((predict) => predict(wanted)),
        new Float64Array(parts).fill(1 / parts),
      ),
  };
}

/** Mean and standard deviation of some targets; the latter is 1 where they are all equal. */
function scaleOf(positions: Int32Array, targets: ArrayLike<number>): { mean: number; spread: number } {
  let sum = 0;
  for (const at of positions) sum += targets[at]!;
  const mean = sum / positions.length;
  let squares = 0;
  for (const at of positions) squares += (targets[at]! - mean) ** 2;
  return { mean, spread: Math.sqrt(squares / positions.length) || 1 };
}
