import type { DatabaseHandle } from "@almanac/db";
import { sharedWork, type CalendarDay, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import { expectedDemand, type ExpectedDay } from "./expected-demand.ts";
import { forecastDemand } from "./forecasting.ts";
import type { ForecastingDeps } from "./forecasting-deps.ts";
import { dayOf } from "./read-facts.ts";
import { listForecasts, type StoredForecast } from "./store/forecasts.ts";
import { hasComingDay } from "./store/stalls.ts";

export interface ComingDay extends ExpectedDay {
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
  /** Cents that it is expected at; `null` where that is not known. */
  readonly priceCents: number | null;
}

const madeOnce = sharedWork<DatabaseHandle, FarmId, unknown>();

/**
 * A farm's forecasts of the days to come; made now where the night has made none yet and there is a day to make them for. Who asks
 * while they are being made waits for those: a page asks for several things that follow from them.
 */
export async function comingForecasts(deps: ForecastingDeps, farmId: FarmId): Promise<StoredForecast[]> {
  const from = dayOf(deps.clock.now());
  const coming = () => listForecasts(deps.handle.db, farmId, { from });
  const found = await coming();
  if (found.length > 0 || !(await hasComingDay(deps.handle.db, farmId, from))) return found;
  await madeOnce(deps.handle, farmId, () => forecastDemand(deps, farmId));
  return coming();
}

/** What a product's coming market days will come to, as they are forecast now and by what is ordered; the next first. */
export async function comingDemand(
  deps: ForecastingDeps,
  { farmId, productId }: { farmId: FarmId; productId: ProductId },
): Promise<ComingDay[]> {
  const stored = (await comingForecasts(deps, farmId)).filter((row) => row.productId === productId);
  const days = stored.map((row) => ({ ...row, marketDay: row.marketDay as CalendarDay }));
  const expected = await expectedDemand(deps.handle.db, farmId, days, deps.clock.now());
  return days.map(({ marketId, marketDay, priceCents }, at) => ({
    ...expected[at]!,
    marketId,
    marketDay,
    priceCents,
  }));
}
