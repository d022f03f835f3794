import { days } from "@almanac/kernel";
import {
  applyPlatt,
  areaUnderCurve,
  brierScore,
  calibrationBins,
  calibrationError,
  columnGains,
  contributionsOf,
  countCover,
  expectedPurchases,
  expectedSpend,
  fitBoostedTrees,
  fitLogisticRegression,
  fitPlatt,
  logistic,
  logLoss,
  parseBoostedTrees,
  predictBoostedRow,
  predictBoostedTrees,
  serializeBoostedTrees,
  stabilityIndex,
  type BoostedTrees,
  type BoostingOptions,
} from "@almanac/ml";
import {
  baselineInput,
  churnFormat,
  openChurnModel,
  type ChurnArtefact,
  type ChurnMember,
  type ChurnScores,
  type Scaling,
} from "../core/shoppers/churn-model.ts";
import { churnRows, splitByTime, type ChurnRows } from "../core/shoppers/churn-rows.ts";
import { sha256 } from "../core/kinds/content-hash.ts";
import { isAway } from "../core/shoppers/churn-label.ts";
import { featuresOf, shopperFeatures, shopperSignature } from "../core/shoppers/features.ts";
import type {
  Mathematics,
  ModelMetrics,
  TrainingOptions,
  TrainingOutcome,
  TrainingWorld,
} from "../core/kinds/family.ts";
import { countInto, histogramOf, scoreEdges, type Histogram } from "../core/decisions/histogram.ts";
import { knownBy } from "../core/shoppers/history.ts";
import { pairedInterval, type Interval } from "../core/decisions/interval.ts";
import { inputOf } from "../core/kinds/signature.ts";

/** What opens a model here, in the thread, where everything is there anyway. */
export const mathematics: Mathematics = {
  applyPlatt,
  contributionsOf,
  expectedPurchases,
  expectedSpend,
  logistic,
  parseBoostedTrees,
  predictBoostedRow,
  stabilityIndex,
};

const leastTrained = 200;
const leastTested = 100;
const leastOfEach = 20;
const folds = 4;
const goldenRows = 20;
/**
 * Half-life of what a row says of how often such shoppers stay away, in days: the answer is asked for later than all that was
 * learned, and shares move. Chosen on windows within the learned rows of both data sets of docs/benches/models.md.
 */
const calibrationHalfLifeDays = 45;

/** Shallow trees that learn slowly: rows of one shopper at many cut-offs are alike, and deep trees learn them by heart. */
const treeSettings: BoostingOptions = {
  loss: "logistic",
  maxDepth: 3,
  maxLeaves: 8,
  learningRate: 0.05,
  minChildWeight: 8,
  ridge: 5,
  rowShare: 0.7,
  columnShare: 0.6,
  trees: 400,
};
const patience = 25;

/**
 * Learns churn. The latest cut-offs are held back and only judged on; the number of trees and the calibration are found by
 * turns on shoppers that were left out, the calibration by the latest of their rows above all. What is shipped is what was
 * judged: it is not fitted again on the test.
 */
export function trainChurn(
  { histories, seasonOf, until }: TrainingWorld,
  { seed, champion, onProgress }: TrainingOptions,
): TrainingOutcome {
  const rows = churnRows(histories, seasonOf, until);
  onProgress?.(0.2);
  const split = splitByTime(rows);
  const problem = split
    ? whyTooLittle(rows, split.train, split.test)
    : "Nobody has ordered for long enough to learn from.";
  if (!split || problem !== undefined)
    return { kind: "insufficient", why: problem!, rows: rows.labels.length };

  const train = partOf(rows, split.train);
  const test = partOf(rows, split.test);
  const { trees, calibration } = fitTrees(train, seed, (share) => onProgress?.(0.2 + 0.6 * share));
  const baselines = {
    recency: fitBaseline("recency", train),
    rhythm: fitBaseline("rhythm", train),
  };
  const parts: Omit<ChurnArtefact, "servedBy"> = {
    format: churnFormat,
    trees: serializeBoostedTrees(trees),
    cover: packed(countCover(trees, train)),
    calibration,
    baselines,
  };
  const judged = judge(
    openChurnModel(encode({ ...parts, servedBy: "trees" }), mathematics).members,
    test,
    seed,
  );
  onProgress?.(0.9);
  const artefact = encode({ ...parts, servedBy: judged.servedBy });
  const model = openChurnModel(artefact, mathematics);
  const shown = [...test.labels.keys()].slice(0, goldenRows);
  const scores = Float64Array.from(test.labels, (_, row) =>
    model.members[judged.servedBy](test.values, row * test.width),
  );
  return {
    kind: "trained",
    artefact,
    golden: shown.map((row) => {
      const input = inputOf(shopperSignature, test.values, row * test.width);
      const columns = Float64Array.from(shopperSignature, ({ name }) => input[name] ?? Number.NaN);
      return { input, score: model.score(columns) };
    }),
    metrics: {
      ...judged,
      rowsLearned: train.labels.length,
      rowsTested: test.labels.length,
      testFrom: new Date(split.testFrom).toISOString(),
      calibration: calibrationBins(scores, test.labels),
      lift: liftOf(scores, test.labels),
      weights: weightsOf(trees, judged.servedBy),
    },
    reference: referenceOf({ histories, seasonOf, until }, model),
    settings: { ...treeSettings, treesKept: trees.roots.length, folds, patience, calibrationHalfLifeDays },
    dataHash: sha256(Buffer.concat([bytesOf(rows.values), rows.labels, bytesOf(rows.cutoff)])),
    windowFrom: rows.cutoff[0]!,
    ...(champion && againstChampion(champion, model, test, seed)),
  };
}

