import type { DatabaseHandle, Transaction } from "@almanac/db";
import { hours, invariant, type FarmId } from "@almanac/kernel";
import { dueDigest } from "./core/arrivals.ts";
import { tellShoppers, type News, type TellOptions } from "./news/tell.ts";
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
  ...options
}: TellOptions & { readonly handle: DatabaseHandle }): Promise<number> {
  const now = options.clock.now();
  const since = new Date(now.getTime() - oldestMs);
  if ((await listArrivals(handle.db, since)).length === 0) return 0;
  return handle.transaction(async (tx) => {
    await takeTurn(tx, "arrivals");
    const byFarm = Map.groupBy(await listArrivals(tx, since), ({ farmId }) => farmId);
    const news: News[] = [];
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
      news.push(...(await newsForFollowers(tx, farmId, due)));
      told++;
    }
    await tellShoppers(tx, options, news);
    return told;
  });
}

/** One message for each follower, about all that is due of the farm. */
async function newsForFollowers(
  tx: Transaction,
  farmId: FarmId,
  due: readonly FarmArrival[],
): Promise<News[]> {
  const found = await findAlertProducts(
    tx,
    due.map(({ productId }) => productId),
  );
  const order = new Map(due.map(({ productId }, at) => [productId, at]));
  const products = found.toSorted((a, b) => (order.get(a.productId) ?? 0) - (order.get(b.productId) ?? 0));
  const [first] = products;
  if (!first) return [];
  invariant(first.farmId === farmId, "a digest is about one farm");
  const payload = { ...namesOf(first), farmId, count: products.length, products: products.map(namesOf) };
  const key = `arrivals-${farmId}-${due.at(-1)?.listedAt.getTime()}`;
  return (await listFarmFollowers(tx, farmId)).map((shopperId) => ({
    shopperId,
    topic: "new_arrivals",
    content: { type: "NEW_ARRIVAL_ALERT", payload },
    key,
  }));
}
