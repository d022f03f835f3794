import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, FarmId, ProductId } from "@almanac/kernel";

/** The price of the way that a product is mostly sold, now and before each change. */
export interface OwnPrice {
  readonly priceCents: number;
  /** Oldest first. */
  readonly changes: readonly { readonly at: Date; readonly beforeCents: number }[];
}

/** Prices of products and their changes since a moment. */
export async function listOwnPrices(
  db: Queryable,
  { since, farmId }: { since: Date; farmId?: FarmId },
): Promise<Map<ProductId, OwnPrice>> {
  const found = await rows<{
    product_id: ProductId;
    price: number;
    changed_at: string | Date | null;
    before: number | null;
  }>(
    db,
    sql`
      with lead as materialized (
        select distinct on (v.product_id) v.product_id, v.id, v.unit_price_cents
        from variants v join products p on p.id = v.product_id and p.status in ('live', 'hidden')
        where v.status = 'live' ${farmId ? sql`and p.farm_id = ${farmId}` : sql``}
        order by v.product_id, v.position, v.id
      )
      select l.product_id, l.unit_price_cents as price, c.changed_at, c.old_price_cents as before
      from lead l
      left join price_changes c on c.variant_id = l.id and c.changed_at > ${since.toISOString()}::timestamptz
      order by l.product_id, c.changed_at, c.seq`,
  );
  return new Map(
    [...Map.groupBy(found, (row) => row.product_id)].map(([productId, own]) => [
      productId,
      {
        priceCents: own[0]!.price,
        changes: own.flatMap(({ changed_at: at, before }) =>
          at === null || before === null ? [] : [{ at: new Date(at), beforeCents: before }],
        ),
      },
    ]),
  );
}

/**
 * The price before a day began: what those who ordered for it mostly saw. Of a day to come it is the price as it is set now.
 *
 * @returns cents; NaN where it costs nothing
 */
export function priceOn({ priceCents, changes }: OwnPrice, day: CalendarDay): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  const next = changes.find((change) => change.at.getTime() > at);
  const cents = next ? next.beforeCents : priceCents;
  return cents > 0 ? cents : NaN;
}