/** How the inputs and scores are spread of those whom the model was made for: everybody active at the moment of training. */
function referenceOf(
  { histories, seasonOf, until }: TrainingWorld,
  model: ReturnType<typeof openChurnModel>,
): Record<string, Histogram> {
  const rows = histories.flatMap((history) => {
    const known = knownBy(history, until, seasonOf);
    return known && known.season.isOpen(until) && !isAway(known)
      ? [Float64Array.from(featuresOf(known))]
      : [];
  });
  const scores = Float64Array.from(rows, (columns) => model.score(columns));
  const columns = shopperFeatures.map(({ name }, column) => {
    const values = Float64Array.from(rows, (row) => row[column]!);
    return [name, histogramOf(values)] as const;
  });
  return {
    ...Object.fromEntries(columns),
    score: { edges: scoreEdges, counts: countInto(scoreEdges, scores) },
  };
}

function whyTooLittle({ labels }: ChurnRows, train: Int32Array, test: Int32Array): string | undefined {
  const gone = (rows: Int32Array): number => rows.reduce((sum, row) => sum + labels[row]!, 0);
  if (train.length < leastTrained)
    return `There are ${train.length} examples to learn from, and it takes ${leastTrained}.`;
  if (test.length < leastTested)
    return `There are ${test.length} examples to test on, and it takes ${leastTested}.`;
  const fewest = Math.min(gone(train), train.length - gone(train), gone(test), test.length - gone(test));
  if (fewest < leastOfEach)
    return `Of one outcome there are ${fewest} examples, and it takes ${leastOfEach} of each.`;
  return undefined;
}

interface Rows {
  readonly width: number;
  readonly values: Float32Array;
  readonly labels: Uint8Array;
  readonly shopper: Int32Array;
  readonly cutoff: Float64Array;
}

function partOf({ width, values, labels, shopper, cutoff }: ChurnRows | Rows, wanted: Int32Array): Rows {
  const own = new Float32Array(wanted.length * width);
  wanted.forEach((row, at) => own.set(values.subarray(row * width, (row + 1) * width), at * width));
  return {
    width,
    values: own,
    labels: Uint8Array.from(wanted, (row) => labels[row]!),
    shopper: wanted.map((row) => shopper[row]!),
    cutoff: Float64Array.from(wanted, (row) => cutoff[row]!),
  };
}

/** The later, the more: 1 for the latest, a half for `calibrationHalfLifeDays` before it. */
function weightsByAge({ cutoff }: Rows): Float64Array {
  const latest = cutoff.reduce((most, at) => Math.max(most, at), 0);
  return cutoff.map((at) => 2 ** ((at - latest) / days(calibrationHalfLifeDays)));
}

function fitTrees(
  train: Rows,
  seed: number,
  onProgress: (share: number) => void,
): { trees: BoostedTrees; calibration: { slope: number; shift: number } } {
  const all = Int32Array.from(train.labels.keys());
  const logits = new Float64Array(train.labels.length);
  let kept = 0;
  for (let fold = 0; fold < folds; fold++) {
    // By shopper: at another cut-off the same shopper would be known already.
    const inside = all.filter((row) => train.shopper[row]! % folds === fold);
    const outside = all.filter((row) => train.shopper[row]! % folds !== fold);
    const validation = { features: partOf(train, inside), labels: partOf(train, inside).labels };
    const learned = partOf(train, outside);
    const model = fitBoostedTrees(
      { features: learned, labels: learned.labels },
      { ...treeSettings, seed: seed * 31 + fold, validation, patience },
    );
    predictBoostedTrees(model, validation.features).forEach((logit, at) => (logits[inside[at]!] = logit));
    kept += model.roots.length;
    onProgress((fold + 1) / (folds + 1));
  }
  const trees = fitBoostedTrees(
    { features: train, labels: train.labels },
    { ...treeSettings, seed, trees: Math.max(1, Math.round(kept / folds)) },
  );
  return { trees, calibration: fitPlatt(logits, train.labels, weightsByAge(train)) };
}

