import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { BaseUnit, FarmId, ProductId, VariantId } from "@almanac/kernel";

/** One way in which a farm sells a product that is on sale. */
export interface Offer {
  readonly productId: ProductId;
  readonly name: string;
  readonly picture: string;
  readonly category: string;
  readonly crop: string;
  readonly baseUnit: BaseUnit;
  readonly variantId: VariantId;
  readonly variantName: string;
  readonly priceUnit: string;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
  /** The first way of the product: its price stands for the product's. */
  readonly isLead: boolean;
}

/** What a farm has on sale, by name; at most a thousand ways of selling. */
export async function listOffers(db: Queryable, farmId: FarmId): Promise<Offer[]> {
  return rows<Offer>(
    db,
    sql`select p.id as "productId", p.name, p.picture, p.category, p.crop, p.base_unit as "baseUnit", v.id as "variantId",
        v.name as "variantName", v.price_unit as "priceUnit", v.unit_price_cents as "unitPriceCents",
        v.unit_price_per as "unitPricePer",
        row_number() over (partition by p.id order by v.position, v.id) = 1 as "isLead"
      from products p join variants v on v.product_id = p.id and v.status = 'live'
      where p.farm_id = ${farmId} and p.status = 'live'
      order by p.name, p.id, v.position, v.id limit 1000`,
  );
}

export interface MarketOffer {
  readonly farmId: FarmId;
  readonly category: string;
  readonly crop: string;
  readonly baseUnit: BaseUnit;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
  /** Sells at a market of the farm that asks. */
  readonly isNeighbour: boolean;
}

/** What all farms that sell in the currency of this farm's markets have on sale; one row a way of selling. */
export async function listMarketOffers(db: Queryable, farmId: FarmId): Promise<MarketOffer[]> {
  return rows<MarketOffer>(
    db,
    sql`
      with mine as materialized (
        select mf.market_id, m.currency from market_farms mf join markets m on m.id = mf.market_id
        where mf.farm_id = ${farmId}
      ),
      others as materialized (
        select mf.farm_id, bool_or(mf.market_id in (select market_id from mine)) as is_neighbour
        from market_farms mf join markets m on m.id = mf.market_id
        where m.currency in (select currency from mine)
        group by mf.farm_id
      )
      select p.farm_id as "farmId", p.category, p.crop, p.base_unit as "baseUnit", v.unit_price_cents as "unitPriceCents",
        v.unit_price_per as "unitPricePer", o.is_neighbour as "isNeighbour"
      from others o join products p on p.farm_id = o.farm_id and p.status = 'live'
      join variants v on v.product_id = p.id and v.status = 'live'
      where v.unit_price_cents > 0`,
  );
}

/** The currency of the farm's first market; dollars for a farm at none. */
export async function readCurrency(db: Queryable, farmId: FarmId): Promise<string> {
  const [row] = await rows<{ currency: string }>(
    db,
    sql`select m.currency from market_farms mf join markets m on m.id = mf.market_id
      where mf.farm_id = ${farmId} order by mf.joined_at, m.id limit 1`,
  );
  return row?.currency ?? "USD";
}
