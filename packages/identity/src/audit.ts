import { desc, eq, lt } from "drizzle-orm";
import { auditLog, users } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { UserId } from "@almanac/kernel";

/** Acts of power. Each is written in the transaction of the act, so there is no act without its line. */
export type AuditAction =
  | "operator.created"
  | "role.granted"
  | "role.revoked"
  | "farm_member.added"
  | "farm_member.removed"
  | "market_manager.added"
  | "market_manager.removed"
  | "api_key.created"
  | "api_key.revoked"
  | "password.reset"
  | "recommendation_rule.created"
  | "recommendation_rule.ended"
  | "account.erased"
  | "experiment.created"
  | "experiment.changed"
  | "experiment.started"
  | "experiment.discarded"
  | "experiment.rolled_out"
  | "experiment.arm_stopped"
  | "experiment.stopped"
  | "experiment.simulated"
  | "ranking.drafted"
  | "ranking.published"
  | "ranking.rolled_back"
  | "model.activated"
  | "model.rolled_back"
  | "model.rollout_started"
  | "model.rolled_out"
  | "model.rollout_stopped"
  | "model.retired";

export interface AuditEntry {
  readonly at: Date;
  /** Absent for acts at the command line and for people who erased themselves. */
  readonly actorUserId?: UserId;
  readonly action: AuditAction;
  /** The id of whom or what it was done to. */
  readonly subject: string;
  /** Ids and role names; never a secret, an e-mail or a name. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export async function writeAudit(
  db: Queryable,
  { actorUserId, details = {}, ...entry }: AuditEntry,
): Promise<void> {
  await db.insert(auditLog).values({ ...entry, actorUserId: actorUserId ?? null, details });
}

export interface AuditPage {
  readonly entries: {
    seq: number;
    at: Date;
    action: string;
    subject: string;
    details: Record<string, unknown>;
    actorUserId: UserId | null;
    actorName: string | null;
  }[];
  readonly nextCursor?: string;
}

/** Newest first. */
export async function listAudit(db: Queryable, limit: number, cursor?: string): Promise<AuditPage> {
  const before = cursor === undefined ? undefined : Number(cursor);
  const rows = await db
    .select({
      seq: auditLog.seq,
      at: auditLog.at,
      action: auditLog.action,
      subject: auditLog.subject,
      details: auditLog.details,
      actorUserId: auditLog.actorUserId,
      actorName: users.name,
    })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorUserId))
    .where(before === undefined ? undefined : lt(auditLog.seq, before))
    .orderBy(desc(auditLog.seq))
    .limit(limit + 1);
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return { entries, ...(rows.length > limit && last && { nextCursor: String(last.seq) }) };
}