/** Logistic regression on the one thing that a baseline looks at, moved towards the latest rows as the trees are. */
function fitBaseline(member: Exclude<ChurnMember, "trees">, train: Rows): Scaling {
  const { values, width, labels } = train;
  const rows = {
    width: 1,
    offsets: Int32Array.from({ length: labels.length + 1 }, (_, at) => at),
    index: new Int32Array(labels.length),
    value: Float32Array.from(labels, (_, row) => baselineInput(member, values, row * width)),
  };
  const { weights, intercept } = fitLogisticRegression(rows, labels, 1e-3);
  const logits = Float64Array.from(rows.value, (input) => weights[0]! * input + intercept);
  const { slope, shift } = fitPlatt(logits, labels, weightsByAge(train));
  return { slope: slope * weights[0]!, shift: slope * intercept + shift };
}

/** Each member on the test; the learned one serves if the interval of what it gains over the best baseline is above 0. */
function judge(
  members: ChurnScores,
  test: Rows,
  seed: number,
): Pick<ModelMetrics, "measures" | "gain" | "verdict"> & { servedBy: ChurnMember } {
  const scored = Object.entries(members).map(([name, score]) => ({
    name: name as ChurnMember,
    scores: Float64Array.from(test.labels, (_, row) => score(test.values, row * test.width)),
  }));
  const measures = [
    ["AUC", "higher", areaUnderCurve],
    ["log-loss", "lower", logLoss],
    ["Brier score", "lower", brierScore],
    ["calibration error", "lower", calibrationError],
  ] as const;
  const lossOf = (name: string): number =>
    logLoss(scored.find((one) => one.name === name)!.scores, test.labels);
  const best = lossOf("recency") <= lossOf("rhythm") ? "recency" : "rhythm";
  const scoresOf = (name: ChurnMember): Float64Array => scored.find((one) => one.name === name)!.scores;
  const gain = compare(scoresOf(best), scoresOf("trees"), test, seed);
  const servedBy = gain.low > 0 ? "trees" : best;
  return {
    servedBy,
    verdict:
      servedBy === "trees"
        ? `The trees lose less than the ${best} baseline, beyond doubt: they serve.`
        : `The trees are not better than the ${best} baseline beyond doubt: the baseline serves.`,
    measures: measures.map(([name, better, measure]) => ({
      name,
      better,
      values: Object.fromEntries(
        scored.map(({ name: member, scores }) => [member, measure(scores, test.labels)]),
      ),
    })),
    gain: { ...gain, against: best, unit: "log-loss" },
  };
}

function compare(
  before: Float64Array,
  after: Float64Array,
  { labels, shopper }: Rows,
  seed: number,
): Interval {
  const lossAt = (scores: Float64Array, row: number): number => logLoss([scores[row]!], [labels[row]!]);
  const differences = Float64Array.from(labels, (_, row) => lossAt(before, row) - lossAt(after, row));
  return pairedInterval(differences, shopper, { seed });
}

function againstChampion(
  bytes: Uint8Array,
  model: ReturnType<typeof openChurnModel>,
  test: Rows,
  seed: number,
): { againstChampion?: Interval } {
  let champion: ReturnType<typeof openChurnModel>;
  try {
    champion = openChurnModel(bytes, mathematics);
  } catch {
    // Made for other features: there is no comparing.
    return {};
  }
  const scoresOf = (of: { score: (columns: Float64Array) => number }): Float64Array =>
    Float64Array.from(test.labels, (_, row) =>
      of.score(Float64Array.from(test.values.subarray(row * test.width, (row + 1) * test.width))),
    );
  return { againstChampion: compare(scoresOf(champion), scoresOf(model), test, seed) };
}

/** Of the most feared tenth, fifth, ... of rows, the share of all losses that is among them. */
export function liftOf(scores: Float64Array, labels: ArrayLike<number>): { share: number; caught: number }[] {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const total = Array.from(labels).reduce((sum, label) => sum + label, 0);
  return Array.from({ length: 10 }, (_, step) => {
    const share = (step + 1) / 10;
    const first = order.slice(0, Math.round(share * order.length));
    return { share, caught: total === 0 ? 0 : first.reduce((sum, row) => sum + labels[row]!, 0) / total };
  });
}

function weightsOf(trees: BoostedTrees, servedBy: ChurnMember): ModelMetrics["weights"] {
  if (servedBy !== "trees")
    return [{ name: servedBy === "recency" ? "openDaysSinceOrder" : "gapRatio", share: 1 }];
  const gains = columnGains(trees);
  const total = gains.reduce((sum, gain) => sum + gain, 0) || 1;
  return shopperFeatures
    .map(({ name }, column) => ({ name, share: gains[column]! / total }))
    .sort((a, b) => b.share - a.share);
}

const encode = (artefact: ChurnArtefact): Uint8Array => Buffer.from(JSON.stringify(artefact));
const packed = (values: Float64Array): string => bytesOf(values).toString("base64");
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
