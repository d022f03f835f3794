import { and, asc, desc, eq, gt, inArray, isNotNull, lte, not, notInArray, or, sql } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { advice, products, markets, type AdviceId } from "@almanac/db/schema";
import { newId, type BaseUnit, type FarmId, type ProductId } from "@almanac/kernel";
import type { Ending } from "@almanac/planning";
import { adviceKey } from "../core/advise.ts";
import type { Before } from "../core/before.ts";
import { typesByHaste } from "../core/priority.ts";
import type { Advice, AdviceDetails, AdviceType } from "../core/facts.ts";
import { endingOfAdvice, isAdviceOn } from "./still-on.ts";

export type StoredAdvice = Omit<typeof advice.$inferSelect, "type" | "details" | "before"> & {
  readonly type: AdviceType;
  readonly details: AdviceDetails;
  /** `null` until it is answered. */
  readonly before: Before | null;
};

/**
 * Puts what is advised now in the place of what waits for an answer: the same advice keeps its id and gets the new
 * numbers, what is not advised any more expires at once, and what was answered stays answered. What is said again after it ran
 * out, or after one of its market days was called off, is another advice: it has an id of its own, by which the ledger knows its
 * task.
 */
export async function replacePending(
  tx: Transaction,
  farmId: FarmId,
  found: readonly Advice[],
  now: Date,
): Promise<void> {
  const values = found.map((one) => ({
    id: newId<AdviceId>(now.getTime()),
    farmId,
    productId: one.productId,
    marketId: one.marketId ?? null,
    marketDay: one.marketDay ?? null,
    key: adviceKey(one),
    type: one.type,
    currentBase: one.currentBase,
    recommendedBase: one.recommendedBase,
    reasoning: one.reasoning,
    priority: one.priority,
    gainCents: one.gainCents ?? null,
    details: one.details as Record<string, unknown>,
    validUntil: one.validUntil,
    madeAt: now,
  }));
  const keys = values.map(({ key }) => key);
  await tx
    .update(advice)
    .set({
      status: "EXPIRED",
      validUntil: sql`least(${advice.validUntil}, ${now.toISOString()}::timestamptz)`,
    })
    .where(
      and(
        eq(advice.farmId, farmId),
        eq(advice.status, "PENDING"),
        keys.length > 0 ? notInArray(advice.key, keys) : undefined,
      ),
    );
  if (values.length === 0) return;
  // An answer to what had a point until one of its markets was called off stays to be looked at, and makes room.
  await tx
    .update(advice)
    .set({ key: sql`${advice.key} || '/' || ${advice.id}` })
    .where(
      and(
        eq(advice.farmId, farmId),
        inArray(advice.key, keys),
        isNotNull(advice.decidedAt),
        gt(advice.validUntil, now),
        not(isAdviceOn()),
      ),
    );
  const known = await tx
    .select({ key: advice.key, status: advice.status, validUntil: advice.validUntil })
    .from(advice)
    .where(and(eq(advice.farmId, farmId), inArray(advice.key, keys)));
  // An answer holds until the advice would have run out; what has run out may be said again.
  const answered = new Set(
    known.flatMap(({ key, status, validUntil }) =>
      (status === "ACCEPTED" || status === "REJECTED") && validUntil > now ? [key] : [],
    ),
  );
  const fresh = values.filter(({ key }) => !answered.has(key));
  if (fresh.length === 0) return;
  const excluded = (column: string) => sql.raw(`excluded.${column}`);
  await tx
    .insert(advice)
    .values(fresh)
    .onConflictDoUpdate({
      target: [advice.farmId, advice.key],
      set: {
        id: sql`case when ${advice.status} = 'PENDING' then ${advice.id} else excluded.id end`,
        status: "PENDING",
        currentBase: excluded("current_base"),
        recommendedBase: excluded("recommended_base"),
        reasoning: excluded("reasoning"),
        priority: excluded("priority"),
        gainCents: excluded("gain_cents"),
        details: excluded("details"),
        validUntil: excluded("valid_until"),
        madeAt: excluded("made_at"),
        decidedBy: null,
        decidedAt: null,
        rejectionReason: null,
        before: null,
        doneAt: null,
      },
    });
}

export interface AdviceRow extends StoredAdvice {
  readonly productName: string;
  readonly baseUnit: BaseUnit;
  readonly marketName: string | null;
  /** What has ended it since: nothing has to be done for it any more. */
  readonly ending: Ending | null;
}

/** What waits for an answer, and what was answered and still holds: the most pressing first. */
export async function listAdvice(db: Queryable, farmId: FarmId, now: Date): Promise<AdviceRow[]> {
  const found = await db
    .select({
      advice,
      productName: products.name,
      baseUnit: products.baseUnit,
      marketName: markets.name,
      ending: endingOfAdvice(),
    })
    .from(advice)
    .innerJoin(products, eq(products.id, advice.productId))
    .leftJoin(markets, eq(markets.id, advice.marketId))
    .where(
      and(
        eq(advice.farmId, farmId),
        gt(advice.validUntil, now),
        or(eq(advice.status, "PENDING"), isNotNull(advice.decidedAt)),
      ),
    )
    .orderBy(
      sql`array_position(array['URGENT','HIGH','MEDIUM','LOW'], ${advice.priority})`,
      sql`array_position(${byHaste}, ${advice.type})`,
      sql`coalesce(${advice.gainCents}, 0) desc`,
      asc(advice.key),
    )
    .limit(500);
  return found.map(({ advice: row, ...rest }) => ({ ...asStored(row), ...rest }));
}

