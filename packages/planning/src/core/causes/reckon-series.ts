import type { HolidayRegion, WeatherColumns } from "@almanac/forecasting";
import { marketCauses, type MarketCauses } from "./market-causes.ts";
import { learnMarket, reckonCauses, type CausedDemand, type Reckoned } from "./reckon-causes.ts";

/** One product of a farm at one market. */
export interface SeriesOf {
  readonly key: string;
  /** Base units a past market day, sold-out days already filled up; NaN where not known. */
  readonly demand: Float64Array;
  /** Own price on past and coming market days. */
  readonly prices?: Float64Array;
}

/** A farm's products at one market. */
export interface StallOf {
  /** Days since 1970 of its market days: the past ones, then those that are forecast. */
  readonly days: readonly number[];
  readonly past: number;
  readonly region: HolidayRegion;
  /** Of all calendar days from the first market day to the last. */
  readonly weather?: WeatherColumns;
  readonly series: readonly SeriesOf[];
}

export interface SeriesReckoned extends Reckoned {
  readonly market: MarketCauses;
  /** The same from what was known `judgedDays` days before the end; nothing where that was too little. */
  readonly before?: Reckoned;
}

/** Sold on so many of the latest days, a product tells what moves it. */
const latestDays = 12;
const leastAsked = 0.6;

/**
 * What moves demand of a farm's products at a market, and how much of that their forecasts reckon with.
 *
 * A farm's causes are learned from its own products alone, so that a farm's forecasts come out the same whether they are made
 * for it or for all, and tell nothing of others.
 *
 * @param wanted keys of the series that are looked at; all of them speak for the stall
 * @param judgedDays days at the end of the past that judge the forecasts
 * @returns by key; without those that sell now and then, and empty where the stall is too young
 */
export function reckonSeries(
  stall: StallOf,
  wanted: ReadonlySet<string>,
  judgedDays: number,
): Map<string, SeriesReckoned> {
  const { days, past, region, weather } = stall;
  const able = stall.series.filter(({ demand }) => isAskedFor(demand));
  const chosen = able.filter(({ key }) => wanted.has(key));
  if (chosen.length === 0) return new Map();
  const market = marketCauses(days, { past, region, ...(weather && { weather }) });
  const learned = learnMarket(market, able);
  if (!learned) return new Map();
  const until = learned.origins.findLastIndex((origin) => origin <= past - judgedDays);
  return new Map(
    chosen.map((one) => {
      const product: CausedDemand = one;
      const before = until > 0 ? reckonCauses(learned, product, until) : undefined;
      return [one.key, { ...reckonCauses(learned, product), market, ...(before && { before }) }];
    }),
  );
}

function isAskedFor(demand: Float64Array): boolean {
  const known = demand.filter((value) => !Number.isNaN(value)).slice(-latestDays);
  return known.length > 0 && known.filter((value) => value > 0).length >= leastAsked * known.length;
}
