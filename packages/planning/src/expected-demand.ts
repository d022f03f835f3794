import type { Queryable } from "@almanac/db";
import { days, type CalendarDay, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import {
  bookingCurve,
  usualShare,
  withBookings,
  type BookedDay,
  type BookingCurve,
  type Quantiles,
} from "./core/booking-curve.ts";
import { dayKey, type DaySales } from "./core/demand-history.ts";
import { bookedDays, bookedOf, orderedOf, salesOf, type BookedBy } from "./core/ledger.ts";
import { readFarmLedgers, type FarmLedgers } from "./farm-ledgers.ts";

/** What is forecast of a product for a coming market day, before anything was ordered for it. */
export interface ForecastDay extends Quantiles {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
}

export interface ExpectedDay extends Quantiles {
  /** Ordered already, base units. */
  readonly orderedBase: number;
  /** The share that is usually ordered by now; `null` where it is not known. */
  readonly usuallyOrdered: number | null;
}

/**
 * What a farm's coming market days will come to, from the forecasts and from what is ordered already: orders are held
 * against how those of earlier market days had come in by the same time before ordering closed. Where that is not known,
 * nothing is expected below what is ordered.
 *
 * @returns one a forecast, in their order
 */
export async function expectedDemand(
  db: Queryable,
  farmId: FarmId,
  forecasts: readonly ForecastDay[],
  now: Date,
): Promise<ExpectedDay[]> {
  const wanted = [...new Set(forecasts.map(({ marketDay }) => marketDay))];
  if (wanted.length === 0) return [];
  const { ordered, curveOf } = await readBookings(db, farmId, wanted, now);
  return forecasts.map((forecast) => {
    const { productId, marketId, marketDay } = forecast;
    return heldAgainst(forecast, ordered.get(dayKey(productId, marketId, marketDay)) ?? 0, curveOf);
  });
}

/** @returns what a day will come to, of which so much is ordered */
export function heldAgainst(forecast: ForecastDay, orderedBase: number, curveOf: CurveOf): ExpectedDay {
  const { curve, stepBase } = curveOf(forecast);
  return {
    ...withBookings(forecast, orderedBase, curve, stepBase),
    orderedBase,
    usuallyOrdered: curve ? usualShare(curve) : null,
  };
}

/**
 * What is ordered of a farm's products for market days by now, by `dayKey`, and how orders come in, by the same time before earlier
 * market days as it is now before these.
 */
export async function readBookings(
  db: Queryable,
  farmId: FarmId,
  wanted: readonly CalendarDay[],
  now: Date,
): Promise<{ ordered: ReadonlyMap<string, number>; curveOf: CurveOf }> {
  const since = new Date(now.getTime() - days(7 * bookedDays + 14));
  const book = await readFarmLedgers(db, { farmId, since, now, withLines: true });
  return {
    ordered: orderedOf(book, { days: wanted, now }),
    curveOf: curvesOf(book, wanted, { since, now }),
  };
}

function curvesOf(
  book: FarmLedgers,
  wanted: readonly CalendarDay[],
  { since, now }: { since: Date; now: Date },
): CurveOf {
  const booked = bookedOf(book, { marketIds: book.marketIds, days: wanted, now });
  return curves(
    booked,
    [...book.ledgers.values()].flatMap((ledger) => salesOf(ledger, { since, now })),
  );
}

export type CurveOf = (forecast: Pick<ForecastDay, "productId" | "marketId" | "marketDay">) => OwnCurve;

interface OwnCurve {
  readonly curve: BookingCurve | undefined;
  readonly stepBase: number;
}

/** Days that were sold out hide what else would have been asked for, and are left out. */
function curves(booked: readonly BookedBy[], sales: readonly DaySales[]): CurveOf {
  const byThen = new Map(
    booked.map((one) => [bookedKey(one.productId, one.marketId, one.comingDay, one.pastDay), one.byThenBase]),
  );
  const steps = new Map(
    [...Map.groupBy(booked, ({ productId }) => productId)].map(([productId, lines]) => [
      productId,
      lines.reduce((sum, { lineBase }) => sum + lineBase, 0) / lines.length,
    ]),
  );
  const stepOf = (productId: ProductId): number => Math.max(1, steps.get(productId) ?? 1);
  const salesOn = Map.groupBy(
    sales.filter(({ soldBase, soldOut }) => soldBase > 0 && !soldOut),
    ({ marketId, day }) => `${marketId} ${day}`,
  );
  const farm = new Map<string, BookedDay[]>();
  const own = new Map<string, BookedDay[]>();
  // Days on which the farm had any order: of others it is not known whether one could order from it.
  for (const [, [pair]] of Map.groupBy(booked, (one) => `${one.marketId} ${one.comingDay} ${one.pastDay}`)) {
    const { marketId, comingDay, pastDay } = pair!;
    for (const { productId, soldBase } of salesOn.get(`${marketId} ${pastDay}`) ?? []) {
      const byThenBase = byThen.get(bookedKey(productId, marketId, comingDay, pastDay)) ?? 0;
      const one = { totalBase: soldBase, byThenBase, stepBase: stepOf(productId) };
      grouped(farm, `${marketId} ${comingDay}`).push(one);
      grouped(own, dayKey(productId, marketId, comingDay)).push(one);
    }
  }
  return ({ productId, marketId, marketDay }) => {
    const mine = own.get(dayKey(productId, marketId, marketDay)) ?? [];
    const curve = bookingCurve(mine, farm.get(`${marketId} ${marketDay}`) ?? []);
    return { curve, stepBase: stepOf(productId) };
  };
}

const bookedKey = (productId: string, marketId: string, comingDay: string, pastDay: string): string =>
  `${productId} ${marketId} ${comingDay} ${pastDay}`;

function grouped(groups: Map<string, BookedDay[]>, key: string): BookedDay[] {
  let found = groups.get(key);
  if (!found) groups.set(key, (found = []));
  return found;
}
