import type { BoostingOptions } from "../trees/boosted-trees.ts";
import type { FeatureTable } from "../trees/feature-table.ts";
import { fitBoostedTrees } from "../trees/fit-boosted-trees.ts";
import { predictBoostedTrees } from "../trees/predict.ts";
import { boundsOf, fitRegressor, type Prediction, type RegressorOptions } from "./fit-regressor.ts";
import { readGroupHistory, type GroupHistory } from "./group-history.ts";
import { blendBySquares, conformalFactor, weighted } from "./regression-blend.ts";
import type { Table } from "./table.ts";
import { fitTreeEncoder } from "./tree-features.ts";

export interface GroupedRows {
  readonly table: Table;
  /** One of every row, also of those to be predicted: each is told its group's earlier ones only. */
  readonly labels: ArrayLike<number>;
  /** One number a row: rows of one number are one group. */
  readonly groups: ArrayLike<number>;
  /** One finite number a row. */
  readonly times: ArrayLike<number>;
}

/** Trees of what is to come beside a base of the last label and the mean of five, in units of the group's size. */
interface TreeMember {
  readonly name: string;
  /** Rows count by their group's size to this power: 2 is the squared error of the labels themselves. */
  readonly power: number;
  /** Targets are kept from further than this from 0. */
  readonly furthest: number;
  readonly settings: BoostingOptions;
}

const shared = { loss: "squared", minChildWeight: 20, ridge: 10, rowShare: 0.8, columnShare: 0.5 } as const;
const treeMembers: readonly TreeMember[] = [
  {
    name: "trees by size",
    power: 2,
    furthest: 1,
    settings: { ...shared, trees: 200, learningRate: 0.03, maxDepth: 4, maxLeaves: 16 },
  },
  {
    name: "shallow trees by size",
    power: 2,
    furthest: 3,
    settings: { ...shared, trees: 120, learningRate: 0.04, maxDepth: 3, maxLeaves: 8 },
  },
  {
    name: "trees by row",
    power: 1,
    furthest: 3,
    settings: { ...shared, trees: 200, learningRate: 0.03, maxDepth: 4, maxLeaves: 16 },
  },
];
/** Shares of the last label in a base that are tried; the rest is the mean of five. */
const lastShares = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
/** Latest times among the learned rows that take turns in being predicted from what came before them. */
const heldOutTimes = 5;
const leastRows = 200;
/** Fits of the same trees to other draws of rows and columns, whose mean is taken. */
const bags = 4;

/**
 * Predicts numbers of groups over time, such as the yield of a crop in a place by year. Trees cannot go beyond what they
 * have seen, so they learn how the next label differs from a base of the group's own past, in units of its size. Blend and
 * bounds are chosen on the latest times of the learned rows, each predicted from earlier times alone. A row whose group
 * has no past is told by its other columns.
 *
 * @param learned rows whose labels may be learned from
 * @param wanted  rows to predict
 */
export async function predictGroups(
  grouped: GroupedRows,
  learned: Int32Array,
  wanted: Int32Array,
  options: RegressorOptions = {},
): Promise<Prediction & { readonly members: Readonly<Record<string, number>> }> {
  const { labels, groups, times, table } = grouped;
  const history = readGroupHistory(labels, groups, times);
  const hasPast = (row: number): boolean => !Number.isNaN(history.last[row]!);
  const learnedPast = learned.filter(hasPast);
  const wantedPast = wanted.filter(hasPast);
  const wantedNew = wanted.filter((row) => !hasPast(row));
  const out: Prediction = {
    mean: new Float64Array(wanted.length),
    lower: new Float64Array(wanted.length),
    upper: new Float64Array(wanted.length),
  };
  const placeOf = new Map(Array.from(wanted, (row, at) => [row, at] as const));
  const place = (rows: Int32Array, told: Prediction): void =>
    rows.forEach((row, n) => {
      for (const key of ["mean", "lower", "upper"] as const) out[key][placeOf.get(row)!] = told[key][n]!;
    });
  if (wantedNew.length > 0)
    place(wantedNew, (await fitRegressor(table, labels, learned, options)).predict(wantedNew));
  const { members, ...told } = await fromPast({ ...grouped, history }, learnedPast, wantedPast, options);
  place(wantedPast, told);
  return { ...out, members };
}

type Past = GroupedRows & { readonly history: GroupHistory };

