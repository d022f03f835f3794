import type { Transaction } from "@almanac/db";
import type { ProductId } from "@almanac/kernel";
import { moveFirstHarvest, seasonBegunBy } from "../core/first-harvest.ts";
import { listLiveProducts } from "../store/live-products.ts";
import type { Act } from "./act.ts";
import { setHarvest } from "./harvests.ts";

/**
 * What is harvested before its season has begun begins it: the first day of the product's season becomes this one, so that
 * the shop, its score and the calendar follow. Nothing changes for what is not on sale, grows all year or is kept in
 * store, in a season, or more than 45 days before one.
 *
 * @returns whether the season began with it
 */
export async function beginSeason(tx: Transaction, productId: ProductId, act: Act): Promise<boolean> {
  const [product] = await listLiveProducts(tx, { now: act.now, productIds: [productId] });
  const harvest = product?.harvest;
  if (!product || !harvest || harvest.kind === "year_round" || harvest.kind === "stored") return false;
  const begun = seasonBegunBy(harvest.windows, act.now.toISOString().slice(5, 10));
  if (!begun) return false;
  const windows = moveFirstHarvest(harvest.windows, begun.index, -begun.daysEarly);
  await setHarvest(
    tx,
    { scope: "product", productId, crop: product.crop },
    { kind: harvest.kind, windows },
    act,
  );
  return true;
}
