import { count, eq, sql } from "drizzle-orm";
import { insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import { segmentMoves, shopperProfiles } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";
import type { SegmentFlow } from "../core/migration.ts";
import type { Segment } from "../core/segments.ts";

export interface StoredProfile {
  readonly shopperId: ShopperId;
  readonly segment: Segment;
  readonly since: Date;
  readonly engagement: number;
  readonly computedAt: Date;
}

export async function listProfiles(db: Queryable): Promise<Map<ShopperId, StoredProfile>> {
  const found = await db.select().from(shopperProfiles);
  return new Map(found.map((row) => [row.shopperId, toProfile(row)]));
}

export async function findProfile(db: Queryable, shopperId: ShopperId): Promise<StoredProfile | undefined> {
  const [row] = await db.select().from(shopperProfiles).where(eq(shopperProfiles.shopperId, shopperId));
  return row && toProfile(row);
}

/** Replaces all profiles; who is not among them may not be profiled any more and is forgotten. */
export async function replaceProfiles(
  tx: Transaction,
  profiles: readonly StoredProfile[],
  moves: readonly (typeof segmentMoves.$inferInsert)[],
): Promise<void> {
  await tx.delete(shopperProfiles);
  await insertMany(tx, shopperProfiles, profiles);
  await insertMany(tx, segmentMoves, moves);
}

export async function countSegments(db: Queryable): Promise<Map<Segment, number>> {
  const found = await db
    .select({ segment: shopperProfiles.segment, people: count() })
    .from(shopperProfiles)
    .groupBy(shopperProfiles.segment);
  return new Map(found.map(({ segment, people }) => [segment as Segment, people]));
}

/** Shoppers who may not be profiled, and when the others last were. */
export async function readCoverage(db: Queryable): Promise<{ refused: number; computedAt: Date | null }> {
  const [row] = await rows<{ refused: number | string; computed_at: string | Date | null }>(
    db,
    sql`select
      (select count(*) from shoppers where erased_at is null and merged_into_id is null
        and (tracking_consent = 'denied' or not personalise)) as refused,
      (select max(computed_at) from shopper_profiles) as computed_at`,
  );
  return {
    refused: Number(row?.refused ?? 0),
    computedAt: row?.computed_at ? new Date(row.computed_at) : null,
  };
}

/** Where the shoppers of today were at `since`, and where they are: who came later is not among them. */
export async function readFlows(db: Queryable, since: Date): Promise<SegmentFlow[]> {
  const found = await rows<{ from: Segment; to: Segment; people: number | string }>(
    db,
    sql`
      select coalesce(m.from_segment, p.segment) as "from", p.segment as "to", count(*) as people
      from shopper_profiles p
      join shoppers s on s.id = p.shopper_id and s.created_at <= ${since.toISOString()}::timestamptz
      left join lateral (
        select from_segment from segment_moves m
        where m.shopper_id = p.shopper_id and m.moved_at > ${since.toISOString()}::timestamptz
        order by m.moved_at, m.seq limit 1
      ) m on true
      group by 1, 2 order by 3 desc`,
  );
  return found.map(({ people, ...flow }) => ({ ...flow, people: Number(people) }));
}

export async function deleteProfile(tx: Transaction, shopperId: ShopperId): Promise<void> {
  await tx.delete(shopperProfiles).where(eq(shopperProfiles.shopperId, shopperId));
  await tx.delete(segmentMoves).where(eq(segmentMoves.shopperId, shopperId));
}

const toProfile = (row: typeof shopperProfiles.$inferSelect): StoredProfile => ({
  ...row,
  // Written by this package alone.
  segment: row.segment as Segment,
});
