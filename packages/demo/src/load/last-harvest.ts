import { days, seededRng } from "@almanac/kernel";
import type { WorldProduct } from "../core/model.ts";

/** When a product was picked last: some hours to three days ago, the same at every load. */
export function lastHarvest(product: WorldProduct, now: Date): Date {
  return new Date(now.getTime() - days(0.3 + 2.5 * seededRng(product.slug).next()));
}
