import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";

export interface NotedChange {
  readonly kind: "product" | "shopper" | "sales" | "market" | "all";
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
      where xid >= pg_snapshot_xmin(${after}::pg_snapshot)
        and kind <> 'mark' and not pg_visible_in_snapshot(xid, ${after}::pg_snapshot)
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

/** How long the database keeps what changed, at least. Whoever asks less often forgets everything. */
const keptMinutes = 10;

/**
 * Removes what was told of long ago; who asked meanwhile was told, and need not forget anything. Each time a mark is left with what
 * could be seen then. The next time that is what goes, and the mark tells to forget everything: to whoever has not seen it yet,
 * which is whoever has not asked since. By the database's clock.
 */
export async function removeNotedChanges(db: Queryable): Promise<void> {
  const isOld = sql`noted_at < now() - make_interval(mins => ${keptMinutes})`;
  await db.execute(sql`
    with old as (
      select xid, seen::pg_snapshot as seen from noted_changes where kind = 'mark' and ${isOld} order by xid desc limit 1
    ), gone as (
      delete from noted_changes c using old where pg_visible_in_snapshot(c.xid, old.seen)
    ), told as (
      update noted_changes c set kind = 'all', seen = null from old where c.kind = 'mark' and c.xid = old.xid
    )
    insert into noted_changes (kind, seen)
    select 'mark', pg_current_snapshot()::text
    where not exists (select from noted_changes where kind = 'mark' and not ${isOld})`);
}
