import type { DatabaseHandle, Transaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { hours, invariant, type Clock, type FarmId } from "@almanac/kernel";
import { publishLive, shopperChannel } from "@almanac/realtime";
import { dueDigest } from "./core/arrivals.ts";
import { listFarmFollowers } from "./store/audience.ts";
import { findAlertProducts, namesOf } from "./store/products.ts";
import { readTold, saveTold, takeTurn } from "./store/told.ts";
import { listArrivals, type FarmArrival } from "./store/waiting.ts";

/** What was listed longer ago, as by a platform that stood still, is no news. */
const oldestMs = hours(6);

/**
 * Tells the followers of a farm what it listed for the first time, ten minutes' worth in one message (REC-10). Run it every
 * minute; nothing is told twice, whichever process runs it.
 *
 * @returns how many farms had news
 */
export async function sendArrivalDigests({
  handle,
  bus,
  clock,
}: {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
}): Promise<number> {
  const now = clock.now();
  const since = new Date(now.getTime() - oldestMs);
  if ((await listArrivals(handle.db, since)).length === 0) return 0;
  return handle.transaction(async (tx) => {
    await takeTurn(tx, "arrivals");
    const byFarm = Map.groupBy(await listArrivals(tx, since), ({ farmId }) => farmId);
    let told = 0;
    for (const [farmId, arrivals] of byFarm) {
      const untilMs = Number((await readTold(tx, `arrivals.${farmId}`))?.["untilMs"] ?? 0);
      const due = dueDigest(
        arrivals.filter(({ listedAt }) => listedAt.getTime() > untilMs),
        now,
      );
      const last = due.at(-1);
      if (!last) continue;
      await saveTold(tx, `arrivals.${farmId}`, { untilMs: last.listedAt.getTime() }, now);
      await tellFollowers(tx, bus, farmId, due);
      told++;
    }
    return told;
  });
}

async function tellFollowers(
  tx: Transaction,
  bus: Bus,
  farmId: FarmId,
  due: readonly FarmArrival[],
): Promise<void> {
  const found = await findAlertProducts(
    tx,
    due.map(({ productId }) => productId),
  );
  const order = new Map(due.map(({ productId }, at) => [productId, at]));
  const news = found.toSorted((a, b) => (order.get(a.productId) ?? 0) - (order.get(b.productId) ?? 0));
  const [first] = news;
  if (!first) return;
  invariant(first.farmId === farmId, "a digest is about one farm");
  const payload = { ...namesOf(first), farmId, count: news.length, products: news.map(namesOf) };
  for (const shopperId of await listFarmFollowers(tx, farmId)) {
    await publishLive(tx, bus, {
      topic: shopperChannel(shopperId, "new_arrivals"),
      type: "NEW_ARRIVAL_ALERT",
      payload,
    });
  }
}
