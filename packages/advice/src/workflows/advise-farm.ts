import { eq } from "drizzle-orm";
import type { DatabaseHandle, Queryable } from "@almanac/db";
import { adviceSettings } from "@almanac/db/schema";
import {
  days,
  hours,
  marketDay,
  minutes,
  sharedWork,
  type CalendarDay,
  type Cents,
  type Clock,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import {
  comingForecasts,
  dayKey,
  listPlannedProducts,
  listPricesAhead,
  priceAheadAt,
  readPastDemand,
  readRestOfDay,
  type ForecastingDeps,
  type PriceAhead,
} from "@almanac/planning";
import { overlap, planTimes, readTimeZone } from "@almanac/pricing";
import { advise } from "../core/advise.ts";
import type { Advice, FarmFacts, ProductFacts } from "../core/facts.ts";
import { recentDays, recentOf } from "../core/recent.ts";
import {
  latestForecastAt,
  latestStockAt,
  listComingDays,
  listKeptLots,
  listSoldProducts,
  type ComingDay,
  type SoldProduct,
} from "../store/facts.ts";
import { hasOutlived, replacePending } from "../store/advice.ts";
import { crateOf, lockSettings, readSettings, type AdviceSettings } from "../store/settings.ts";

export interface AdviceDeps {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
}

/** Where weather is read for forecasts that have to be made first; without it they know the climate alone. */
export type FreshAdviceDeps = AdviceDeps & Pick<ForecastingDeps, "weather">;

/** Everything that a farm's advice follows from, as of now. */
export async function readFarmFacts(db: Queryable, farmId: FarmId, now: Date): Promise<FarmFacts> {
  const today = now.toISOString().slice(0, 10) as CalendarDay;
  const since = new Date(now.getTime() - days(7 * recentDays + 7));
  const [settings, products, coming, planned, pricesAhead, timeZone] = await Promise.all([
    readSettings(db, farmId),
    listSoldProducts(db, farmId),
    listComingDays(db, farmId, { from: today, now }),
    listPlannedProducts(db, farmId),
    listPricesAhead(db, farmId),
    readTimeZone(db, farmId),
  ]);
  // What is expected at a market is offered there, whether anything of it was sold of late or not.
  const demand = { since, now, farmId, products: planned, offered: coming };
  const { past, sales, unknown } = await readPastDemand(db, demand);
  const onHand = new Map(products.map((one) => [one.productId, one.onHandBase]));
  const lots = await listKeptLots(db, farmId, { onHand, now });
  const begun = coming.filter(({ startsAt, day }) => startsAt <= now && !settings.closedDays.includes(day));
  const sellingToday = await readSellingToday(db, farmId, begun, now);
  const daysOf = Map.groupBy(coming, ({ productId }) => productId);
  const salesOf = Map.groupBy(sales, ({ productId }) => productId);
  return {
    farmId,
    now,
    today,
    leaning: settings.leaning / 100,
    ...(settings.vanCrates !== null && { vanCrates: settings.vanCrates }),
    ...(settings.labourMinutes !== null && {
      handsCrates: Math.floor(settings.labourMinutes / settings.minutesPerCrate),
    }),
    leastGainCents: settings.leastGainCents,
    products: products.map((product): ProductFacts => {
      const ahead = pricesAhead.get(product.productId);
      const comingDays = (daysOf.get(product.productId) ?? [])
        .filter(({ startsAt, day }) => startsAt > now && !settings.closedDays.includes(day))
        .map((day) =>
          ahead ? pricedDay(day, { priceCents: product.priceCents, ahead, now, timeZone }) : day,
        );
      const sold = salesOf.get(product.productId) ?? [];
      const markets = new Set([...comingDays, ...sold].map(({ marketId }) => marketId));
      const ended = past.filter(({ marketId }) => markets.has(marketId));
      return {
        ...factsOf(product, settings),
        ...(ahead && {
          usualPriceCents: priceAheadAt({ priceCents: product.priceCents, ahead }, afterAllPlans),
        }),
        sellingTodayBase: sellingToday.get(product.productId) ?? 0,
        lots: lots.get(product.productId) ?? [],
        days: comingDays,
        recent: recentOf(
          sold,
          ended,
          ({ marketId, day }) => !unknown.has(dayKey(product.productId, marketId, day)),
        ),
      };
    }),
  };
}

const afterAllPlans = new Date("9999-12-31T00:00:00Z");

/** A coming market day with what is planned to be asked on it and before it, days as the farm's plans count them. */
function pricedDay(
  day: ComingDay,
  {
    priceCents,
    ahead,
    now,
    timeZone,
  }: { priceCents: Cents; ahead: readonly PriceAhead[]; now: Date; timeZone: string },
): ComingDay {
  const fromDay = marketDay(now, timeZone);
  const until = planTimes({ fromDay, toDay: day.day < fromDay ? fromDay : day.day }, fromDay, timeZone);
  return {
    ...day,
    priceCents: priceAheadAt({ priceCents, ahead }, day.startsAt),
    isPricePlanned: ahead.some((one) => overlap(one, until)),
  };
}

/** What the farm's markets that run now, or open later today, likely sell yet, by product: never more than there is. */
async function readSellingToday(
  db: Queryable,
  farmId: FarmId,
  begun: readonly ComingDay[],
  now: Date,
): Promise<Map<ProductId, number>> {
  const found = new Map<ProductId, number>();
  for (const [marketId, ofMarket] of Map.groupBy(begun, (one): MarketId => one.marketId)) {
    const rest = await readRestOfDay(db, now, { farmId, marketId });
    for (const { productId, day } of ofMarket) {
      const one = rest.get(dayKey(productId, marketId, day));
      if (!one) continue;
      found.set(productId, Math.min(one.leftBase, (found.get(productId) ?? 0) + one.restBase));
    }
  }
  return found;
}

function factsOf(
  product: SoldProduct,
  settings: AdviceSettings,
): Omit<ProductFacts, "sellingTodayBase" | "lots" | "days" | "recent"> {
  const { priceCents, costCents, salvageCents } = product;
  const cost = costCents ?? (priceCents * settings.costBasisPoints) / 10_000;
  return {
    productId: product.productId,
    name: product.name,
    baseUnit: product.baseUnit,
    isGrown: product.isGrown,
    variantId: product.variantId,
    money: {
      price: priceCents,
      cost,
      salvage: salvageCents ?? (cost * settings.salvageBasisPoints) / 10_000,
    },
    perBase: product.perBase,
    isCostAssumed: costCents === null,
    onHandBase: product.onHandBase,
    reservedBase: product.reservedBase,
    crateBase: crateOf(settings, product.baseUnit),
    ...(product.elasticity !== null && { elasticity: product.elasticity }),
    ...(product.shelfLifeDays !== null && { shelfLifeDays: product.shelfLifeDays }),
  };
}

/** Works out anew what a farm is advised to do. Two at once wait for each other. */
export async function adviseFarm(deps: AdviceDeps, farmId: FarmId): Promise<readonly Advice[]> {
  return deps.handle.transaction(async (tx) => {
    const now = deps.clock.now();
    await lockSettings(tx, farmId, now);
    const found = advise(await readFarmFacts(tx, farmId, now));
    await replacePending(tx, farmId, found, now);
    await tx.update(adviceSettings).set({ advisedAt: now }).where(eq(adviceSettings.farmId, farmId));
    return found;
  });
}

/** Advice that is older than this is made anew when somebody looks. */
const staleMs = hours(6);
/** The same where something was ordered, sold, taken back or harvested since: on a busy day that is always so. */
const outdatedMs = minutes(10);

/**
 * Sees to it that there is advice for somebody who looks: made where there is none yet, where it is hours old, or ten minutes
 * and stock has changed since, where the forecasts that it follows from have been made anew, or where its market day, stall or
 * product is gone; forecasts are made first where the night has made none. Who looks while a farm's first are being made
 * waits for those.
 *
 * @returns when it was made
 */
export async function freshAdvice(deps: FreshAdviceDeps, farmId: FarmId): Promise<Date> {
  const { handle, clock } = deps;
  const now = clock.now();
  const today = now.toISOString().slice(0, 10) as CalendarDay;
  const [{ advisedAt }, known, isOutlived, stockAt] = await Promise.all([
    readSettings(handle.db, farmId),
    latestForecastAt(handle.db, farmId, today),
    hasOutlived(handle.db, farmId, now),
    latestStockAt(handle.db, farmId),
  ]);
  const age = advisedAt === null ? Infinity : now.getTime() - advisedAt.getTime();
  if (advisedAt && !isOutlived && (known === undefined || known <= advisedAt)) {
    const isUpToDate = stockAt === undefined || stockAt <= advisedAt;
    if (isUpToDate ? age <= staleMs : age < outdatedMs) return advisedAt;
  }
  // What is there and outdated is made anew by each who looks: what ended it may be newer than what is being made.
  if (advisedAt && known) await adviseFarm(deps, farmId);
  else await madeOnce(handle, farmId, () => firstAdvice(deps, farmId));
  return now;
}

const madeOnce = sharedWork<DatabaseHandle, FarmId, unknown>();

async function firstAdvice(deps: FreshAdviceDeps, farmId: FarmId): Promise<void> {
  await comingForecasts(deps, farmId);
  await adviseFarm(deps, farmId);
}
