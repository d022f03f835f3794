import type { DatabaseHandle } from "@almanac/db";
import { marketDay, seasonAt, type Clock } from "@almanac/kernel";
import { startBuilder, type StartBuilder } from "../building/builder.ts";
import type { Evaluation } from "../core/arms/evaluate.ts";
import type { ShopView } from "../shop.ts";
import { saveEvaluation } from "../store/evaluations.ts";
import { loadFarms } from "../store/farms.ts";
import { epochDay } from "./shop-product.ts";
import { passOrders, passProducts } from "./world.ts";

/**
 * Judges all arms on the shop's own past, in a thread of its own, and keeps the figures. A job runs it each night.
 *
 * @returns `undefined`, and keeps nothing, when too few shoppers ordered in the days that are held out
 */
export async function judgeArms({
  handle,
  shopWindow,
  clock,
  start = startBuilder,
}: {
  readonly handle: DatabaseHandle;
  readonly shopWindow: ShopView;
  readonly clock: Clock;
  readonly start?: StartBuilder;
}): Promise<Evaluation | undefined> {
  const now = clock.now();
  const builder = start();
  try {
    const farms = await loadFarms(handle.db, now);
    await passOrders(handle.db, now, builder);
    const products = await passProducts(shopWindow, now, builder);
    const known = new Set(farms.map(({ id }) => id));
    const joined = products.flatMap(({ snapshot: { farmId } }) => (known.has(farmId) ? [] : [farmId]));
    const [market] = shopWindow.markets();
    const season = market
      ? seasonAt(now, market.market.timeZone, market.market.latitude)
      : seasonAt(now, "UTC", 0);
    const days = shopWindow.markets().map((entry) => epochDay(marketDay(now, entry.market.timeZone)));
    const evaluation = await builder.judge({
      kind: "judge",
      day: Math.max(epochDay(marketDay(now, "UTC")), ...days),
      farms: [...farms, ...[...new Set(joined)].map((id) => ({ id, isNew: true }))],
      season,
    });
    if (evaluation) await saveEvaluation(handle.db, evaluation, now);
    return evaluation;
  } finally {
    await builder.abandon();
  }
}