const byHaste = sql.raw(`array['${typesByHaste.join("','")}']`);

/**
 * What held once and holds no more, of market days since: what was answered, and what ran out on its day without an answer; what was
 * withdrawn before is left out. The latest day first.
 */
export async function listPastAdvice(
  db: Queryable,
  farmId: FarmId,
  { now, since, limit }: { now: Date; since: Date; limit: number },
): Promise<AdviceRow[]> {
  const found = await db
    .select({
      advice,
      productName: products.name,
      baseUnit: products.baseUnit,
      marketName: markets.name,
      // What the farm put away or left since was on while the day was.
      ending: sql<Ending | null>`nullif(nullif(${endingOfAdvice()}, 'product'), 'stall')`,
    })
    .from(advice)
    .innerJoin(products, eq(products.id, advice.productId))
    .innerJoin(markets, eq(markets.id, advice.marketId))
    .where(
      and(
        eq(advice.farmId, farmId),
        lte(advice.validUntil, now),
        gt(advice.validUntil, since),
        or(
          isNotNull(advice.decidedAt),
          sql`(${advice.validUntil} at time zone ${markets.timeZone})::date = ${advice.marketDay}`,
        ),
      ),
    )
    .orderBy(desc(advice.marketDay), asc(advice.status), asc(products.name), asc(advice.key))
    .limit(limit);
  // Until the job that marks it has run, what nobody answered says that it waits.
  return found.map(({ advice: row, ...rest }) => ({
    ...asStored(row),
    ...rest,
    status: row.status === "PENDING" ? "EXPIRED" : asStored(row).status,
  }));
}

const isWaiting = (farmId: FarmId, now: Date) =>
  and(eq(advice.farmId, farmId), eq(advice.status, "PENDING"), gt(advice.validUntil, now));

/** Whether advice waits for an answer that has no point any more (see `isAdviceOn`). */
export async function hasOutlived(db: Queryable, farmId: FarmId, now: Date): Promise<boolean> {
  const [one] = await db
    .select({ id: advice.id })
    .from(advice)
    .where(and(isWaiting(farmId, now), not(isAdviceOn())))
    .limit(1);
  return one !== undefined;
}

/** How much waits for an answer, and for how many products something waits that cannot be left for when there is time. */
export async function countPending(
  db: Queryable,
  farmId: FarmId,
  now: Date,
): Promise<{ pending: number; pressing: number }> {
  const [found] = await db
    .select({
      pending: sql<number>`count(*)::int`,
      pressing: sql<number>`(count(distinct ${advice.productId}) filter (where ${advice.priority} <> 'LOW'))::int`,
    })
    .from(advice)
    .where(and(isWaiting(farmId, now), isAdviceOn()));
  return found ?? { pending: 0, pressing: 0 };
}

/** How much of what was answered since then was taken. */
export async function countAnswers(
  db: Queryable,
  farmId: FarmId,
  since: Date,
): Promise<{ accepted: number; answered: number }> {
  const [found] = await db
    .select({
      accepted: sql<number>`(count(*) filter (where ${advice.status} = 'ACCEPTED'))::int`,
      answered: sql<number>`count(*)::int`,
    })
    .from(advice)
    .where(and(eq(advice.farmId, farmId), gt(advice.decidedAt, since)));
  return found ?? { accepted: 0, answered: 0 };
}

/** One advice of a farm, locked. */
export async function lockAdvice(
  tx: Transaction,
  farmId: FarmId,
  adviceId: AdviceId,
): Promise<StoredAdvice | undefined> {
  const [row] = await tx
    .select()
    .from(advice)
    .where(and(eq(advice.id, adviceId), eq(advice.farmId, farmId)))
    .for("update");
  return row && asStored(row);
}

/** What has ended an advice; `null` where it still has a point. */
export async function readEnding(db: Queryable, adviceId: AdviceId): Promise<Ending | null> {
  const [row] = await db.select({ ending: endingOfAdvice() }).from(advice).where(eq(advice.id, adviceId));
  return row?.ending ?? null;
}

/** Where a product stands in the shop; it stays so until the transaction ends. */
export async function lockStatus(tx: Transaction, productId: ProductId): Promise<string | undefined> {
  const [row] = await tx
    .select({ status: products.status })
    .from(products)
    .where(eq(products.id, productId))
    .for("update");
  return row?.status;
}

export async function updateAdvice(
  tx: Transaction,
  adviceId: AdviceId,
  change: Omit<Partial<typeof advice.$inferInsert>, "before"> & { readonly before?: Before | null },
): Promise<void> {
  await tx.update(advice).set(change).where(eq(advice.id, adviceId));
}

/** @returns how many ran out without an answer */
export async function expirePending(db: Queryable, now: Date): Promise<number> {
  const expired = await db
    .update(advice)
    .set({ status: "EXPIRED" })
    .where(and(eq(advice.status, "PENDING"), lte(advice.validUntil, now)))
    .returning({ id: advice.id });
  return expired.length;
}

const asStored = (row: typeof advice.$inferSelect): StoredAdvice => row as StoredAdvice;
