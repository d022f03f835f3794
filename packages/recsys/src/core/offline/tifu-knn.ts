import { topK } from "../scores/top-k.ts";
import { ScoreSums } from "./basket/score-sums.ts";
import { itemCounts } from "./baskets.ts";
import type { Basket, BasketLog, BasketScorer } from "./baskets.ts";
import { packRows } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

export interface TifuOptions {
  /** Groups that a history is cut into. */
  readonly groups?: number;
  readonly withinGroupDecay?: number;
  readonly groupDecay?: number;
  readonly neighbours?: number;
  /** Share of the own vector; the rest is others'. */
  readonly ownShare?: number;
  /** Of the others' share, what everybody buys rather than the neighbours: short histories have poor neighbours. */
  readonly popularShare?: number;
}

/** Entries of a neighbour that are counted: the tail of a long history moves no list. */
const maxEntriesShared = 200;

type SparseVector = Map<number, number>;

/** The two halves of a TIFU-kNN prediction, for those who want to weigh them on their own. */
export interface TifuParts {
  readonly own: ReadonlyMap<number, number>;
  readonly neighbours: ReadonlyMap<number, number>;
}

export interface TifuScorer extends BasketScorer {
  parts(past: readonly Basket[], user: number): TifuParts;
}

/**
 * TIFU-kNN: a user's vector is the mean over time-ordered groups of baskets, later ones counting more both within a
 * group and between groups; the prediction mixes it with the mean of the nearest users' vectors (Euclidean).
 *
 * Hu, He, Gao & Zhang (2020), "Modeling personalized item frequency information for next-basket recommendation".
 */
export function fitTifuKnn(log: BasketLog, options: TifuOptions = {}): TifuScorer {
  const {
    groups = 20,
    withinGroupDecay = 0.9,
    groupDecay = 0.9,
    neighbours = 100,
    ownShare = 0.1,
    popularShare = 0,
  } = options;
  const sums = new ScoreSums(log.itemCount);
  const vectorOf = (past: readonly Basket[]): SparseVector =>
    userVector(past, groups, withinGroupDecay, groupDecay, sums);
  const vectors = log.byUser.map(vectorOf);
  const norms = vectors.map(norm);
  const strongest = vectors.map((vector) => {
    const entries = [...vector];
    const best = topK(
      entries.map(([, value]) => value),
      maxEntriesShared,
    );
    return {
      items: Int32Array.from(best, (at) => entries[at]![0]),
      values: Float64Array.from(best, (at) => entries[at]![1]),
    };
  });
  const postings = postingsOf(vectors, log.itemCount);
  const basketTotal = log.byUser.reduce((sum, baskets) => sum + baskets.length, 0);
  const popularity = itemCounts(log).map((count) => count / Math.max(1, basketTotal));
  const dots = new Float64Array(vectors.length);

  const parts = (past: readonly Basket[], user: number): TifuParts => {
    const own = vectorOf(past);
    const touched: number[] = [];
    for (const [item, value] of own)
      for (let at = postings.offsets[item]!; at < postings.offsets[item + 1]!; at++) {
        const other = postings.columns[at]!;
        if (dots[other] === 0) touched.push(other);
        dots[other]! += value * postings.values[at]!;
      }
    // Minus the squared distance, up to the own norm. Distance, as in the paper: docs/benches/recommending-models.md compares.
    const similarities = touched.map((other) =>
      other === user ? -Infinity : 2 * dots[other]! - norms[other]! ** 2,
    );
    for (const other of touched) dots[other] = 0;
    const nearest = topK(similarities, neighbours);
    for (const at of nearest) {
      const { items, values } = strongest[touched[at]!]!;
      for (let i = 0; i < items.length; i++) sums.add(items[i]!, values[i]!);
    }
    return { own, neighbours: sums.take(1 / Math.max(1, nearest.length)) };
  };
  return {
    name: "tifu-knn",
    parts,
    addScores({ past, user }, scores) {
      const { own, neighbours: others } = parts(past, user);
      for (const [item, value] of own) scores[item]! += ownShare * value;
      for (const [item, value] of others) scores[item]! += (1 - ownShare) * (1 - popularShare) * value;
      for (let item = 0; item < scores.length; item++)
        scores[item]! += (1 - ownShare) * popularShare * popularity[item]!;
    },
  };
}

/** Who has each item and how much of it: the vectors turned. */
function postingsOf(vectors: readonly SparseVector[], itemCount: number): SparseRows {
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  vectors.forEach((vector, user) => {
    for (const [item, value] of vector) {
      rows.push(item);
      columns.push(user);
      values.push(value);
    }
  });
  return packRows(itemCount, vectors.length, rows, columns, values);
}

function userVector(
  past: readonly Basket[],
  groups: number,
  withinGroupDecay: number,
  groupDecay: number,
  sums: ScoreSums,
): SparseVector {
  const groupCount = Math.min(groups, past.length);
  past.forEach((basket, at) => {
    const group = Math.floor((at * groupCount) / past.length);
    const first = Math.ceil((group * past.length) / groupCount);
    const end = Math.ceil(((group + 1) * past.length) / groupCount);
    const weight =
      (withinGroupDecay ** (end - 1 - at) * groupDecay ** (groupCount - 1 - group)) /
      (end - first) /
      groupCount;
    for (const item of basket.items) sums.add(item, weight);
  });
  return sums.take();
}

function norm(vector: SparseVector): number {
  let squares = 0;
  for (const value of vector.values()) squares += value * value;
  return Math.sqrt(squares) || 1;
}
