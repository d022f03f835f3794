import { topK } from "../../scores/top-k.ts";
import type { BasketLog } from "../baskets.ts";
import { similarItems } from "../item-knn.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { fitTifuKnn } from "../tifu-knn.ts";
import type { TifuScorer } from "../tifu-knn.ts";
import { followRules } from "./follow-rules.ts";
import { readItemStatistics } from "./item-statistics.ts";
import type { ItemStatistics } from "./item-statistics.ts";
import { readLatelyBought } from "./lately.ts";
import type { LatelyBought } from "./lately.ts";
import { readPlaceShares } from "./place-shares.ts";
import type { PlaceShares } from "./place-shares.ts";
import { readPurchaseDiary } from "./purchase-diary.ts";
import type { PurchaseDiary } from "./purchase-diary.ts";
import { readHazardsByScale } from "./repeat-hazards.ts";
import type { HazardsByScale } from "./repeat-hazards.ts";
import { ScoreSums } from "./score-sums.ts";
import { fitSituationKnn } from "./situation-knn.ts";
import type { SituationKnn } from "./situation-knn.ts";
import { readSizeLeanings } from "./trip-size.ts";
import { fitUserTaste } from "./user-taste.ts";

/** Everything that candidates and their features are read from, fitted to one log. */
export interface BasketSources {
  readonly itemCount: number;
  readonly statistics: ItemStatistics;
  readonly tifu: TifuScorer;
  readonly situations: SituationKnn;
  /** What is bought in one basket, by shrunk cosine. */
  readonly together: SparseRows;
  /** What everybody buys lately: each basket counts half, and four fifths, of the next one of its user. */
  readonly lately: readonly [LatelyBought, LatelyBought];
  readonly hazards: HazardsByScale;
  /** Whether each item is bought on large or on small trips. */
  readonly sizeLeanings: Float64Array;
  /** What is bought where; undefined for data without places. */
  readonly places: PlaceShares | undefined;
  /** What goes with all that a user bought; undefined for large catalogues. */
  readonly taste: ItemScorer | undefined;
  /** What is bought by the same people. */
  readonly samePeople: SparseRows;
  /** What is bought in the next basket. */
  readonly follows: SparseRows;
  /** Items by how likely anybody is to take them up, best first. */
  readonly popular: readonly number[];
  /** What everybody bought when, for questions to read before their own day; it may go on after the log. */
  readonly diary: PurchaseDiary;
  /** Working memory of whoever reads the sources. */
  readonly sums: ScoreSums;
}

const popularKept = 200;

export function fitBasketSources(log: BasketLog, diary = readPurchaseDiary(log)): BasketSources {
  const statistics = readItemStatistics(log);
  const { popularity, latestPopularity, takeUp } = statistics;
  return {
    itemCount: log.itemCount,
    statistics,
    lately: [readLatelyBought(log, 0.5), readLatelyBought(log, 0.8)],
    hazards: readHazardsByScale(log),
    sizeLeanings: readSizeLeanings(log),
    places: readPlaceShares(log),
    taste: fitUserTaste(log),
    tifu: fitTifuKnn(log),
    situations: fitSituationKnn(log),
    together: similarItems(matrixOf(log, "basket"), { neighbours: 100, shrinkage: 10 }),
    samePeople: similarItems(matrixOf(log, "user"), { neighbours: 100, shrinkage: 20 }),
    follows: followRules(log),
    diary,
    sums: new ScoreSums(log.itemCount),
    popular: topK(
      popularity.map((share, item) => share + latestPopularity[item]! + takeUp[item]!),
      popularKept,
    ),
  };
}

/** Ones where a basket, or a user, has an item. */
function matrixOf(log: BasketLog, rowIs: "basket" | "user"): SparseRows {
  const rows: number[] = [];
  const columns: number[] = [];
  let row = 0;
  const addRow = (items: Iterable<number>): void => {
    for (const item of items) {
      rows.push(row);
      columns.push(item);
    }
    row++;
  };
  for (const baskets of log.byUser)
    if (rowIs === "basket") for (const { items } of baskets) addRow(items);
    else addRow(new Set(baskets.flatMap(({ items }) => items)));
  return packRows(row, log.itemCount, rows, columns);
}
