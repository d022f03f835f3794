import type { DatabaseHandle } from "@almanac/db";
import { commitGroup } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import type { NotedChanges } from "@almanac/signals";
import { readShoppers, type AskedShopper, type ShopperState } from "../store/shopper.ts";

/** @returns `undefined` when there is no such shopper, or they were erased */
export type ReadShopper = (asked: AskedShopper) => Promise<ShopperState | undefined>;

/** From there on a larger statement saves little, and the first of them waits for the last. */
const maxShoppersOfStatement = 8;

/** So many shoppers are remembered, those who asked last: some ten kilobytes each at most. */
const mostRemembered = 5_000;

interface RememberedShopper {
  readonly state: ShopperState;
  /** Orders placed later are in it as recent. */
  readonly ordersAfter: number;
}

/**
 * Reads shoppers for the requests of one process, and remembers them until the database says that something of theirs has changed,
 * whichever process did it. Those that are asked for while others are being read are read together, by a statement that begins
 * after they were asked for, so that it is as true as one of their own.
 */
export function createShopperReader({
  handle: { db, driver },
  changes,
}: {
  readonly handle: Pick<DatabaseHandle, "db" | "driver">;
  readonly changes: NotedChanges;
}): ReadShopper {
  const remembered = changes.remember<ShopperId, RememberedShopper>("shopper", mostRemembered);
  const group = commitGroup<AskedShopper, ShopperState | undefined>((asked) => readShoppers(db, asked), {
    maxWeight: maxShoppersOfStatement,
    weightOf: () => 1,
    // One connection is all that the embedded database has.
    maxGroups: driver === "postgres" ? 4 : 1,
  });
  return async (asked) => {
    const { shopperId } = asked;
    const ordersAfter = asked.ordersAfter.getTime();
    // What is not remembered is read without asking first what changed.
    if (remembered.get(shopperId)) {
      await changes.catchUp();
      const known = remembered.get(shopperId);
      if (known && holdsAfter(known, ordersAfter)) return known.state;
    }
    const found = await remembered.fill([shopperId], async () => {
      const state = await group.add(asked);
      return new Map(state ? [[shopperId, { state, ordersAfter }]] : []);
    });
    return found.get(shopperId)?.state;
  };
}

/** Who has placed no order since an earlier moment has placed none since a later one. */
function holdsAfter(known: RememberedShopper, ordersAfter: number): boolean {
  return (
    known.ordersAfter === ordersAfter ||
    (known.ordersAfter < ordersAfter && known.state.recentOrders.length === 0)
  );
}
