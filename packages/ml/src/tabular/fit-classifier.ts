import { invariant, seededRng } from "@almanac/kernel";
import { applyRisingCurve, fitRisingCurve } from "../calibration/rising-curve.ts";
import {
  fitLogisticRegression,
  predictLogisticRegression,
  type LogisticRegression,
} from "../linear/logistic-regression.ts";
import { logLoss } from "../metrics/binary.ts";
import type { BoostedTrees, BoostingOptions, TrainingData } from "../trees/boosted-trees.ts";
import { fitBoostedTrees } from "../trees/fit-boosted-trees.ts";
import { logistic } from "../trees/losses.ts";
import { predictBoostedTrees } from "../trees/predict.ts";
import { fitLinearEncoder, type LinearEncoder } from "./linear-features.ts";
import type { Table } from "./table.ts";
import { fitTreeEncoder, type TreeEncoder } from "./tree-features.ts";

export const classifierModels = ["auto", "gbdt", "logistic", "prior"] as const;
export type ClassifierModel = (typeof classifierModels)[number];

export interface ClassifierOptions {
  /** "auto" (default) blends what is best on held-out parts of the rows. */
  readonly model?: ClassifierModel;
  readonly seed?: number;
  /** Parts of the rows that take turns in being held out: 5. */
  readonly parts?: number;
  /** Fits trees, in a thread for instance; `fitBoostedTrees` unless told. Has to give the same as that. */
  readonly fitTrees?: (data: TrainingData, options: BoostingOptions) => Promise<BoostedTrees> | BoostedTrees;
  readonly onProgress?: (share: number) => void;
}

export interface Classifier {
  /** Probabilities of the positive class, one for each of these rows of the table. */
  readonly predict: (rows: ArrayLike<number>) => Float64Array;
  readonly report: ClassifierReport;
}

export interface ClassifierReport {
  /** Share of each member in the blend of log-odds. */
  readonly members: Readonly<Record<string, number>>;
  /** Log-loss on held-out rows, of each member by itself and of the blend. */
  readonly heldOutLoss: Readonly<Record<string, number>>;
  /** Part that the rising curve of held-out rows has in a probability. */
  readonly calibration: number;
}

/** Settings of trees that are tried, from shallow to deep; the trees' number is found by stopping early. */
const treeSettings: Readonly<Record<string, BoostingOptions>> = {
  "depth 2": {
    maxDepth: 2,
    maxLeaves: 4,
    learningRate: 0.08,
    minChildWeight: 3,
    rowShare: 0.8,
    columnShare: 0.6,
  },
  "depth 3": {
    maxDepth: 3,
    maxLeaves: 8,
    learningRate: 0.05,
    minChildWeight: 3,
    rowShare: 0.8,
    columnShare: 0.7,
  },
  "depth 4": {
    maxDepth: 4,
    maxLeaves: 16,
    learningRate: 0.04,
    minChildWeight: 5,
    rowShare: 0.7,
    columnShare: 0.8,
    ridge: 5,
  },
  "depth 6": {
    maxDepth: 6,
    maxLeaves: 24,
    learningRate: 0.03,
    minChildWeight: 8,
    rowShare: 0.7,
    columnShare: 0.6,
    ridge: 10,
  },
};
const treesAtMost = 1_200;
const patience = 60;
const ridges = [0.5, 8, 64] as const;
const leastRows = 30;

/** A member on one held-out part: what it says of rows outside of those that it learned from. */
interface PartModel {
  logits(rows: ArrayLike<number>): Float64Array;
}
interface Member {
  readonly name: string;
  readonly parts: readonly PartModel[];
  /** Log-odds of every learned row by the part model that did not see it. */
  readonly heldOut: Float64Array;
  readonly loss: number;
}

/**
 * Learns a yes or no from some rows of a table. Each member (logistic regression, boosted trees of several depths) is
 * fitted once for each held-out part; the blend of their log-odds is chosen by the log-loss on held-out rows
 * alone and bent to how often such rows came true; the answer is the mean of the part models.
 *
 * @param labels 0 or 1 of every row of the table; only those of `rows` are read
 */
