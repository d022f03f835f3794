import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, ProductId } from "@almanac/kernel";
import type { HarvestedOn } from "../core/yield/planting-promise.ts";

/** What was brought in of a product by day on the farm's wall, the oldest first; at most two thousand days. */
export async function listHarvests(
  db: Queryable,
  productId: ProductId,
  { since, timeZone }: { since: Date; timeZone: string },
): Promise<HarvestedOn[]> {
  const found = await rows<{ day: CalendarDay; base: number | string }>(
    db,
    sql`select to_char(at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(delta_base) as base
      from stock_entries
      where product_id = ${productId} and reason = 'harvest' and at >= ${since.toISOString()}::timestamptz
      group by 1 order by 1 limit 2000`,
  );
  return found.map(({ day, base }) => ({ on: day, base: Number(base) })).filter(({ base }) => base > 0);
}

/** On hand, and of that what is held for orders and open checkouts; base units. */
export async function readLevel(
  db: Queryable,
  productId: ProductId,
): Promise<{ onHandBase: number; reservedBase: number }> {
  const [row] = await rows<{ on_hand_base: number; reserved_base: number }>(
    db,
    sql`select on_hand_base, reserved_base from stock_levels where product_id = ${productId}`,
  );
  return { onHandBase: Number(row?.on_hand_base ?? 0), reservedBase: Number(row?.reserved_base ?? 0) };
}
