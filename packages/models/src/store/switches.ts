import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { modelActivations, modelRollouts, modelVersions, type ModelType } from "@almanac/db/schema";
import type { LastLink } from "./audit.ts";
import type { StoredRollout } from "./rollouts.ts";
import type { StoredActivation, StoredVersion } from "./versions.ts";

/**
 * One version takes the place of another in few statements, each of which is a way to the database and back: on a busy machine
 * the ways, not the work, are the time of a rollback.
 */

/** What `lockModels` and the chain of acts lock, in that order. The reads that follow see what others wrote before. */
export async function lockForSwitch(tx: Transaction): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext('models')), pg_advisory_xact_lock(hashtext('models.audit'))`,
  );
}

export interface SwitchState {
  readonly activation: { readonly seq: number; readonly versionId: string } | undefined;
  readonly rollout: { readonly id: string; readonly challengerId: string } | undefined;
  readonly lastLink: LastLink | undefined;
}

/** All that a switch has to know. */
export async function readSwitch(tx: Transaction, type: ModelType, scope: string): Promise<SwitchState> {
  const [row] = await rows<{
    seq: number | string | null;
    version_id: string;
    rollout_id: string | null;
    challenger_id: string;
    last_seq: number | string | null;
    last_hash: string;
  }>(
    tx,
    sql`select a.seq, a.version_id, r.id as rollout_id, r.challenger_id, l.seq as last_seq, l.hash as last_hash
      from (select ${type}::text as type, ${scope}::text as scope) own
      left join model_activations a on a.type = own.type and a.scope = own.scope and a.ended_at is null
      left join model_rollouts r on r.type = own.type and r.scope = own.scope and r.ended_at is null
      left join (select seq, hash from model_audit order by seq desc limit 1) l on true`,
  );
  const { seq = null, version_id, rollout_id = null, challenger_id, last_seq = null, last_hash } = row ?? {};
  return {
    activation: seq === null ? undefined : { seq: Number(seq), versionId: version_id! },
    rollout: rollout_id === null ? undefined : { id: rollout_id, challengerId: challenger_id! },
    lastLink: last_seq === null ? undefined : { seq: Number(last_seq), hash: last_hash! },
  };
}

/**
 * Ends what was live and begins the next in one statement. The new row is made from a count of the ended ones, so it comes after
 * them, as the index of one live version per type and scope asks for.
 */
export async function replaceActivation(
  tx: Transaction,
  next: Omit<typeof modelActivations.$inferInsert, "seq" | "endedAt">,
): Promise<void> {
  const { type, scope, versionId, kind, actorUserId = null, activatedAt } = next;
  const at = activatedAt.toISOString();
  await tx.execute(sql`with ended as (
      update model_activations set ended_at = ${at}::timestamptz
      where type = ${type} and scope = ${scope} and ended_at is null returning seq
    )
    insert into model_activations (type, scope, version_id, kind, actor_user_id, activated_at)
    select ${type}, ${scope}, ${versionId}::uuid, ${kind}, ${actorUserId}::uuid, ${at}::timestamptz
    from (select count(*) as n from ended) before where n >= 0`);
}

/** Ends what was live without a next one. */
export async function endActivation(tx: Transaction, seq: number, endedAt: Date): Promise<void> {
  await tx.update(modelActivations).set({ endedAt }).where(eq(modelActivations.seq, seq));
}

/** What serves a type and scope: nothing is rolled out where nothing is live. */
export async function findLive(
  db: Queryable,
  type: ModelType,
  scope: string,
): Promise<{ activation: StoredActivation | undefined; rollout: StoredRollout | undefined }> {
  const [row] = await db
    .select({ activation: modelActivations, rollout: modelRollouts })
    .from(modelActivations)
    .leftJoin(
      modelRollouts,
      and(
        eq(modelRollouts.type, modelActivations.type),
        eq(modelRollouts.scope, modelActivations.scope),
        isNull(modelRollouts.endedAt),
      ),
    )
    .where(
      and(
        eq(modelActivations.type, type),
        eq(modelActivations.scope, scope),
        isNull(modelActivations.endedAt),
      ),
    );
  return { activation: row?.activation, rollout: row?.rollout ?? undefined };
}

/** The version that was live last before the one that was made live last. */
export async function findEarlierVersion(
  db: Queryable,
  type: ModelType,
  scope: string,
): Promise<StoredVersion | undefined> {
  const [row] = await db
    .select({ version: modelVersions })
    .from(modelActivations)
    .innerJoin(modelVersions, eq(modelVersions.id, modelActivations.versionId))
    .where(
      and(
        eq(modelActivations.type, type),
        eq(modelActivations.scope, scope),
        sql`${modelActivations.versionId} <> (select version_id from model_activations
          where type = ${type} and scope = ${scope} order by seq desc limit 1)`,
      ),
    )
    .orderBy(desc(modelActivations.seq))
    .limit(1);
  return row?.version;
}