export async function fitClassifier(
  table: Table,
  labels: ArrayLike<number>,
  rows: Int32Array,
  options: ClassifierOptions = {},
): Promise<Classifier> {
  const { model = "auto", seed = 1, parts = 5, onProgress } = options;
  const own = Float64Array.from(rows, (row) => labels[row]!);
  invariant(
    own.every((label) => label === 0 || label === 1),
    "a label is 0 or 1",
  );
  const positives = own.reduce((sum, label) => sum + label, 0);
  const isLearnable = rows.length >= leastRows && Math.min(positives, rows.length - positives) >= parts;
  if (model === "prior" || !isLearnable) return priorClassifier(positives, rows.length);

  const partOf = dealParts(own, parts, seed);
  const frame: Frame = { table, labels, rows, own, partOf, parts, seed, options };
  const names = model === "logistic" ? [] : Object.keys(treeSettings);
  const steps = names.length + (model === "gbdt" ? 0 : 1);
  const members: Member[] = [];
  if (model !== "gbdt") members.push(fitLinearMember(frame));
  onProgress?.(members.length / steps);
  for (const name of names) {
    members.push(await fitTreeMember(frame, name));
    onProgress?.(members.length / steps);
  }
  const weights = model === "logistic" ? Float64Array.of(1) : blendWeights(members, own);
  const blended = blend(
    members.map(({ heldOut }) => heldOut),
    weights,
  );
  const curve = fitRisingCurve(blended, own);
  return {
    predict: (wanted) => {
      const logits = blend(
        members.map((member, at) =>
          weights[at]! > 0 ? meanLogits(member.parts, wanted) : new Float64Array(wanted.length),
        ),
        weights,
      );
      return logits.map((logit) => applyRisingCurve(curve, logit));
    },
    report: {
      members: Object.fromEntries(members.map(({ name }, at) => [name, weights[at]!])),
      heldOutLoss: Object.fromEntries([
        ...members.map(({ name, loss }) => [name, loss] as const),
        ["blend", logLoss(blended.map(logistic), own)] as const,
      ]),
      calibration: curve.share,
    },
  };
}

interface Frame {
  readonly table: Table;
  readonly labels: ArrayLike<number>;
  readonly rows: Int32Array;
  readonly own: Float64Array;
  readonly partOf: Uint8Array;
  readonly parts: number;
  readonly seed: number;
  readonly options: ClassifierOptions;
}

/** The same for everybody: the share of positive rows, kept from 0 and 1. */
function priorClassifier(positives: number, total: number): Classifier {
  const share = (positives + 0.5) / (total + 1);
  return {
    predict: (rows) => new Float64Array(rows.length).fill(share),
    report: { members: { prior: 1 }, heldOutLoss: {}, calibration: 0 },
  };
}

/** A part for every row: as many positives in each as can be, dealt by chance. */
function dealParts(own: Float64Array, parts: number, seed: number): Uint8Array {
  const rng = seededRng(seed).fork("parts");
  const partOf = new Uint8Array(own.length);
  for (const label of [0, 1]) {
    const those = [...own.keys()].filter((at) => own[at] === label);
    rng.shuffle(those).forEach((at, n) => (partOf[at] = n % parts));
  }
  return partOf;
}

/** Positions of learned rows inside and outside of a part. */
function splitOf(
  { partOf, rows }: Frame,
  part: number,
): { inside: Int32Array; outside: Int32Array; insideRows: Int32Array; outsideRows: Int32Array } {
  const positions = Int32Array.from(partOf.keys());
  const inside = positions.filter((at) => partOf[at] === part);
  const outside = positions.filter((at) => partOf[at] !== part);
  return {
    inside,
    outside,
    insideRows: inside.map((at) => rows[at]!),
    outsideRows: outside.map((at) => rows[at]!),
  };
}

