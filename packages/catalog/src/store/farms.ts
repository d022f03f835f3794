import { and, asc, count, eq, ilike, inArray, or, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { farmFollows, farmMembers, farms, marketFarms, markets, users } from "@almanac/db/schema";
import type { FarmId, MarketId, ShopperId } from "@almanac/kernel";
import { slugCandidates } from "../core/slugs.ts";
import type { Farm, Stall } from "../core/things.ts";
import { listImages } from "./images.ts";
import { groupBy, isAnyOf } from "./sql.ts";

export interface FarmFilter {
  readonly id?: FarmId;
  readonly slug?: string;
  /** Only farms with a stall there. */
  readonly marketId?: MarketId;
  /** Only farms that sell at some market: what the public may see. */
  readonly isAtMarket?: boolean;
  /** Part of a name or a town. */
  readonly text?: string;
}

/** Farms with their stalls and photos by name, at most `limit`. Four reads whatever the number of farms. */
export async function listFarms(
  db: Queryable,
  { id, slug, marketId, isAtMarket, text }: FarmFilter,
  limit = 500,
): Promise<Farm[]> {
  const stallThere = marketId ? sql`and ${marketFarms.marketId} = ${marketId}` : sql``;
  const pattern = text ? `%${text.replace(/[\\%_]/g, "\\$&")}%` : undefined;
  const rows = await db
    .select()
    .from(farms)
    .where(
      and(
        id ? eq(farms.id, id) : undefined,
        slug ? eq(farms.slug, slug) : undefined,
        marketId || isAtMarket
          ? sql`exists (select 1 from ${marketFarms} where ${marketFarms.farmId} = ${farms.id} ${stallThere})`
          : undefined,
        pattern ? or(ilike(farms.name, pattern), ilike(farms.town, pattern)) : undefined,
      ),
    )
    .orderBy(asc(farms.name), asc(farms.id))
    .limit(limit);
  const ids = rows.map((row) => row.id);
  const stalls = await listStalls(db, ids);
  const followers = await countFollowers(db, ids);
  const photos = await listImages(
    db,
    rows.flatMap((row) => (row.imageId ? [row.imageId] : [])),
  );
  return rows.map(({ imageId, ...farm }) => ({
    ...farm,
    image: imageId ? photos.get(imageId) : undefined,
    stalls: stalls.get(farm.id) ?? [],
    followers: followers.get(farm.id) ?? 0,
  }));
}

export async function findFarm(db: Queryable, filter: FarmFilter): Promise<Farm | undefined> {
  return (await listFarms(db, filter, 1))[0];
}

async function listStalls(db: Queryable, farmIds: readonly FarmId[]): Promise<Map<FarmId, Stall[]>> {
  const rows = await db
    .select({
      farmId: marketFarms.farmId,
      marketId: marketFarms.marketId,
      marketSlug: markets.slug,
      marketName: markets.name,
      stall: marketFarms.stall,
    })
    .from(marketFarms)
    .innerJoin(markets, eq(markets.id, marketFarms.marketId))
    .where(isAnyOf(marketFarms.farmId, farmIds))
    .orderBy(asc(marketFarms.joinedAt), asc(marketFarms.marketId));
  const byFarm = groupBy(rows, (row) => row.farmId);
  return new Map(
    [...byFarm].map(([farmId, stalls]) => [farmId, stalls.map(({ farmId: _farm, ...stall }) => stall)]),
  );
}

async function countFollowers(db: Queryable, farmIds: readonly FarmId[]): Promise<Map<FarmId, number>> {
  const rows = await db
    .select({ farmId: farmFollows.farmId, followers: count() })
    .from(farmFollows)
    .where(isAnyOf(farmFollows.farmId, farmIds))
    .groupBy(farmFollows.farmId);
  return new Map(rows.map((row) => [row.farmId, row.followers]));
}

export type NewFarm = Omit<Farm, "slug" | "image" | "stalls" | "followers">;

/** Writes a farm under the first free slug of its name. */
export async function insertFarm(tx: Queryable, farm: NewFarm): Promise<string> {
  for (const slug of slugCandidates(farm.name, farm.town, "farm")) {
    const [row] = await tx
      .insert(farms)
      .values({ ...farm, slug })
      .onConflictDoNothing({ target: farms.slug })
      .returning({ slug: farms.slug });
    if (row) return row.slug;
  }
  throw new RangeError("slug candidates never end");
}

export type FarmPatch = Partial<
  Pick<Farm, "name" | "story" | "town" | "latitude" | "longitude" | "isOrganic" | "acceptsSnap" | "picture">
> & { readonly imageId?: string | null };

export async function updateFarm(tx: Queryable, id: FarmId, patch: FarmPatch): Promise<void> {
  if (Object.keys(patch).length > 0) await tx.update(farms).set(patch).where(eq(farms.id, id));
}

/** Gives a farm a stall at a market; a farm that has one there keeps it, under the new name. */
export async function saveStall(
  tx: Queryable,
  { marketId, farmId, stall, at }: { marketId: MarketId; farmId: FarmId; stall: string; at: Date },
): Promise<void> {
  await tx
    .insert(marketFarms)
    .values({ marketId, farmId, stall, joinedAt: at })
    .onConflictDoUpdate({ target: [marketFarms.marketId, marketFarms.farmId], set: { stall } });
}

/** @returns whether there was one */
export async function deleteStall(tx: Queryable, marketId: MarketId, farmId: FarmId): Promise<boolean> {
  const rows = await tx
    .delete(marketFarms)
    .where(and(eq(marketFarms.marketId, marketId), eq(marketFarms.farmId, farmId)))
    .returning({ farmId: marketFarms.farmId });
  return rows.length > 0;
}

/** @returns whether it is new */
export async function insertFollow(
  tx: Queryable,
  shopperId: ShopperId,
  farmId: FarmId,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(farmFollows)
    .values({ shopperId, farmId, followedAt: at })
    .onConflictDoNothing()
    .returning({ farmId: farmFollows.farmId });
  return rows.length > 0;
}

export async function deleteFollow(tx: Queryable, shopperId: ShopperId, farmId: FarmId): Promise<void> {
  await tx
    .delete(farmFollows)
    .where(and(eq(farmFollows.shopperId, shopperId), eq(farmFollows.farmId, farmId)));
}

/** Farms that a shopper follows, the latest first. */
export async function listFollowedFarms(db: Queryable, shopperId: ShopperId): Promise<FarmId[]> {
  const rows = await db
    .select({ farmId: farmFollows.farmId })
    .from(farmFollows)
    .where(eq(farmFollows.shopperId, shopperId))
    .orderBy(sql`${farmFollows.followedAt} desc`, asc(farmFollows.farmId))
    .limit(1_000);
  return rows.map((row) => row.farmId);
}

/** Who follows any of the farms, by farm. */
export async function listFollowers(
  db: Queryable,
  farmIds: readonly FarmId[],
): Promise<Map<FarmId, ShopperId[]>> {
  if (farmIds.length === 0) return new Map();
  const rows = await db
    .select({ farmId: farmFollows.farmId, shopperId: farmFollows.shopperId })
    .from(farmFollows)
    .where(inArray(farmFollows.farmId, [...farmIds]));
  const byFarm = groupBy(rows, (row) => row.farmId);
  return new Map([...byFarm].map(([farmId, follows]) => [farmId, follows.map((row) => row.shopperId)]));
}

export interface FarmMember {
  readonly name: string;
  readonly role: "owner" | "staff";
}

/** Who belongs to each of the farms, owners first. */
export async function listFarmMembers(
  db: Queryable,
  farmIds: readonly FarmId[],
): Promise<Map<FarmId, FarmMember[]>> {
  const rows = await db
    .select({ farmId: farmMembers.farmId, name: users.name, role: farmMembers.role })
    .from(farmMembers)
    .innerJoin(users, eq(users.id, farmMembers.userId))
    .where(isAnyOf(farmMembers.farmId, farmIds))
    .orderBy(asc(farmMembers.role), asc(farmMembers.addedAt), asc(farmMembers.userId));
  const byFarm = groupBy(rows, (row) => row.farmId);
  return new Map(
    [...byFarm].map(([farmId, members]) => [farmId, members.map(({ name, role }) => ({ name, role }))]),
  );
}

/** Whether somebody owns the farm; locks it, so that two first owners cannot both be told no. */
export async function hasOwner(tx: Queryable, farmId: FarmId): Promise<boolean> {
  await tx.select({ id: farms.id }).from(farms).where(eq(farms.id, farmId)).for("update");
  const rows = await tx
    .select({ userId: farmMembers.userId })
    .from(farmMembers)
    .where(and(eq(farmMembers.farmId, farmId), eq(farmMembers.role, "owner")))
    .limit(1);
  return rows.length > 0;
}
