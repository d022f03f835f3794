import { asc, eq, getTableColumns } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { markets } from "@almanac/db/schema";
import type { MarketId } from "@almanac/kernel";
import { slugCandidates } from "../core/slugs.ts";
import type { Market } from "../core/things.ts";

const { createdAt: _createdAt, ...columns } = getTableColumns(markets);

/** All markets, the oldest first: a visitor who has not chosen starts at that one. At most 500. */
export async function listMarkets(db: Queryable): Promise<Market[]> {
  return db
    .select(columns)
    .from(markets)
    .orderBy(asc(markets.createdAt), asc(markets.name), asc(markets.id))
    .limit(500);
}

export async function findMarket(
  db: Queryable,
  by: { id: MarketId } | { slug: string },
): Promise<Market | undefined> {
  const [row] = await db
    .select(columns)
    .from(markets)
    .where("id" in by ? eq(markets.id, by.id) : eq(markets.slug, by.slug));
  return row;
}

/** Writes a market under the first free slug of its name. */
export async function insertMarket(tx: Queryable, market: Omit<Market, "slug">, at: Date): Promise<Market> {
  for (const slug of slugCandidates(market.name, market.region, "market")) {
    const [row] = await tx
      .insert(markets)
      .values({ ...market, slug, createdAt: at })
      .onConflictDoNothing({ target: markets.slug })
      .returning(columns);
    if (row) return row;
  }
  throw new RangeError("slug candidates never end");
}

export type MarketPatch = Partial<
  Pick<
    Market,
    | "name"
    | "description"
    | "address"
    | "region"
    | "latitude"
    | "longitude"
    | "acceptsSnap"
    | "weekday"
    | "opensAt"
    | "closesAt"
    | "feeBasisPoints"
  >
>;

export async function updateMarket(tx: Queryable, id: MarketId, patch: MarketPatch): Promise<void> {
  if (Object.keys(patch).length > 0) await tx.update(markets).set(patch).where(eq(markets.id, id));
}
