import type { Basket, BasketQuery } from "../baskets.ts";
import type { BasketCandidates } from "./basket-candidates.ts";
import type { BasketSources } from "./basket-sources.ts";
import { monthOf, weekdayOf } from "./calendar.ts";
import { calendarSlots } from "./item-statistics.ts";
import type { ItemStatistics } from "./item-statistics.ts";
import { hazardColumns } from "./repeat-hazards.ts";
import { seasonReader } from "./season-columns.ts";
import { placeLifts } from "./place-shares.ts";
import { positionsOf, purchasesOf, shapeOf } from "./own-history.ts";
import type { HistoryShape, OwnPurchases } from "./own-history.ts";
import { tripSizeReader } from "./trip-size.ts";
import { historyOf } from "./user-taste.ts";

/**
 * Columns of a candidate's row without those of places: 25 of its own purchases, 6 of the history, 13 of the item, 7 of the season, 10 of the sources,
 * 5 of when it is due, 4 of what everybody buys lately, 8 of its places among the candidates and 8 of the size of the trip.
 */
const plainFeatureCount = 86;

/** Columns more that tell what is bought at the user's places, where the data has places. */
const placeFeatureCount = 5;

export function basketFeatureCount({ places }: Pick<BasketSources, "places">): number {
  return plainFeatureCount + (places === undefined ? 0 : placeFeatureCount);
}

/** The column with a candidate's rank by TIFU-kNN. */
export const tifuRankColumn = 53;

/** Purchases that the recent share of an item among all weighs beside the own ones: the mean of a Dirichlet posterior. */
const beliefs = 150;

/** Purchases that the share of an item everywhere weighs beside those of one place, for a cautious column and a bold one. */
const placeStrengths = [150, 40] as const;

/** What the share of an item at the user's places counts beside its share everywhere. */
const placeSay = 0.4;

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
  const width = basketFeatureCount(sources);
  const rows = new Float32Array(items.length * width);
  const positions = positionsOf(past, items);
  const shape = shapeOf(past, day);
  const season = seasonReader(sources.diary, day);
  const tripSize = tripSizeReader(sources.sizeLeanings, query);
  const tifuScores = items.map(
    (item) => 0.1 * (tifu.own.get(item) ?? 0) + 0.9 * (tifu.neighbours.get(item) ?? 0),
  );
  const tifuRanks = ranksOf(tifuScores);
  const followRanks = ranksOf(items.map((item) => candidates.follows.get(item) ?? 0));
  const purchases = items.map((item) => purchasesOf(past, positions.get(item)!, day));
  const ranks = placesOf(sources, query, candidates, purchases);
  const atPlaces = atPlacesOf(sources, query, candidates, purchases);
  items.forEach((item, row) => {
    const at = positions.get(item)!;
    const own = purchases[row]!;
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
        ...hazardColumns(sources.hazards, query, item, at),
        ...sources.lately.flatMap(({ popularity, takeUp }) => [
          Math.log(popularity[item]! + 1e-5),
          Math.log(takeUp[item]! + 1e-5),
        ]),
        ...ranks.map((column) => column[row]!),
        ...tripSize(item, at),
        ...atPlaces.map((column) => column[row]!),
      ],
      row * width,
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

/**
 * What tells a candidate from the others of its question, a column each: its share of the user's fading purchases, how it goes
 * with all that the user bought, and its rank by that, by fading and by shrunk purchases, by situations alike, and by how
 * much everybody buys it and takes it up lately.
 */
function placesOf(
  sources: BasketSources,
  { past }: BasketQuery,
  { items, situations }: BasketCandidates,
  purchases: readonly OwnPurchases[],
): ArrayLike<number>[] {
  const [lately] = sources.lately;
  const fading = purchases.map((own) => own.fading.medium);
  const fadingTotal = fading.reduce((sum, value) => sum + value, 0);
  const shrunk = items.map(
    (item, row) => purchases[row]!.count + beliefs * sources.statistics.recentShare[item]!,
  );
  const taste = tasteOf(sources, past, items);
  return [
    fading.map((value) => value / Math.max(1, fadingTotal)),
    taste,
    ranksOf(taste),
    ranksOf(fading),
    ranksOf(shrunk),
    ranksOf(items.map((item) => situations.all.get(item) ?? 0)),
    ranksOf(items.map((item) => lately.popularity[item]!)),
    ranksOf(items.map((item) => lately.takeUp[item]!)),
  ];
}

/**
 * What the user's places tell, a column each: how much likelier an item is bought there than everywhere, cautiously and boldly;
 * its share there; the user's purchases of it shrunk to that share, and its rank by these. None for data without places.
 */
function atPlacesOf(
  { places, statistics: { recentShare }, sums }: BasketSources,
  query: BasketQuery,
  { items }: BasketCandidates,
  purchases: readonly OwnPurchases[],
): ArrayLike<number>[] {
  if (places === undefined) return [];
  const [lifts, bold] = placeStrengths.map((strength) =>
    items.map(placeLifts(places, recentShare, query, strength, sums)),
  ) as [number[], number[]];
  const shrunk = items.map(
    (item, row) =>
      purchases[row]!.count + beliefs * recentShare[item]! * (1 - placeSay + placeSay * lifts[row]!),
  );
  return [
    lifts.map(Math.log),
    bold.map(Math.log),
    items.map((item, row) => Math.log(lifts[row]! * recentShare[item]! + 1e-5)),
    shrunk.map((value) => Math.log(value + 1e-4)),
    ranksOf(shrunk),
  ];
}

/** NaN where the catalogue is too large for a model of taste. */
function tasteOf(
  { taste, itemCount }: BasketSources,
  past: readonly Basket[],
  items: readonly number[],
): number[] {
  if (taste === undefined) return items.map(() => NaN);
  const scores = new Float64Array(itemCount);
  taste.addScores(historyOf(past), scores);
  return items.map((item) => scores[item]!);
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