function fitLinearMember(frame: Frame): Member {
  const perPart = Array.from({ length: frame.parts }, (_, part) => {
    const split = splitOf(frame, part);
    const encoder = fitLinearEncoder(frame.table, frame.labels, split.outsideRows);
    const learned = encoder.learned();
    const labels = split.outside.length === 0 ? [] : Float64Array.from(split.outside, (at) => frame.own[at]!);
    let start: LogisticRegression | undefined;
    const fits = ridges.map((ridge) => (start = fitLogisticRegression(learned, labels, ridge, start)));
    return { split, encoder, fits };
  });
  const candidates = ridges.map((ridge, at) =>
    memberOf(
      `logistic ${ridge}`,
      frame,
      perPart.map(({ encoder, fits }) => linearPart(encoder, fits[at]!)),
    ),
  );
  return candidates.reduce((best, member) => (member.loss < best.loss ? member : best));
}

const linearPart = (encoder: LinearEncoder, model: LogisticRegression): PartModel => ({
  logits: (rows) => predictLogisticRegression(model, encoder.encode(rows)),
});

async function fitTreeMember(frame: Frame, name: string): Promise<Member> {
  const fit = frame.options.fitTrees ?? fitBoostedTrees;
  const models = await Promise.all(
    Array.from({ length: frame.parts }, async (_, part) => {
      const { inside, outside, insideRows, outsideRows } = splitOf(frame, part);
      const encoder = fitTreeEncoder(frame.table, frame.labels, outsideRows);
      const labelsAt = (positions: Int32Array): Float64Array =>
        Float64Array.from(positions, (at) => frame.own[at]!);
      const model = await fit(
        { features: encoder.learned(), labels: labelsAt(outside) },
        {
          ...treeSettings[name],
          loss: "logistic",
          trees: treesAtMost,
          patience,
          seed: frame.seed * 31 + part,
          validation: { features: encoder.encode(insideRows), labels: labelsAt(inside) },
        },
      );
      return treePart(encoder, model);
    }),
  );
  return memberOf(`gbdt ${name}`, frame, models);
}

const treePart = (encoder: TreeEncoder, model: BoostedTrees): PartModel => ({
  logits: (rows) => predictBoostedTrees(model, encoder.encode(rows)),
});

function memberOf(name: string, frame: Frame, parts: readonly PartModel[]): Member {
  const heldOut = new Float64Array(frame.rows.length);
  parts.forEach((model, part) => {
    const { inside, insideRows } = splitOf(frame, part);
    const logits = model.logits(insideRows);
    inside.forEach((at, n) => (heldOut[at] = logits[n]!));
  });
  return { name, parts, heldOut, loss: logLoss(heldOut.map(logistic), frame.own) };
}

function meanLogits(parts: readonly PartModel[], rows: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(rows.length);
  for (const part of parts) part.logits(rows).forEach((logit, at) => (sum[at]! += logit));
  return sum.map((value) => value / parts.length);
}

function blend(logits: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(logits[0]?.length ?? 0);
  logits.forEach((own, member) => {
    if (weights[member]! > 0) own.forEach((logit, at) => (sum[at]! += weights[member]! * logit));
  });
  return sum;
}

/**
 * Weights of the members, summing to 1, by greedy selection with replacement: again and again the member is added whose
 * addition loses least on held-out rows.
 *
 * Caruana et al. (2004), "Ensemble Selection from Libraries of Models".
 */
function blendWeights(members: readonly Member[], own: Float64Array): Float64Array {
  const rounds = 20;
  const counts = new Float64Array(members.length);
  const sum = new Float64Array(own.length);
  for (let round = 1; round <= rounds; round++) {
    let best = 0;
    let bestLoss = Infinity;
    members.forEach(({ heldOut }, at) => {
      const loss = logLoss(
        heldOut.map((logit, row) => logistic((sum[row]! + logit) / round)),
        own,
      );
      if (loss < bestLoss) [best, bestLoss] = [at, loss];
    });
    counts[best]! += 1;
    members[best]!.heldOut.forEach((logit, row) => (sum[row]! += logit));
  }
  return counts.map((count) => count / rounds);
}
