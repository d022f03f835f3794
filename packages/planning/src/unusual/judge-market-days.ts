import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { weatherFrom, type WeatherSource } from "@almanac/forecasting";
import {
  days,
  formatMarketTime,
  formatRoughQuantity,
  type Clock,
  type FarmId,
  type ProductId,
} from "@almanac/kernel";
import { publishLive } from "@almanac/realtime";
import { dayNumberOf, holidayOfShoppers } from "../core/holidays.ts";
import {
  chooseTold,
  explain,
  isUnusual,
  standingOut,
  surprisingDays,
  type DayFacts,
  type Explained,
  type Surprising,
} from "../core/unusual/judge-day.ts";
import { surpriseOf } from "../core/unusual/surprise.ts";
import { readAsked, readGoneSince } from "../store/day-facts.ts";
import {
  countToldInWeek,
  listAwaitedDays,
  listUnjudgedDays,
  lockAwaited,
  readForecastsOnDay,
  removeUnusualDay,
  saveUnusualDays,
  takeMarketDay,
  updateSold,
  type ForecastOnDay,
  type MarketDayOver,
} from "../store/unusual-days.ts";

export interface JudgeDaysDeps {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Where it is read whether it rained; without it weather explains nothing. */
  readonly weather?: WeatherSource;
}

/** So long after a day was judged sales are still taken back or come in. */
const settlingDays = 2;
/** Infinitely surprising is what was sold where nothing was likely. */
const mostSurprise = 99;

/**
 * Holds market days that are over against what was forecast of them before, for all farms, and tells a farm of what is far from
 * it and what nothing explains. Each day is judged once, in a transaction with what is told of it: what is called off half-way
 * is done anew, and nothing is told twice. What was put right since is taken off. Run it every hour; several processes may.
 *
 * @returns how many market days were judged, and how many products were told of
 */
export async function judgeMarketDays(deps: JudgeDaysDeps): Promise<{ marketDays: number; told: number }> {
  const { handle, clock } = deps;
  const now = clock.now();
  for (const day of await listAwaitedDays(handle.db, new Date(now.getTime() - days(settlingDays))))
    await handle.transaction((tx) => settle(tx, day));
  let marketDays = 0;
  let told = 0;
  for (const day of await listUnjudgedDays(handle.db, now)) {
    const isWet = await wasWet(deps, day);
    const found = await handle.transaction((tx) => judge(tx, deps, { ...day, isWet }));
    if (found === undefined) continue;
    marketDays += 1;
    told += found;
  }
  return { marketDays, told };
}

/** @returns how many were told of; `undefined` where another process was first */
async function judge(
  tx: Transaction,
  { bus, clock }: JudgeDaysDeps,
  day: MarketDayOver & { readonly isWet: boolean },
): Promise<number | undefined> {
  const now = clock.now();
  if (!(await takeMarketDay(tx, day, now))) return undefined;
  const surprising = surprisingDays(await readForecastsOnDay(tx, day));
  if (surprising.length === 0) return 0;
  const [facts, toldInWeek] = await Promise.all([
    readDayFacts(tx, day, surprising),
    countToldInWeek(tx, day.day),
  ]);
  const explained = surprising.map((one) => ({ ...one, ...explain(one, facts) }));
  let count = 0;
  for (const [farmId, own] of Map.groupBy(explained, ({ product }) => product.farmId)) {
    const told = chooseTold(own, toldInWeek.get(farmId) ?? 0);
    await saveUnusualDays(
      tx,
      own.map((one) => ({
        farmId,
        productId: one.product.productId,
        marketId: day.marketId,
        marketDay: day.day,
        soldBase: one.product.soldBase,
        lowBase: one.product.p10,
        highBase: one.product.p90,
        surprise: sizeOf(one.surprise),
        reason: one.reason,
        reasonText: one.reasonText,
        largestBase: standingOut(one.product, one.surprise),
        isTold: told.has(one),
        answer: null,
        answeredAt: null,
        answeredBy: null,
        foundAt: now,
      })),
    );
    count += told.size;
    if (told.size > 0) await tell(tx, bus, { farmId, day, told: [...told] });
  }
  return count;
}

const sizeOf = (surprise: number): number => Math.min(mostSurprise, Math.abs(surprise));

type Found = Surprising<ForecastOnDay> & Explained;

async function tell(
  tx: Transaction,
  bus: Bus,
  { farmId, day, told }: { farmId: FarmId; day: MarketDayOver; told: readonly Found[] },
): Promise<void> {
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }).format(
    new Date(`${day.day}T12:00:00Z`),
  );
  await publishLive(tx, bus, {
    topic: `farm:${farmId}:insights`,
    type: "AI_INSIGHT",
    payload: {
      title: `Unusual sales on ${weekday}`,
      text: told.some(({ reason }) => reason === "stall")
        ? `Nothing was sold of ${told.length} products that always sell.`
        : told.map(wordsOf).join(" "),
    },
  });
}

function wordsOf({ product: { name, baseUnit, soldBase, p10, p90 } }: Found): string {
  const [sold, low, high] = [soldBase, p10, p90].map((base) => formatRoughQuantity(base, baseUnit));
  return `${name}: ${sold} sold, ${low} to ${high} was usual.`;
}

async function readDayFacts(
  db: Queryable,
  day: MarketDayOver & { readonly isWet: boolean },
  surprising: readonly Surprising<ForecastOnDay>[],
): Promise<DayFacts> {
  const idsOf = (all: readonly Surprising<ForecastOnDay>[]): ProductId[] =>
    all.map(({ product }) => product.productId);
  const [gone, asked] = await Promise.all([
    readGoneSince(db, day, idsOf(surprising.filter(({ surprise }) => surprise < 0))),
    readAsked(db, day, idsOf(surprising)),
  ]);
  return {
    holiday: holidayOfShoppers(day.day, day.timeZone),
    isWet: day.isWet,
    gone: new Map([...gone].map(([id, at]) => [id, `Sold out since ${formatMarketTime(at, day.timeZone)}`])),
    asked,
  };
}

/** Of what is still unanswered: what is no longer unusual, as sales were taken back or came in, is taken off. */
async function settle(tx: Transaction, day: Pick<MarketDayOver, "marketId" | "day">): Promise<void> {
  const awaited = await lockAwaited(tx, day);
  const now = new Map((await readForecastsOnDay(tx, day)).map((one) => [one.productId, one]));
  for (const one of awaited) {
    const found = now.get(one.productId);
    if (!found || found.soldBase === one.soldBase) continue;
    const surprise = surpriseOf(found.soldBase, found);
    if (isUnusual(surprise))
      await updateSold(tx, one, {
        soldBase: found.soldBase,
        surprise: sizeOf(surprise),
        largestBase: standingOut(found, surprise),
      });
    else await removeUnusualDay(tx, one);
  }
}

/** Whether it rained, as read; false where nobody reads it. */
async function wasWet({ weather }: JudgeDaysDeps, day: MarketDayOver): Promise<boolean> {
  if (!weather) return false;
  const columns = await weatherFrom({
    source: weather,
    place: day,
    firstPeriod: dayNumberOf(day.day),
    length: 1,
  });
  return columns?.basis[0] === "read" && columns.rain[0] === 1;
}
