import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId } from "@almanac/kernel";
import type { Absence } from "../core/absences.ts";

/**
 * When there was nothing of each product by its stock ledger, in order of time. Before the first entry there is nothing too:
 * that absence has no beginning. Those that ended before `since` are left out, and products that were always there; what came after `now` is not looked at.
 */
export async function listAbsences(
  db: Queryable,
  { since, now, farmId }: { since: Date; now: Date; farmId?: FarmId },
): Promise<Map<ProductId, Absence[]>> {
  const found = await rows<{
    product_id: ProductId;
    gone_at: string | Date | null;
    back_at: string | Date | null;
  }>(
    db,
    sql`
      with ledger as (
        select e.product_id, e.at, sum(e.delta_base) over entries as on_hand, lag(e.at) over entries as before_at,
          lead(e.at) over entries as next_at
        from stock_entries e join products p on p.id = e.product_id and p.status in ('live', 'hidden')
          ${farmId ? sql`and p.farm_id = ${farmId}` : sql``}
        where e.at <= ${now.toISOString()}::timestamptz
        window entries as (partition by e.product_id order by e.at, e.seq)
      )
      select product_id, null::timestamptz as gone_at, at as back_at from ledger where before_at is null
      union all
      select product_id, at, next_at from ledger
      where on_hand <= 0 and (next_at is null or next_at > greatest(at, ${since.toISOString()}::timestamptz))
      order by product_id, gone_at nulls first`,
  );
  const absences = new Map<ProductId, Absence[]>();
  for (const row of found) {
    const absence = { from: timeOf(row.gone_at) ?? -Infinity, until: timeOf(row.back_at) ?? Infinity };
    const own = absences.get(row.product_id);
    if (own) own.push(absence);
    else absences.set(row.product_id, [absence]);
  }
  return absences;
}

const timeOf = (at: string | Date | null): number | undefined =>
  at === null ? undefined : new Date(at).getTime();