async function fromPast(
  past: Past,
  learned: Int32Array,
  wanted: Int32Array,
  options: RegressorOptions,
): Promise<Prediction & { members: Record<string, number> }> {
  const { labels, times, history } = past;
  const rounds = learned.length < leastRows ? [] : roundsOf(learned, times);
  const judged = Int32Array.from(rounds.flatMap(({ held }) => [...held]));
  const simple = [history.last, history.meanOfFive];
  const simpleNames = ["last", "mean of five"];
  const perMember: Float64Array[] = await Promise.all(
    treeMembers.map(async (member) => {
      const heldOut: number[] = [];
      for (const { before, held } of rounds)
        heldOut.push(...(await treesFor(past, member, before, held, options)));
      return Float64Array.from(heldOut);
    }),
  );
  const truth = Float64Array.from(judged, (row) => labels[row]!);
  const library = [
    ...simple.map((values: Float64Array, n) => ({
      name: simpleNames[n]!,
      heldOut: Float64Array.from(judged, (row) => values[row]!),
    })),
    ...(judged.length > 0 ? perMember.map((heldOut, n) => ({ name: treeMembers[n]!.name, heldOut })) : []),
  ];
  const weights: Float64Array =
    judged.length > 0 ? shrunk(blendBySquares(library, truth), simple.length) : Float64Array.of(0.6, 0.4);
  const answers = simple.map((values) => Float64Array.from(wanted, (row) => values[row]!));
  for (const [n, member] of treeMembers.entries()) {
    if (judged.length === 0) break;
    const isUsed = weights[simple.length + n]! > 0;
    answers.push(
      isUsed
        ? Float64Array.from(await treesFor(past, member, learned, wanted, options))
        : new Float64Array(wanted.length),
    );
  }
  const mean = weighted(answers, weights);
  const told = weighted(
    library.map(({ heldOut }) => heldOut),
    weights,
  );
  const sizeOf = (row: number): number => 0.02 * history.scale[row]! + history.usualError[row]!;
  const factor =
    judged.length > 0
      ? conformalFactor(
          Float64Array.from(truth, (label, at) => label - told[at]!),
          Float64Array.from(judged, sizeOf),
          options.level ?? 0.8,
        )
      : 2;
  const width = Float64Array.from(wanted, (row) => factor * sizeOf(row));
  return {
    ...boundsOf(mean, width),
    members: Object.fromEntries(library.map(({ name }, at) => [name, weights[at]!])),
  };
}

/** Half way from chosen weights to equal ones of all trees: which trees did best on a few times is mostly chance. */
function shrunk(weights: Float64Array, simple: number): Float64Array {
  const ofTrees = weights.subarray(simple).reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight, at) =>
    at < simple ? weight : 0.5 * weight + (0.5 * ofTrees) / (weights.length - simple),
  );
}

/** The share of the last label that made the least squared error over learned rows; the larger of equal ones. */
function bestLastShare(
  labels: ArrayLike<number>,
  { last, meanOfFive }: GroupHistory,
  learned: Int32Array,
): number {
  let best: number = lastShares[0];
  let bestLoss = Infinity;
  for (const share of lastShares) {
    let loss = 0;
    for (const row of learned)
      loss += (labels[row]! - share * last[row]! - (1 - share) * meanOfFive[row]!) ** 2;
    if (loss <= bestLoss) [best, bestLoss] = [share, loss];
  }
  return best;
}

/** The latest times, each with all learned rows before it; from the earliest. */
function roundsOf(learned: Int32Array, times: ArrayLike<number>): { before: Int32Array; held: Int32Array }[] {
  const distinct = [...new Set(Array.from(learned, (row) => times[row]!))].sort((a, b) => a - b);
  return distinct
    .slice(-heldOutTimes)
    .map((time) => ({
      before: learned.filter((row) => times[row]! < time),
      held: learned.filter((row) => times[row] === time),
    }))
    .filter(({ before }) => before.length >= leastRows / 2);
}

async function treesFor(
  { table, labels, history }: Past,
  { power, furthest, settings }: TreeMember,
  learned: Int32Array,
  wanted: Int32Array,
  { seed = 1, fitTrees = fitBoostedTrees }: RegressorOptions,
): Promise<Float64Array> {
  const { last, meanOfFive, scale } = history;
  const lastShare = bestLastShare(labels, history, learned);
  const baseOf = (row: number): number => lastShare * last[row]! + (1 - lastShare) * meanOfFive[row]!;
  const targets = new Float64Array(table.rowCount);
  for (const row of learned) {
    const target = (labels[row]! - baseOf(row)) / scale[row]!;
    targets[row] = Math.max(-furthest, Math.min(furthest, target));
  }
  const encoder = fitTreeEncoder(table, targets, learned);
  const sizes = Float64Array.from(learned, (row) => scale[row]! ** power);
  const meanSize = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const data = {
    features: beside(encoder.learned(), history, learned),
    labels: Float64Array.from(learned, (row) => targets[row]!),
    weights: sizes.map((size) => size / meanSize),
  };
  const asked = beside(encoder.encode(wanted), history, wanted);
  const told = await Promise.all(
    Array.from({ length: bags }, async (_, bag) =>
      predictBoostedTrees(await fitTrees(data, { ...settings, seed: seed * bags + bag }), asked),
    ),
  );
  return weighted(told, new Float64Array(bags).fill(1 / bags)).map(
    (value, at) => baseOf(wanted[at]!) + value * scale[wanted[at]!]!,
  );
}

/** A row's own columns, and beside them its group's past. */
function beside(own: FeatureTable, history: GroupHistory, rows: Int32Array): FeatureTable {
  const width = own.width + history.width;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => {
    values.set(own.values.subarray(at * own.width, (at + 1) * own.width), at * width);
    values.set(
      history.features.subarray(row * history.width, (row + 1) * history.width),
      at * width + own.width,
    );
  });
  return { width, values, ...(own.categories && { categories: own.categories }) };
}
