import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId } from "@almanac/kernel";
import type { Absence } from "../core/absences.ts";
import { goneSpans } from "./gone-spans.ts";

/**
 * When there was nothing of each product, as `goneSpans` tells it, in order of time. Before the first entry of its stock ledger
 * there is nothing too: that absence has no beginning. Those that ended before `since` are left out, and products that were
 * always there; what came after `now` is not looked at.
 */
export async function listAbsences(
  db: Queryable,
  { since, now, farmId }: { since: Date; now: Date; farmId?: FarmId },
): Promise<Map<ProductId, Absence[]>> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const found = await rows<{
    product_id: ProductId;
    gone_at: string | Date | null;
    back_at: string | Date | null;
  }>(
    db,
    sql`
      with own as materialized (
        select id from products where status in ('live', 'hidden') ${farmId ? sql`and farm_id = ${farmId}` : sql``}
      ),
      spans as (${goneSpans(sql`(select id from own)`)})
      select product_id, null::timestamptz as gone_at, min(at) as back_at from stock_entries
      where product_id in (select id from own) and at <= ${at} group by product_id
      union all
      select product_id, at, case when until <= ${at} then until end from spans
      where at <= ${at} and until > greatest(at, ${since.toISOString()}::timestamptz)
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
