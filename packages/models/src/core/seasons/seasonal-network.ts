import { weekOfYear, type DemandWeeks } from "./demand-weeks.ts";

/** What `neural` reads of a series. */
interface NetworkSeries {
  readonly product: number;
  readonly place: number;
  readonly startWeek: number;
  readonly isDemanded: Uint8Array;
  readonly isKnown?: Uint8Array;
}

/**
 * One network for all series that tells the eight weeks after each: `forecastSeasonalInThread` of `neural`, handed in, as a
 * process without that package trains and serves all the same.
 */
export type SeasonalNetwork = (
  series: readonly NetworkSeries[],
  options: { readonly seed: number; readonly signal?: AbortSignal },
) => Promise<{ readonly fit: { readonly kind: string }; readonly told: readonly Float64Array[] }>;

/** Series with products and markets by their position, so that what is alike over markets is learned once. */
export function networkSeries(series: readonly DemandWeeks[]): NetworkSeries[] {
  const products = positions(series.map(({ product }) => product));
  const markets = positions(series.map(({ market }) => market));
  return series.map(({ product, market, firstWeek, isAsked, isKnown }) => ({
    product: products.get(product)!,
    place: markets.get(market)!,
    startWeek: weekOfYear(firstWeek),
    isDemanded: isAsked,
    ...(isKnown && { isKnown }),
  }));
}

const positions = (ids: readonly string[]): Map<string, number> =>
  new Map([...new Set(ids)].map((id, at) => [id, at]));
