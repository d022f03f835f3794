import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import {
  AppError,
  addCalendarDays,
  atMarketTime,
  newId,
  type CalendarDay,
  type Clock,
  type MarketId,
  type OrderWindowId,
  type PickupSlotId,
} from "@almanac/kernel";
import {
  planOrderWindow,
  rhythmOf,
  upcomingMarketDays,
  wallTimeOf,
  type WindowTimes,
} from "../core/order-windows.ts";
import { planPickupSlots, slotsOnDay, type SlotTimes } from "../core/pickup-slots.ts";
import type { Market, OrderWindow, PickupSlot } from "../core/things.ts";
import { findMarket, listMarkets } from "../store/markets.ts";
import {
  deletePickupSlot,
  findOrderWindow,
  findPickupSlot,
  insertOrderWindow,
  insertPickupSlots,
  isPickupSlotInUse,
  listOrderWindows,
  listPickupSlots,
  updateOrderWindow,
  updatePickupSlot,
} from "../store/order-windows.ts";
import type { Act } from "./act.ts";

export interface WindowInput {
  readonly marketDay: CalendarDay;
  /** As for the latest market day when absent, or `usualRhythm` where there is none. */
  readonly opensAt?: Date;
  /** The same. */
  readonly closesAt?: Date;
  /** Where neither of the two is given, slots are as on the latest market day; else 60 minutes and 40 orders. */
  readonly slotMinutes?: number;
  readonly slotCapacityOrders?: number;
}

/**
 * Plans the orders for one market day, as the latest one was where nothing else is said, with pickup slots through the
 * market's hours where there was none.
 *
 * @throws AppError `market_not_found`, `window_exists` when the day has a window, `input_invalid`
 */
export async function createWindow(
  tx: Transaction,
  marketId: MarketId,
  { marketDay, opensAt, closesAt, slotMinutes, slotCapacityOrders }: WindowInput,
  act: Act,
): Promise<OrderWindow> {
  const market = await getMarket(tx, marketId);
  const habit = await habitOf(tx, market, await listOrderWindows(tx, marketId, { limit: modelsAtMost }));
  const usual = planOrderWindow(marketDay, market.timeZone, habit?.rhythm);
  const times = { ...usual, opensAt: opensAt ?? usual.opensAt, closesAt: closesAt ?? usual.closesAt };
  const isAsUsual = slotMinutes === undefined && slotCapacityOrders === undefined;
  const slots =
    habit && isAsUsual
      ? habit.slotsOn(marketDay)
      : planPickupSlots({
          marketDay,
          timeZone: market.timeZone,
          opensAt: market.opensAt,
          closesAt: market.closesAt,
          lengthMinutes: slotMinutes ?? 60,
          capacityOrders: slotCapacityOrders ?? 40,
        });
  const window = await saveWindow(tx, market, times, slots, act);
  if (window) return window;
  throw new AppError("window_exists", "Orders for that day are planned already.", { details: { marketDay } });
}

/**
 * Plans the coming weeks as the latest one was: same opening and closing by the wall clock, same slots. Days that have a
 * window, a cancelled one too, are left as they are, so it can run at any time and as often as it likes.
 *
 * @param weeks how many market days ahead there shall be a window for
 * @returns how many were made; none where a market has never had one, as somebody has to say how it is done there
 */
export async function extendWindows(
  tx: Transaction,
  marketId: MarketId,
  { weeks }: { weeks: number },
  act: Act,
): Promise<number> {
  const market = await getMarket(tx, marketId);
  const recent = await listOrderWindows(tx, marketId, { limit: modelsAtMost });
  const habit = await habitOf(tx, market, recent);
  if (!habit) return 0;
  const planned = new Set(recent.map((window) => window.marketDay));
  let made = 0;
  for (const day of upcomingMarketDays(market.weekday, market.timeZone, act.now, weeks)) {
    if (planned.has(day)) continue;
    const times = planOrderWindow(day, market.timeZone, habit.rhythm);
    if (times.closesAt <= act.now) continue;
    if (await saveWindow(tx, market, times, habit.slotsOn(day), act)) made++;
  }
  return made;
}

/** How many market days are looked at for one that was not cancelled. */
const modelsAtMost = 52;

/**
 * How a market took orders for its latest market day that was not cancelled, a planned one included.
 *
 * @param recent the latest first
 */
async function habitOf(tx: Transaction, { timeZone }: Market, recent: readonly OrderWindow[]) {
  const model = recent.find((window) => !window.isCancelled);
  if (!model) return undefined;
  const slots = await listPickupSlots(tx, [model.id]);
  const toWallTime = (at: Date) => wallTimeOf(at, timeZone);
  return {
    rhythm: rhythmOf(model, timeZone),
    slotsOn: (day: CalendarDay) => slotsOnDay(slots, toWallTime, day, timeZone),
  };
}

/** `extendWindows` for every market, each in its own transaction: what a nightly job runs. */
export async function extendAllWindows(
  handle: DatabaseHandle,
  clock: Clock,
  { weeks = 4 }: { weeks?: number } = {},
): Promise<number> {
  let made = 0;
  for (const { id } of await listMarkets(handle.db)) {
    made += await handle.transaction((tx) => extendWindows(tx, id, { weeks }, { now: clock.now() }));
  }
  return made;
}

