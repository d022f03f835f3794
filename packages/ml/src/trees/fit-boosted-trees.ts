import { invariant, seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import { binTable, cutColumns, type BinnedTable } from "./binning.ts";
import type { BoostedTrees, BoostingOptions, LossName, TrainingData } from "./boosted-trees.ts";
import { TreeGrower } from "./grow-tree.ts";
import type { GrownTree } from "./grow-tree.ts";
import { poissonLoss, quantileLoss } from "./count-and-quantile-losses.ts";
import { lambdaRankLoss } from "./lambda-rank.ts";
import { logisticLoss, squaredLoss } from "./losses.ts";
import type { Loss } from "./losses.ts";
import { ScoreBoard } from "./score-board.ts";
import { TreeList } from "./tree-list.ts";

/** Defaults and bounds of the options, in one place. */
function readOptions(options: BoostingOptions) {
  const read = {
    loss: options.loss ?? "squared",
    trees: options.trees ?? 200,
    learningRate: options.learningRate ?? 0.1,
    maxLeaves: options.maxLeaves ?? 31,
    maxDepth: options.maxDepth ?? 6,
    ridge: options.ridge ?? 1,
    minChildWeight: options.minChildWeight ?? 5,
    minGain: options.minGain ?? 0,
    rowShare: options.rowShare ?? 1,
    columnShare: options.columnShare ?? 1,
    maxBins: options.maxBins ?? 255,
    ndcgAt: options.ndcgAt ?? 10,
    quantile: options.quantile ?? 0.5,
    patience: options.patience ?? 30,
  };
  const { trees, maxLeaves, maxDepth, patience } = read;
  invariant(
    [trees, maxLeaves, maxDepth, patience].every((value) => Number.isInteger(value) && value >= 0),
    "trees, maxLeaves, maxDepth and patience are whole numbers >= 0",
  );
  invariant(read.learningRate > 0 && read.learningRate <= 1, "learningRate is above 0, at most 1");
  invariant(read.ridge >= 0 && read.minChildWeight >= 0 && read.minGain >= 0, "limits are >= 0");
  invariant(read.rowShare > 0 && read.rowShare <= 1, "rowShare is above 0, at most 1");
  invariant(read.columnShare > 0 && read.columnShare <= 1, "columnShare is above 0, at most 1");
  return read;
}

/** Directions in which columns are held; nothing where none is. */
function readMonotone(
  monotone: ArrayLike<number> | undefined,
  { width, isCategory }: BinnedTable,
  loss: LossName,
): Int8Array | undefined {
  if (monotone === undefined) return undefined;
  const read = Int8Array.from(monotone);
  invariant(read.length === width, "monotone needs one direction a column");
  invariant(
    Array.from(monotone).every((direction) => direction === -1 || direction === 0 || direction === 1),
    "a direction is -1, 0 or 1",
  );
  invariant(
    read.every((direction, column) => direction === 0 || isCategory[column] === 0),
    "a column of codes has no direction",
  );
  if (read.every((direction) => direction === 0)) return undefined;
  invariant(loss !== "quantile" && loss !== "lambdarank", "this loss cannot be held in a direction");
  return read;
}

/**
 * Gradient boosted trees over histograms: columns cut into at most 255 bins once, each tree grown leaf by leaf on the
 * derivatives of the loss at the scores so far, its leaf values shrunk. A second-order method with L2 on leaf values.
 *
 * Deterministic: the same data, options and seed give the same bits. With `validation` the model ends at the tree after
 * which its loss was least.
 *
 * Friedman (2001), "Greedy Function Approximation"; Chen and Guestrin (2016), "XGBoost"; Ke et al. (2017), "LightGBM",
 * for histograms and growth by leaf.
 *
 * @throws InvariantError on labels, weights, groups or options that make no sense
 */
export function fitBoostedTrees(data: TrainingData, options: BoostingOptions = {}): BoostedTrees {
  const settings = readOptions(options);
  const loss = lossOf(settings.loss, data, settings);
  const table = binTable(data.features, cutColumns(data.features, settings.maxBins));
  const watched = options.validation && watch(settings.loss, options.validation, settings, table.width);
  const monotone = readMonotone(options.monotone, table, settings.loss);
  const grower = new TreeGrower(table, { ...settings, monotone });
  const board = new ScoreBoard(table, loss.base);
  const derivatives = new Float64Array(2 * table.rowCount);
  const forest = new TreeList(settings.loss, table, loss.base, settings.learningRate);
  const rng = seededRng(options.seed ?? 1);
  const drawRows = rng.fork("rows");
  const drawColumns = rng.fork("columns");
  let bestLoss = Infinity;
  let bestTrees = 0;
  if (watched) bestLoss = watched.loss.value(watched.scores.fill(loss.base));
  for (let tree = 0; tree < settings.trees; tree++) {
    loss.derivatives(board.scores, derivatives);
    const sampled = sampleRows(grower.rows, settings.rowShare, drawRows);
    const grown = grower.grow(
      sampled,
      sampleColumns(table.width, settings.columnShare, drawColumns),
      derivatives,
    );
    answerLeaves(grown, loss, grower.rows, board.scores);
    forest.push(grown);
    board.add(grown, settings.learningRate, grower.rows, sampled);
    options.onProgress?.((tree + 1) / settings.trees);
    if (!watched) continue;
    forest.addLast(watched.features, watched.scores);
    const lossNow = watched.loss.value(watched.scores);
    if (lossNow < bestLoss) [bestLoss, bestTrees] = [lossNow, tree + 1];
    else if (tree + 1 - bestTrees >= settings.patience) break;
  }
  return forest.toModel(watched ? bestTrees : forest.size);
}

/**
 * Loss of a model on data, by the loss it was fitted to: half squared error, cross-entropy in nats, 1 - NDCG, deviance of
 * counts or pinball loss, each the weighted mean.
 */
export function lossOf(
  name: LossName,
  data: TrainingData,
  { ndcgAt = 10, quantile = 0.5 }: Pick<BoostingOptions, "ndcgAt" | "quantile"> = {},
): Loss {
  if (name === "squared") return squaredLoss(data);
  if (name === "logistic") return logisticLoss(data);
  if (name === "poisson") return poissonLoss(data);
  return name === "quantile" ? quantileLoss(data, quantile) : lambdaRankLoss(data, ndcgAt);
}

/** Gives the leaves the answers that a loss has of its own. */
function answerLeaves({ nodes }: GrownTree, loss: Loss, rows: Int32Array, scores: Float64Array): void {
  if (!loss.leafValue) return;
  for (const node of nodes)
    if (node.split === undefined) node.value = loss.leafValue(rows.subarray(node.from, node.to), scores);
}

function watch(
  name: LossName,
  data: TrainingData,
  settings: Pick<BoostingOptions, "ndcgAt" | "quantile">,
  width: number,
) {
  invariant(data.features.width === width, "validation data has other columns");
  const loss = lossOf(name, data, settings);
  return { loss, features: data.features, scores: new Float64Array(data.labels.length) };
}

/** Fills the front of `rows` with a share of all positions, ascending, and says how many. */
function sampleRows(rows: Int32Array, share: number, rng: Rng): number {
  const wanted = Math.max(1, Math.round(share * rows.length));
  let taken = 0;
  // Selection sampling (Knuth, algorithm S): exactly `wanted`, each row as likely, in one pass.
  for (let row = 0; row < rows.length && taken < wanted; row++) {
    const left = rows.length - row;
    if (wanted - taken === left || rng.next() * left < wanted - taken) rows[taken++] = row;
  }
  return taken;
}

function sampleColumns(width: number, share: number, rng: Rng): Int32Array {
  const columns = Array.from({ length: width }, (_, column) => column);
  if (share === 1) return Int32Array.from(columns);
  return Int32Array.from(rng.shuffle(columns).slice(0, Math.max(1, Math.round(share * width)))).sort();
}
