import type { BasketQuery } from "../baskets.ts";
import type { BasketCandidates } from "./basket-candidates.ts";
import type { BasketSources } from "./basket-sources.ts";
import { monthOf, weekdayOf } from "./calendar.ts";
import { calendarSlots } from "./item-statistics.ts";
import type { ItemStatistics } from "./item-statistics.ts";
import { seasonReader } from "./season-columns.ts";
import { positionsOf, purchasesOf, shapeOf } from "./own-history.ts";
import type { HistoryShape, OwnPurchases } from "./own-history.ts";

/** Columns of a candidate's row: 25 of its own purchases, 6 of the history, 13 of the item, 7 of the season, 10 of the sources. */
export const basketFeatureCount = 61;

/** The column with a candidate's rank by TIFU-kNN. */
export const tifuRankColumn = 53;

/** Purchases that the recent share of an item among all weighs beside the own ones: the mean of a Dirichlet posterior. */
const beliefs = 150;

/** Rank of a candidate that a source has no opinion of. */
const unranked = 300;

/**
 * One row per candidate, in their order. NaN stands for "not known", such as days in data without dates or the gap of an
 * item bought once.
 */
export function basketFeatures(
  sources: BasketSources,
  query: BasketQuery,
  candidates: BasketCandidates,
): Float32Array {
  const { past, day } = query;
  const { items, tifu } = candidates;
  const rows = new Float32Array(items.length * basketFeatureCount);
  const positions = positionsOf(past, items);
  const shape = shapeOf(past, day);
  const season = seasonReader(sources.diary, day);
  const tifuScores = items.map(
    (item) => 0.1 * (tifu.own.get(item) ?? 0) + 0.9 * (tifu.neighbours.get(item) ?? 0),
  );
  const tifuRanks = ranksOf(tifuScores);
  const followRanks = ranksOf(items.map((item) => candidates.follows.get(item) ?? 0));
  items.forEach((item, row) => {
    const at = positions.get(item)!;
    const own = purchasesOf(past, at, day);
    rows.set(
      [
        ...ownColumns(own, at.length, shape),
        ...historyColumns(shape),
        ...itemColumns(sources.statistics, item, at.length, own, day),
        ...season(item),
        tifu.own.get(item) ?? 0,
        tifu.neighbours.get(item) ?? 0,
        tifuRanks[row]!,
        candidates.situations.all.get(item) ?? 0,
        candidates.situations.own.get(item) ?? 0,
        candidates.together.get(item) ?? 0,
        candidates.samePeople.get(item) ?? 0,
        candidates.follows.get(item) ?? 0,
        followRanks[row]!,
        tifuScores[row]!,
      ],
      row * basketFeatureCount,
    );
  });
  return rows;
}

function ownColumns(own: OwnPurchases, count: number, shape: HistoryShape): number[] {
  return [
    count,
    count / Math.max(1, shape.baskets),
    own.fading.slow,
    own.fading.medium,
    own.fading.fast,
    own.fading.fastest,
    own.sinceBaskets,
    own.sinceDays,
    own.meanGapBaskets,
    own.sinceBaskets / own.meanGapBaskets,
    own.medianGapDays,
    own.sinceDays / own.medianGapDays,
    own.gapVariation,
    own.sinceBaskets / own.lastGapBaskets,
    own.inLast[2],
    own.inLast[5],
    own.inLast[10],
    (own.sameWeekday + 1) / (count + 7),
    own.yearAgo,
    own.fadingWeekday,
    own.gapsEndedDays,
    own.gapsEndedBaskets,
    ...own.fadingDays,
  ];
}

function historyColumns(shape: HistoryShape): number[] {
  return [
    shape.baskets,
    shape.distinctItems,
    shape.meanSize,
    shape.lastSize,
    shape.repeatShare,
    shape.daysSinceLast,
  ];
}

function itemColumns(
  statistics: ItemStatistics,
  item: number,
  count: number,
  own: OwnPurchases,
  day: number,
): number[] {
  const lift = (slot: number): number =>
    Number.isNaN(slot) ? NaN : statistics.calendarLift[item * calendarSlots + slot]!;
  const popularity = statistics.popularity[item]!;
  const latest = statistics.latestPopularity[item]!;
  return [
    Math.log(popularity + 1e-5),
    Math.log(latest + 1e-5),
    Math.log((latest + 1e-4) / (popularity + 1e-4)),
    Math.log(statistics.takeUp[item]! + 1e-5),
    Math.log(statistics.recentPopularity[item]! + 1e-5),
    statistics.userShare[item]!,
    statistics.repeatRate[item]!,
    statistics.logGapBaskets[item]!,
    Math.log(own.sinceBaskets) - statistics.logGapBaskets[item]!,
    Math.log(Math.max(0.5, own.sinceDays)) - statistics.logGapDays[item]!,
    lift(monthOf(day)),
    lift(12 + weekdayOf(day)),
    Math.log(count + beliefs * statistics.recentShare[item]! + 1e-4),
  ];
}

/** Rank of each score from 0, the earlier first between equals; `unranked` for what is not above 0. */
function ranksOf(scores: readonly number[]): Int32Array {
  const ranks = new Int32Array(scores.length).fill(unranked);
  [...scores.keys()]
    .filter((at) => scores[at]! > 0)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .forEach((at, rank) => (ranks[at] = rank));
  return ranks;
}
