import { desc, eq, inArray, or } from "drizzle-orm";
import {
  actionEvents,
  apiKeys,
  farmMembers,
  farms,
  liveTickets,
  roleGrants,
  searchLog,
  sessions,
  shoppers,
  users,
  verifications,
} from "@almanac/db/schema";
import type { Queryable, Transaction } from "@almanac/db";
import { forgetFacts, holdWhoseEvents, publishFact } from "@almanac/events";
import type { Clock, ShopperId, UserId } from "@almanac/kernel";
import { writeAudit } from "./audit.ts";
import { assertNotLastOperator } from "./roles.ts";
import { findMergedInto, findSettings } from "./shoppers.ts";

/** Whose data it is. */
export interface Subject {
  readonly shopperId: ShopperId;
  readonly userId?: UserId;
  readonly email?: string;
}

/** One package's part of "download my data": plain JSON under the part's name. */
export interface ExportStep {
  readonly name: string;
  export(db: Queryable, subject: Subject): Promise<unknown>;
}

/** How one package forgets a person. Orders stay, without anybody's name on them. */
export interface EraseStep {
  readonly name: string;
  erase(tx: Transaction, subject: Subject, context: { clock: Clock }): Promise<void>;
}

/** Everything kept about one person, by part. */
export async function exportPersonalData(
  db: Queryable,
  subject: Subject,
  steps: readonly ExportStep[],
): Promise<Record<string, unknown>> {
  const parts: Record<string, unknown> = {};
  for (const step of [accountExportStep, historyExportStep, ...steps]) {
    parts[step.name] = await step.export(db, subject);
  }
  return parts;
}

/**
 * Forgets a person in one transaction: every package's part, then the account itself. The shopper's row stays as an
 * anonymous owner of past orders, which farms must keep for their books.
 *
 * @throws AppError `last_operator` for the only operator
 */
export async function erasePersonalData(
  tx: Transaction,
  subject: Subject,
  { clock, steps, traceId }: { clock: Clock; steps: readonly EraseStep[]; traceId?: string },
): Promise<void> {
  const { shopperId, userId } = subject;
  const shopperIds = [shopperId, ...(await findMergedInto(tx, shopperId))];
  await holdWhoseEvents(tx, shopperIds);
  if (userId) await assertNotLastOperator(tx, userId);
  for (const step of steps) await step.erase(tx, subject, { clock });
  await forgetFacts(tx, shopperIds);
  await tx
    .update(actionEvents)
    .set({ shopperId: null, sessionId: null, metadata: {} })
    .where(inArray(actionEvents.shopperId, shopperIds));
  await tx.update(searchLog).set({ shopperId: null }).where(inArray(searchLog.shopperId, shopperIds));
  await tx.delete(liveTickets).where(inArray(liveTickets.shopperId, shopperIds));
  await tx
    .update(shoppers)
    .set({
      userId: null,
      trackingConsent: "denied",
      marketingConsent: false,
      personalise: false,
      marketId: null,
      latitude: null,
      longitude: null,
      erasedAt: clock.now(),
    })
    .where(inArray(shoppers.id, shopperIds));
  await publishFact(tx, { topic: "shopper.erased", payload: { shopperId } }, { traceId });
  if (!userId) return;
  await tx
    .delete(verifications)
    .where(or(eq(verifications.value, userId), eq(verifications.identifier, userId)));
  await tx.delete(users).where(eq(users.id, userId)); // sessions, passwords, roles, memberships and keys go with it
  await publishFact(tx, { topic: "session.revoked", payload: { userId } }, { traceId });
  await writeAudit(tx, { at: clock.now(), action: "account.erased", subject: shopperId });
}

const accountExportStep: ExportStep = {
  name: "account",
  async export(db, { shopperId, userId }) {
    const settings = await findSettings(db, shopperId);
    if (!userId) return { settings };
    const [account] = await db
      .select({ name: users.name, email: users.email, createdAt: users.createdAt })
      .from(users)
      .where(eq(users.id, userId));
    return {
      ...account,
      settings,
      roles: await db
        .select({ role: roleGrants.role, since: roleGrants.grantedAt })
        .from(roleGrants)
        .where(eq(roleGrants.userId, userId)),
      farms: await db
        .select({ name: farms.name, role: farmMembers.role, since: farmMembers.addedAt })
        .from(farmMembers)
        .innerJoin(farms, eq(farms.id, farmMembers.farmId))
        .where(eq(farmMembers.userId, userId)),
      sessions: await db
        .select({ startedAt: sessions.createdAt, address: sessions.ipAddress, browser: sessions.userAgent })
        .from(sessions)
        .where(eq(sessions.userId, userId)),
      apiKeys: await db
        .select({
          name: apiKeys.name,
          prefix: apiKeys.prefix,
          scopes: apiKeys.scopes,
          createdAt: apiKeys.createdAt,
        })
        .from(apiKeys)
        .where(eq(apiKeys.userId, userId)),
    };
  },
};

const historyExportStep: ExportStep = {
  name: "history",
  async export(db, { shopperId }) {
    return {
      actions: await db
        .select({
          action: actionEvents.action,
          entityType: actionEvents.entityType,
          entityId: actionEvents.entityId,
          metadata: actionEvents.metadata,
          occurredAt: actionEvents.occurredAt,
        })
        .from(actionEvents)
        .where(eq(actionEvents.shopperId, shopperId))
        .orderBy(desc(actionEvents.seq)),
      searches: await db
        .select({ query: searchLog.query, results: searchLog.resultsCount, searchedAt: searchLog.searchedAt })
        .from(searchLog)
        .where(eq(searchLog.shopperId, shopperId))
        .orderBy(desc(searchLog.searchedAt)),
    };
  },
};
