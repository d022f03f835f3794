import { AppError, days, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import { comingForecasts } from "./coming-demand.ts";
import { accuracyOf } from "./core/accuracy.ts";
import type { DemandHistory } from "./core/demand-history.ts";
import type { ForecastingDeps } from "./forecasting-deps.ts";
import { readPastDemand, type PastDemand } from "./past-demand.ts";
import { presentForecasts } from "./present-forecasts.ts";
import { historyDays, isLongEnough, isNotExpected } from "./read-facts.ts";
import { listPlannedProducts, type MarketPlace } from "./store/demand.ts";
import type { StoredForecast } from "./store/forecasts.ts";
import { listStalls, stallKey } from "./store/stalls.ts";

/** Market days of the past that a page shows: a year and what came round it. */
const shownDays = 60;

interface NamedMarket {
  readonly id: MarketId;
  readonly name: string;
}

/**
 * One product at one market: its forecasts with their reasons, how good they were, and what was sold before. What sells at one
 * market tells nothing of another.
 *
 * @param marketId without it the market of the product's next day, the first by name of several
 * @returns beside it every market with a forecast, by name
 * @throws AppError `product_not_found` also for another farm's, `market_not_found` where it was neither sold nor forecast
 */
export async function productForecast(
  deps: ForecastingDeps,
  { farmId, productId, marketId }: { farmId: FarmId; productId: ProductId; marketId?: MarketId },
) {
  const { handle, clock } = deps;
  const now = clock.now();
  const since = new Date(now.getTime() - days(historyDays));
  const [coming, products] = await Promise.all([
    comingForecasts(deps, farmId),
    listPlannedProducts(handle.db, farmId),
  ]);
  const product = products.find((one) => one.productId === productId);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const [known, stalls] = await Promise.all([
    readPastDemand(handle.db, { since, now, farmId, products: [product] }),
    listStalls(handle.db),
  ]);
  const { histories, places } = known;
  const ofProduct = coming.filter((row) => row.productId === productId);
  const { market, markets } = marketsOf({
    marketId,
    coming: ofProduct,
    soldAt: histories.map((history) => history.marketId),
    places,
  });
  const stored = ofProduct.filter((row) => row.marketId === market?.id);
  const shown = await presentForecasts({ db: handle.db, clock }, { farmId, stored, places });
  const history = histories.find((one) => one.marketId === market?.id);
  const reason = (): NoForecast =>
    whyNone(history, known, { hasStall: market !== null && stalls.has(stallKey(farmId, market.id)) });
  return {
    name: product.name,
    baseUnit: product.baseUnit,
    /** The one that all of this is of; `null` where the product was never sold. */
    market,
    markets,
    /** Why nothing is forecast; `null` where something is. */
    reason: stored.length === 0 ? reason() : null,
    accuracy: accuracyOf(stored.slice(0, 1)) ?? null,
    judged: judgedOf(stored[0]),
    forecasts: stored.map(({ drivers }, at) => ({ ...shown[at]!, drivers, factors: factorsOf(drivers) })),
    history: (history?.days ?? [])
      .map((day, at) => ({ day, soldBase: history!.sold[at]!, soldOut: history!.soldOut[at]! }))
      .slice(-shownDays),
  };
}

/** Why a product has no forecast at a market. */
export type NoForecast =
  /** Nothing of it was ever sold. */
  | "never-sold"
  /** The farm has no stall at the market any more. */
  | "no-stall"
  /** No market day is to come that takes place. */
  | "no-day"
  /** Fewer than four market days tell of its demand. */
  | "too-new"
  /** It is gone for long, and was not sold round this time a year before. */
  | "gone"
  /** It will have one: the next hour's run makes it. */
  | "soon";

function whyNone(
  history: DemandHistory | undefined,
  known: PastDemand,
  { hasStall }: { readonly hasStall: boolean },
): NoForecast {
  if (!history) return "never-sold";
  if (!hasStall) return "no-stall";
  const coming = known.coming.filter(({ marketId }) => marketId === history.marketId);
  if (coming.length === 0) return "no-day";
  const comingDays = coming.map(({ day }) => day);
  if (isNotExpected(history, known, comingDays)) return "gone";
  return isLongEnough(history) ? "soon" : "too-new";
}

interface Whereabouts {
  readonly marketId: MarketId | undefined;
  /** The product's forecasts, the next first. */
  readonly coming: readonly StoredForecast[];
  readonly soldAt: readonly MarketId[];
  readonly places: ReadonlyMap<MarketId, MarketPlace>;
}

/** The market that is asked for or else comes next, and all that one may choose from. */
function marketsOf({ marketId, coming, soldAt, places }: Whereabouts): {
  market: NamedMarket | null;
  markets: NamedMarket[];
} {
  const forecastAt = coming.map((row) => row.marketId);
  if (marketId && ![...forecastAt, ...soldAt].includes(marketId))
    throw new AppError("market_not_found", "The product was never sold at this market.");
  const ids = new Set([...(forecastAt.length > 0 ? forecastAt : soldAt), ...(marketId ? [marketId] : [])]);
  const markets = [...ids]
    .map((id) => ({ id, name: places.get(id)?.name ?? "" }))
    .sort((one, other) => Number(one.name > other.name) - Number(one.name < other.name));
  const isNext = (id: MarketId): boolean =>
    coming.some((row) => row.marketId === id && row.marketDay === coming[0]!.marketDay);
  const market = markets.find(({ id }) => (marketId ? id === marketId : isNext(id)));
  return { market: market ?? markets[0] ?? null, markets };
}

/** How its forecasts of the latest market days came out, a day: how far they were off, and what was sold. */
function judgedOf(row: StoredForecast | undefined) {
  if (!row || row.pastDays === 0) return null;
  const { pastDays, pastError, pastVolume, pastBias, demandClass } = row;
  return {
    days: pastDays,
    offBase: pastError / pastDays,
    /** Above 0 where too much was forecast. */
    biasBase: pastBias / pastDays,
    soldBase: pastVolume / pastDays,
    demandClass,
  };
}

/** What moves demand beside its own past; `unavailable` where nothing is known of it. */
function factorsOf(drivers: StoredForecast["drivers"]) {
  const textOf = (kind: string): string =>
    drivers.find((driver) => driver.kind === kind)?.text ?? "unavailable";
  return { season: textOf("season"), events: textOf("events"), weather: textOf("weather") };
}
