import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId } from "@almanac/kernel";

/** A product on sale, as an alert names it. */
export interface AlertProduct {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly farmId: FarmId;
  readonly farmName: string;
  /** Base units of one unit of its smallest variant. */
  readonly unitBase: number;
}

/** Those of the products that are on sale, in the order of their ids. */
export async function findAlertProducts(
  db: Queryable,
  productIds: readonly string[],
): Promise<AlertProduct[]> {
  if (productIds.length === 0) return [];
  return rows<AlertProduct>(
    db,
    sql`
      select p.id as "productId", p.slug, p.name, p.farm_id as "farmId", f.name as "farmName",
        min(v.unit_quantity_base)::int as "unitBase"
      from products p
      join farms f on f.id = p.farm_id
      join variants v on v.product_id = p.id and v.status = 'live'
      where p.id = any(${sql.param([...productIds])}::uuid[]) and p.status = 'live'
        and exists (select 1 from market_farms mf where mf.farm_id = p.farm_id)
      group by p.id, f.name
      order by p.id`,
  );
}

/** The product's part of an alert's payload. */
export function namesOf({ productId, slug, name, farmName }: AlertProduct) {
  return { productId, slug, name, farmName };
}
