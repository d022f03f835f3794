import type { DatabaseHandle, Queryable } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Clock, FarmId, ShopperId } from "@almanac/kernel";
import type { HiddenInterests } from "./core/taste.ts";
import { lockHidden, saveHidden } from "./store/taste.ts";
import { tasteChannel } from "./taste.ts";

/** One interest. */
export interface Interest {
  readonly category?: string;
  readonly farmId?: FarmId;
}

export interface TasteTools {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
}

/** From now on this interest counts for nothing, whatever the shopper does, until it is restored. */
export function forgetInterest(tools: TasteTools, shopperId: ShopperId, interest: Interest): Promise<void> {
  return changeHidden(tools, shopperId, ({ categories, farms }) => ({
    categories: withItem(categories, interest.category),
    farms: withItem(farms, interest.farmId),
  }));
}

/** Takes `forgetInterest` back; an empty interest restores all. */
export function restoreInterest(tools: TasteTools, shopperId: ShopperId, interest: Interest): Promise<void> {
  const isAll = interest.category === undefined && interest.farmId === undefined;
  return changeHidden(tools, shopperId, ({ categories, farms }) => ({
    categories: isAll ? [] : categories.filter((slug) => slug !== interest.category),
    farms: isAll ? [] : farms.filter((id) => id !== interest.farmId),
  }));
}

async function changeHidden(
  { handle, bus, clock }: TasteTools,
  shopperId: ShopperId,
  change: (hidden: HiddenInterests) => HiddenInterests,
): Promise<void> {
  const now = clock.now();
  await handle.transaction(async (tx: Queryable) => {
    const hidden = change(await lockHidden(tx, shopperId, now));
    await saveHidden(tx, shopperId, { hidden, now });
  });
  await bus.publish(tasteChannel, { shopperId });
}

function withItem<T>(items: readonly T[], item: T | undefined): readonly T[] {
  return item === undefined || items.includes(item) ? items : [...items, item];
}
