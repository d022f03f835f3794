import { asc, desc, gt, sql } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { modelAudit } from "@almanac/db/schema";
import type { UserId } from "@almanac/kernel";
import { chainHash, chainStart, findBrokenLink } from "../core/kinds/audit-chain.ts";

export interface ModelAct {
  readonly at: Date;
  readonly actorUserId?: UserId | undefined;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The end of the chain, which the next act is hashed with. */
export interface LastLink {
  readonly seq: number;
  readonly hash: string;
}

/** Appends to the chain. Others wait until the transaction ends, so append late in it. */
export async function appendAudit(tx: Transaction, act: ModelAct): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('models.audit'))`);
  const [last] = await tx
    .select({ seq: modelAudit.seq, hash: modelAudit.hash })
    .from(modelAudit)
    .orderBy(desc(modelAudit.seq))
    .limit(1);
  await appendLink(tx, act, last);
}

/** Appends after a link that was read in this transaction, with the chain locked (`lockForSwitch`). */
export async function appendLink(tx: Transaction, act: ModelAct, last: LastLink | undefined): Promise<void> {
  const row = {
    ...act,
    details: { ...act.details },
    actorUserId: act.actorUserId ?? null,
    seq: (last?.seq ?? 0) + 1,
  };
  const previousHash = last?.hash ?? chainStart;
  await tx.insert(modelAudit).values({ ...row, previousHash, hash: chainHash(row, previousHash) });
}

/** Newest first. */
export async function listModelAudit(
  db: Queryable,
  limit: number,
): Promise<(typeof modelAudit.$inferSelect)[]> {
  return db.select().from(modelAudit).orderBy(desc(modelAudit.seq)).limit(limit);
}

const pageSize = 1_000;

/** Reads the whole chain. @returns how many links it has, and the first that is broken */
export async function verifyAudit(
  db: Queryable,
): Promise<{ entries: number; broken?: { seq: number; why: string }; lastHash: string }> {
  let after = { hash: chainStart, seq: 0 };
  for (;;) {
    const page = await db
      .select()
      .from(modelAudit)
      .where(gt(modelAudit.seq, after.seq))
      .orderBy(asc(modelAudit.seq))
      .limit(pageSize);
    const broken = findBrokenLink(page, after);
    const last = page.at(-1);
    if (broken) return { entries: after.seq, broken, lastHash: after.hash };
    if (!last) return { entries: after.seq, lastHash: after.hash };
    after = { hash: last.hash, seq: last.seq };
  }
}
