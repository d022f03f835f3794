import { AppError } from "@almanac/kernel";
import type { Answer, LoadedModel, Mathematics } from "../kinds/family.ts";
import { reasonOf, shopperFeatures } from "./features.ts";

export const churnFormat = "almanac-churn-1";

/** The learned member, and two baselines that look at one thing each. */
export const churnMembers = ["trees", "recency", "rhythm"] as const;
export type ChurnMember = (typeof churnMembers)[number];

export interface Scaling {
  readonly slope: number;
  readonly shift: number;
}

/** What the artefact holds, as JSON. */
export interface ChurnArtefact {
  readonly format: typeof churnFormat;
  readonly servedBy: ChurnMember;
  readonly trees: string;
  /** How many rows of training pass each node, in base64: what contributions are measured against. */
  readonly cover: string;
  /** From the log-odds of the trees to calibrated ones. */
  readonly calibration: Scaling;
  readonly baselines: Readonly<Record<Exclude<ChurnMember, "trees">, Scaling>>;
}

const columnOf = (name: string): number => shopperFeatures.findIndex((feature) => feature.name === name);
const sinceColumn = columnOf("openDaysSinceOrder");
const gapColumn = columnOf("typicalGapDays");
const ratioColumn = columnOf("gapRatio");

/** What a baseline looks at. Who has ordered once is taken to come once a month. */
export function baselineInput(
  member: Exclude<ChurnMember, "trees">,
  values: ArrayLike<number>,
  offset = 0,
): number {
  const since = values[offset + sinceColumn]!;
  if (member === "recency") return Math.log1p(since);
  const gap = values[offset + gapColumn]!;
  return Math.log((since + 1) / Math.max(3, Number.isNaN(gap) ? 30 : gap));
}

/** A column has to raise the log-odds by this much to count as a reason. */
const leastWeight = 0.01;
const reasonsAtMost = 3;

/**
 * Opens an artefact.
 *
 * @throws AppError `input_invalid` for bytes that are no churn model
 */
export function openChurnModel(bytes: Uint8Array, math: Mathematics): LoadedModel & { members: ChurnScores } {
  const { servedBy, trees: text, cover: packed, calibration, baselines } = parseArtefact(bytes);
  const trees = math.parseBoostedTrees(text);
  const cover = new Float64Array(Uint8Array.from(Buffer.from(packed, "base64")).buffer);
  if (trees.width !== shopperFeatures.length || cover.length !== trees.feature.length)
    throw new AppError("input_invalid", "The churn model was made for other features.");
  const members: ChurnScores = {
    trees: (columns, offset = 0) =>
      math.applyPlatt(calibration, math.predictBoostedRow(trees, columns, offset)),
    recency: (columns, offset = 0) =>
      math.applyPlatt(baselines.recency, baselineInput("recency", columns, offset)),
    rhythm: (columns, offset = 0) =>
      math.applyPlatt(baselines.rhythm, baselineInput("rhythm", columns, offset)),
  };
  const reasonsOf = (columns: Float64Array): string[] => {
    if (servedBy !== "trees") return wordsOf(servedBy === "recency" ? sinceColumn : ratioColumn, columns);
    const weights = math.contributionsOf(trees, cover, columns);
    const found = shopperFeatures
      .map((_, column) => ({ column, weight: weights[column]! * calibration.slope }))
      .filter(({ weight }) => weight > leastWeight)
      .sort((a, b) => b.weight - a.weight)
      .flatMap(({ column }) => wordsOf(column, columns));
    // Two columns may say the same, such as that there was one order only.
    return [...new Set(found)].slice(0, reasonsAtMost);
  };
  return {
    members,
    score: (columns) => members[servedBy](columns),
    answer: (columns, { withReasons = true } = {}): Answer => ({
      score: members[servedBy](columns),
      reasons: withReasons ? reasonsOf(columns) : [],
      servedBy,
    }),
  };
}

/** Probabilities of each member for one row. */
export type ChurnScores = Readonly<
  Record<ChurnMember, (columns: ArrayLike<number>, offset?: number) => number>
>;

const wordsOf = (column: number, columns: Float64Array): string[] => {
  const words = reasonOf(shopperFeatures[column]!, columns[column]!);
  return words === undefined ? [] : [words];
};

function parseArtefact(bytes: Uint8Array): ChurnArtefact {
  const refuse = (cause?: unknown): never => {
    throw new AppError("input_invalid", "These bytes are no churn model.", { cause });
  };
  try {
    const found = JSON.parse(Buffer.from(bytes).toString("utf8")) as ChurnArtefact;
    const isWhole =
      found.format === churnFormat &&
      churnMembers.includes(found.servedBy) &&
      [found.calibration, found.baselines.recency, found.baselines.rhythm].every(
        ({ slope, shift }) => Number.isFinite(slope) && Number.isFinite(shift),
      );
    return isWhole ? found : refuse();
  } catch (error) {
    return error instanceof AppError ? refuse() : refuse(error);
  }
}
