import { retryTransaction, type DatabaseHandle } from "@almanac/db";
import type { Clock } from "@almanac/kernel";
import { lockOverdueCheckouts, setCheckoutStatus } from "../store/checkouts.ts";
import { endReservations, lockStock, reservedProducts, saveStock } from "../store/stock.ts";

const batch = 50;

/**
 * Ends checkouts whose ten minutes are over and frees their stock and their places. For a job that runs every minute;
 * selling does not depend on it.
 *
 * @returns how many checkouts ended
 */
export async function expireHolds(handle: DatabaseHandle, clock: Clock): Promise<number> {
  let ended = 0;
  for (;;) {
    const count = await retryTransaction(handle, async (tx) => {
      const now = clock.now();
      const overdue = await lockOverdueCheckouts(tx, now, batch);
      const stock = await lockStock(tx, await reservedProducts(tx, overdue));
      await endReservations(tx, stock, overdue, "expired");
      await setCheckoutStatus(tx, overdue, "expired");
      await saveStock(tx, stock, { now });
      return overdue.length;
    });
    ended += count;
    if (count < batch) return ended;
  }
}
