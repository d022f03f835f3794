import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";

export interface NotedChange {
  readonly kind: "product" | "shopper" | "all";
  readonly id: string | null;
}

export interface ToldChanges {
  readonly changes: readonly NotedChange[];
  /** What this statement saw, for the next. */
  readonly snapshot: string;
  /** When the server was started. */
  readonly serverStart: string;
}

/**
 * What was committed since a snapshot was taken, however long ago its transactions began. Without a snapshot nothing is told.
 *
 * @param most of the changes at most
 */
export async function readNotedChanges(
  db: Queryable,
  { after = null, most }: { after?: string | null; most: number },
): Promise<ToldChanges> {
  const found = await rows<{
    kind: NotedChange["kind"] | null;
    id: string | null;
    seen: string;
    start: string;
  }>(
    db,
    sql`
    select c.kind, c.thing_id::text as id, now.seen::text as seen, now.start::text as start
    from (select pg_current_snapshot() as seen, pg_postmaster_start_time() as start) now
    left join lateral (
      select distinct kind, thing_id from noted_changes
      where xid >= pg_snapshot_xmin(${after}::pg_snapshot) and not pg_visible_in_snapshot(xid, ${after}::pg_snapshot)
      limit ${most}
    ) c on true`,
  );
  const [first] = found;
  if (!first) throw new Error("a snapshot is always told");
  return {
    changes: found.flatMap(({ kind, id }) => (kind === null ? [] : [{ kind, id }])),
    snapshot: first.seen,
    serverStart: first.start,
  };
}

/** How long the database keeps what changed. Whoever asks less often forgets everything. */
const keptMinutes = 10;

/** Removes what was told of long ago, and tells those who were not told to forget everything. By the database's clock. */
export async function removeNotedChanges(db: Queryable): Promise<void> {
  await db.execute(sql`
    with gone as (delete from noted_changes where noted_at < now() - make_interval(mins => ${keptMinutes}) returning 1)
    insert into noted_changes (kind) select 'all' where exists (select from gone)`);
}
