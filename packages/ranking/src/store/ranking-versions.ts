import { asc, desc, eq, inArray } from "drizzle-orm";
import { advisoryLock } from "@almanac/db";
import type { Queryable, Transaction } from "@almanac/db";
import { rankingSwitches, rankingVersions, users } from "@almanac/db/schema";
import type { UserId } from "@almanac/kernel";
import type { RankingWeights } from "../core/score/final-score.ts";

/** A way to weigh the five terms. Its number is its name, and what it says never changes. */
export interface RankingVersion {
  readonly number: number;
  readonly weights: RankingWeights;
  readonly note: string;
  /** The version it was made from; absent for the shipped one. */
  readonly basedOn?: number;
  readonly authorUserId?: UserId;
  /** Absent for the shipped version, and for an account that was erased. */
  readonly authorName?: string;
  readonly createdAt?: Date;
}

export interface RankingSwitch {
  readonly seq: number;
  readonly version: number;
  readonly previous: number;
  readonly kind: "published" | "rolled_back";
  readonly actorName: string | null;
  readonly switchedAt: Date;
}

/** The number that search goes by, with the switch that made it so; 0, the shipped version, before the first switch. */
export async function readLiveNumber(db: Queryable): Promise<{ version: number; seq: number }> {
  const [last] = await db
    .select({ version: rankingSwitches.version, seq: rankingSwitches.seq })
    .from(rankingSwitches)
    .orderBy(desc(rankingSwitches.seq))
    .limit(1);
  return last ?? { version: 0, seq: 0 };
}

/** The stored versions among these numbers; 0 is never among them. */
export async function readVersions(db: Queryable, numbers: readonly number[]): Promise<RankingVersion[]> {
  if (numbers.length === 0) return [];
  const found = await selectVersions(db).where(inArray(rankingVersions.number, [...numbers]));
  return found.map(toVersion);
}

/** Newest first. */
export async function listVersions(db: Queryable, limit: number): Promise<RankingVersion[]> {
  const found = await selectVersions(db).orderBy(desc(rankingVersions.number)).limit(limit);
  return found.map(toVersion);
}

/** Newest first. */
export async function listSwitches(db: Queryable, limit: number): Promise<RankingSwitch[]> {
  return db
    .select({
      seq: rankingSwitches.seq,
      version: rankingSwitches.version,
      previous: rankingSwitches.previous,
      kind: rankingSwitches.kind,
      actorName: users.name,
      switchedAt: rankingSwitches.switchedAt,
    })
    .from(rankingSwitches)
    .leftJoin(users, eq(users.id, rankingSwitches.actorUserId))
    .orderBy(desc(rankingSwitches.seq))
    .limit(limit);
}

export async function insertVersion(
  tx: Transaction,
  version: Omit<typeof rankingVersions.$inferInsert, "number" | "weights"> & { weights: RankingWeights },
): Promise<number> {
  const [row] = await tx
    .insert(rankingVersions)
    .values({ ...version, weights: { ...version.weights } })
    .returning({ number: rankingVersions.number });
  return row!.number;
}

/** One switch at a time, over all processes, until the transaction ends. */
export async function lockSwitches(tx: Transaction): Promise<void> {
  await advisoryLock(tx, "ranking.switch");
}

export async function insertSwitch(
  tx: Transaction,
  row: Omit<typeof rankingSwitches.$inferInsert, "seq">,
): Promise<number> {
  const [written] = await tx.insert(rankingSwitches).values(row).returning({ seq: rankingSwitches.seq });
  return written!.seq;
}

/**
 * What the live version replaced. Publications lie one upon the other and a rollback takes the last away, so that rolling back
 * twice goes back two of them rather than to and fro, also where one version was published twice.
 */
export async function readPredecessor(db: Queryable): Promise<number | undefined> {
  const switches = await db
    .select({ previous: rankingSwitches.previous, kind: rankingSwitches.kind })
    .from(rankingSwitches)
    .orderBy(asc(rankingSwitches.seq));
  const replaced: number[] = [];
  for (const { previous, kind } of switches) {
    if (kind === "published") replaced.push(previous);
    else replaced.pop();
  }
  return replaced.at(-1);
}

function selectVersions(db: Queryable) {
  return db
    .select({
      number: rankingVersions.number,
      weights: rankingVersions.weights,
      note: rankingVersions.note,
      basedOn: rankingVersions.basedOn,
      authorUserId: rankingVersions.authorUserId,
      authorName: users.name,
      createdAt: rankingVersions.createdAt,
    })
    .from(rankingVersions)
    .leftJoin(users, eq(users.id, rankingVersions.authorUserId))
    .$dynamic();
}

function toVersion({
  weights,
  authorName,
  ...row
}: Awaited<ReturnType<typeof selectVersions>>[number]): RankingVersion {
  return { ...row, weights: weights as RankingWeights, ...(authorName !== null && { authorName }) };
}
