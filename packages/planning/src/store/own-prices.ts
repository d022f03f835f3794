import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId } from "@almanac/kernel";
import type { OwnPrice, PriceAhead } from "../core/own-prices.ts";

interface OwnPriceQuestion {
  readonly since: Date;
  /** One farm's alone. */
  readonly farmId?: FarmId;
}

/** Prices of products, their changes since a moment, and what is planned. */
export async function listOwnPrices(
  db: Queryable,
  { since, farmId }: OwnPriceQuestion,
): Promise<Map<ProductId, OwnPrice>> {
  const [found, ahead] = await Promise.all([
    rows<{
      product_id: ProductId;
      price: number;
      changed_at: string | Date | null;
      before: number | null;
    }>(
      db,
      sql`
      with lead as materialized (${leadVariants(farmId)})
      select l.product_id, l.unit_price_cents as price, c.changed_at, c.old_price_cents as before
      from lead l
      left join price_changes c on c.variant_id = l.id and c.changed_at > ${since.toISOString()}::timestamptz
      order by l.product_id, c.changed_at, c.seq`,
    ),
    listPricesAhead(db, farmId),
  ]);
  return new Map(
    [...Map.groupBy(found, (row) => row.product_id)].map(([productId, own]) => [
      productId,
      {
        priceCents: own[0]!.price,
        changes: own.flatMap(({ changed_at: at, before }) =>
          at === null || before === null ? [] : [{ at: new Date(at), beforeCents: before }],
        ),
        ahead: ahead.get(productId) ?? [],
      },
    ]),
  );
}

/** Planned prices that are to come or hold, by product, the earliest first. Index: price_plans_open. */
export async function listPricesAhead(db: Queryable, farmId?: FarmId): Promise<Map<ProductId, PriceAhead[]>> {
  const found = await rows<{
    product_id: ProductId;
    price: number;
    starts_at: string | Date;
    ends_at: string | Date | null;
    before: number | null;
  }>(
    db,
    sql`
      with open as materialized (
        select * from price_plans
        where status in ('planned', 'running') ${farmId ? sql`and farm_id = ${farmId}` : sql``}
      ),
      lead as materialized (
        select distinct on (v.product_id) v.product_id, v.id
        from variants v where v.status = 'live' and v.product_id in (select product_id from open)
        order by v.product_id, v.position, v.id
      )
      select o.product_id, o.unit_price_cents as price, o.starts_at, o.ends_at,
        case when o.status = 'running' then o.before_cents end as before
      from open o join lead l on l.id = o.variant_id
      order by o.product_id, o.starts_at, o.id`,
  );
  return new Map(
    [...Map.groupBy(found, (row) => row.product_id)].map(([productId, own]) => [
      productId,
      own.map((row) => ({
        priceCents: row.price,
        startsAt: new Date(row.starts_at),
        endsAt: row.ends_at === null ? null : new Date(row.ends_at),
        beforeCents: row.before,
      })),
    ]),
  );
}

const leadVariants = (farmId: FarmId | undefined) => sql`
        select distinct on (v.product_id) v.product_id, v.id, v.unit_price_cents
        from variants v join products p on p.id = v.product_id and p.status in ('live', 'hidden')
        where v.status = 'live' ${farmId ? sql`and p.farm_id = ${farmId}` : sql``}
        order by v.product_id, v.position, v.id`;
