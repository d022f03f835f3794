import { forecastTypeOf } from "@almanac/forecasting";
import type { Queryable } from "@almanac/db";
import type { CalendarDay, Clock, FarmId, MarketId } from "@almanac/kernel";
import { expectedDemand, type ExpectedDay } from "./expected-demand.ts";
import type { MarketPlace } from "./store/demand.ts";
import type { StoredForecast } from "./store/forecasts.ts";

interface ToPresent {
  readonly farmId: FarmId;
  readonly stored: readonly StoredForecast[];
  readonly places: ReadonlyMap<MarketId, MarketPlace>;
}

export type PresentedForecast = ReturnType<typeof present>;

/**
 * A farm's stored forecasts as pages and the API show them: what is expected with what is ordered already.
 *
 * @returns one each, in their order
 */
export async function presentForecasts(
  { db, clock }: { readonly db: Queryable; readonly clock: Clock },
  { farmId, stored, places }: ToPresent,
): Promise<PresentedForecast[]> {
  const forecasts = stored.map((row) => ({ ...row, marketDay: row.marketDay as CalendarDay }));
  const expected = await expectedDemand(db, farmId, forecasts, clock.now());
  return stored.map((row, at) => present(row, places.get(row.marketId)?.name ?? "", expected[at]!));
}

function present(
  row: StoredForecast,
  marketName: string,
  { p10, p50, p90, orderedBase, usuallyOrdered }: ExpectedDay,
) {
  return {
    productId: row.productId,
    marketId: row.marketId,
    marketName,
    marketDay: row.marketDay,
    p10,
    p50,
    p90,
    orderedBase,
    usuallyOrdered,
    model: row.model,
    type: forecastTypeOf(row.model),
    modelVersion: row.modelVersion,
    demandClass: row.demandClass,
    daysLearned: row.daysLearned,
  };
}