/** @throws AppError `window_not_found`, `input_invalid` */
export async function editWindow(
  tx: Transaction,
  marketId: MarketId,
  windowId: OrderWindowId,
  patch: { opensAt?: Date; closesAt?: Date; isCancelled?: boolean },
  act: Act,
): Promise<OrderWindow> {
  const window = await getWindow(tx, marketId, windowId);
  const market = await getMarket(tx, marketId);
  const changed = {
    ...window,
    opensAt: patch.opensAt ?? window.opensAt,
    closesAt: patch.closesAt ?? window.closesAt,
    isCancelled: patch.isCancelled ?? window.isCancelled,
  };
  assertWindowTimes(changed, market);
  const { opensAt, closesAt, isCancelled } = changed;
  await updateOrderWindow(tx, windowId, { opensAt, closesAt, isCancelled });
  await tellWindow(tx, marketId, act);
  return changed;
}

/** @throws AppError `window_not_found`, `slot_exists` when one starts then, `input_invalid` */
export async function addSlot(
  tx: Transaction,
  marketId: MarketId,
  windowId: OrderWindowId,
  times: SlotTimes,
  act: Act,
): Promise<PickupSlot> {
  const window = await getWindow(tx, marketId, windowId);
  const { timeZone } = await getMarket(tx, marketId);
  const dayStarts = atMarketTime(window.marketDay, 0, 0, timeZone);
  const dayEnds = atMarketTime(addCalendarDays(window.marketDay, 1), 0, 0, timeZone);
  if (times.startsAt >= times.endsAt || times.startsAt < dayStarts || times.endsAt > dayEnds) {
    throw new AppError("input_invalid", "A slot starts before it ends, both on the market day.");
  }
  const slot = { ...times, id: newId<PickupSlotId>(act.now.getTime()), orderWindowId: windowId };
  if ((await insertPickupSlots(tx, [slot])) === 0) {
    throw new AppError("slot_exists", "A slot starts at that time already.");
  }
  await tellWindow(tx, marketId, act);
  return slot;
}

/** Orders already in a slot stay, also when its capacity falls below them; it then takes no more. */
export async function resizeSlot(
  tx: Transaction,
  marketId: MarketId,
  slotId: PickupSlotId,
  capacityOrders: number,
  act: Act,
): Promise<void> {
  await getSlot(tx, marketId, slotId);
  await updatePickupSlot(tx, slotId, { capacityOrders });
  await tellWindow(tx, marketId, act);
}

/** @throws AppError `slot_not_found`, `slot_in_use` when an order or a checkout names it */
export async function removeSlot(
  tx: Transaction,
  marketId: MarketId,
  slotId: PickupSlotId,
  act: Act,
): Promise<void> {
  await getSlot(tx, marketId, slotId);
  if (await isPickupSlotInUse(tx, slotId)) {
    throw new AppError("slot_in_use", "Somebody picks up in this slot; set its capacity to 0 instead.");
  }
  await deletePickupSlot(tx, slotId);
  await tellWindow(tx, marketId, act);
}

async function saveWindow(
  tx: Transaction,
  market: Market,
  times: WindowTimes,
  slots: readonly SlotTimes[],
  act: Act,
): Promise<OrderWindow | undefined> {
  assertWindowTimes(times, market);
  const window = { ...times, id: newId<OrderWindowId>(act.now.getTime()), marketId: market.id };
  if (!(await insertOrderWindow(tx, window))) return undefined;
  await insertPickupSlots(
    tx,
    slots.map((slot) => ({
      ...slot,
      id: newId<PickupSlotId>(act.now.getTime()),
      orderWindowId: window.id,
    })),
  );
  await tellWindow(tx, market.id, act);
  return window;
}

function assertWindowTimes({ opensAt, closesAt, marketDay }: WindowTimes, { timeZone }: Market): void {
  const dayEnds = atMarketTime(addCalendarDays(marketDay, 1), 0, 0, timeZone);
  if (opensAt < closesAt && closesAt <= dayEnds) return;
  throw new AppError(
    "input_invalid",
    "Orders open before they close, and close by the end of the market day.",
  );
}

async function getMarket(db: Queryable, id: MarketId): Promise<Market> {
  const market = await findMarket(db, { id });
  if (!market) throw new AppError("market_not_found", "There is no such market.");
  return market;
}

async function getWindow(db: Queryable, marketId: MarketId, id: OrderWindowId): Promise<OrderWindow> {
  const window = await findOrderWindow(db, id);
  if (window?.marketId !== marketId) throw new AppError("window_not_found", "There is no such order window.");
  return window;
}

async function getSlot(db: Queryable, marketId: MarketId, id: PickupSlotId): Promise<PickupSlot> {
  const found = await findPickupSlot(db, id);
  if (found?.window.marketId !== marketId) throw new AppError("slot_not_found", "There is no such slot.");
  return found.slot;
}

async function tellWindow(tx: Transaction, marketId: MarketId, { traceId }: Act): Promise<void> {
  await publishFact(tx, { topic: "window.changed", payload: { marketId } }, { traceId });
}
