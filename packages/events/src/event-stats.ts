import { actionEvents, counters, outbox } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { hours, type Clock, type Milliseconds } from "@almanac/kernel";
import { and, eq, gt, isNull, like, sql } from "drizzle-orm";
import { actionCounterName } from "./action-counter.ts";
import { userActionTypes, type UserActionType } from "./core/actions.ts";
import { counterNames, readCounts } from "./counters.ts";

/** Figures over all processes and restarts (EVT-07, API-04). */
export interface EventStats {
  readonly total: number;
  readonly last24h: number;
  readonly lastHour: number;
  /** Sums to `total`. */
  readonly byType: Readonly<Record<UserActionType, number>>;
  /** Milliseconds that consumers spent on a fact, on average; 0 before the first. */
  readonly averageProcessingTime: Milliseconds;
  /** Facts that wait in the outbox, of every topic. */
  readonly queueSize: number;
  /** Facts that an operator has to look at. */
  readonly parked: number;
  /** Events that were logged but not reacted to, as the outbox was full. */
  readonly shed: number;
  readonly isProcessing: boolean;
  readonly recommendations: {
    /** Pushes tried. */
    readonly totalTriggered: number;
    readonly ok: number;
    readonly failed: number;
    readonly throttled: number;
    /** ok / (ok + failed), 0 to 1; 1 while nothing has failed. */
    readonly successRate: number;
  };
}

/**
 * Reads the figures. Events that are logged but not handled yet are in `total` too. `last24h` and `lastHour` go by the
 * platform's clock.
 */
export async function eventStats(db: Queryable, clock: Clock): Promise<EventStats> {
  const byType = await countByType(db);
  const recent = await countRecent(db, clock);
  const [queue] = await db
    .select({
      open: sql`count(*) filter (where ${outbox.parkedAt} is null)`.mapWith(Number),
      parked: sql`count(*) filter (where ${outbox.parkedAt} is not null)`.mapWith(Number),
    })
    .from(outbox)
    .where(isNull(outbox.doneAt));
  const counts = await readCounts(db, Object.values(counterNames));
  const count = (name: string): number => counts.get(name)?.count ?? 0;
  const handled = count(counterNames.factsHandled);
  const micros = counts.get(counterNames.factsHandled)?.sum ?? 0;
  const ok = count(counterNames.recommendationsOk);
  const failed = count(counterNames.recommendationsFailed);
  const queueSize = queue?.open ?? 0;
  return {
    total: Object.values(byType).reduce((a, b) => a + b, 0),
    ...recent,
    byType,
    averageProcessingTime: handled === 0 ? 0 : micros / 1_000 / handled,
    queueSize,
    parked: queue?.parked ?? 0,
    shed: count(counterNames.eventsShed),
    isProcessing: queueSize > 0,
    recommendations: {
      totalTriggered: ok + failed,
      ok,
      failed,
      throttled: count(counterNames.recommendationsThrottled),
      successRate: ok + failed === 0 ? 1 : ok / (ok + failed),
    },
  };
}

/** One statement, so that an event that is handled meanwhile is counted once: as waiting, or as handled. */
async function countByType(db: Queryable): Promise<Record<UserActionType, number>> {
  const found = await rows<{ name: string; total: number }>(
    db,
    sql`
      select name, sum(n) as total from (
        select ${counters.name} as name, ${counters.count} as n from ${counters} where ${like(counters.name, "events.%")}
        union all
        select 'events.' || (${outbox.payload} ->> 'action'), 1 from ${outbox}
        where ${and(isNull(outbox.doneAt), isNull(outbox.parkedAt), eq(outbox.topic, "action.tracked"))}
          and not exists (
            select from outbox_consumed where outbox_seq = ${outbox.seq} and consumer = 'events.counter')
      ) as counted group by name`,
  );
  const totals = new Map(found.map(({ name, total }) => [name, Number(total)]));
  const byType = userActionTypes.map(
    (action) => [action, totals.get(actionCounterName(action)) ?? 0] as const,
  );
  return Object.fromEntries(byType) as Record<UserActionType, number>;
}

/** Index: action_events by recorded_at. */
async function countRecent(db: Queryable, clock: Clock): Promise<{ last24h: number; lastHour: number }> {
  const nowMs = clock.now().getTime();
  const anHourAgo = new Date(nowMs - hours(1));
  const [found] = await db
    .select({
      last24h: sql`count(*)`.mapWith(Number),
      lastHour: sql`count(*) filter (where ${gt(actionEvents.recordedAt, anHourAgo)})`.mapWith(Number),
    })
    .from(actionEvents)
    .where(gt(actionEvents.recordedAt, new Date(nowMs - hours(24))));
  return found ?? { last24h: 0, lastHour: 0 };
}

/**
 * Counts the whole log again and replaces the totals by type: for importers, which write the log directly, and to repair.
 * Facts that still wait must be drained first, as they will add to the totals.
 */
export async function recountEvents(tx: Queryable): Promise<void> {
  await tx.delete(counters).where(sql`${counters.name} in ${userActionTypes.map(actionCounterName)}`);
  await tx.execute(sql`
    insert into counters (name, hour, count)
    select 'events.' || action, date_trunc('hour', recorded_at), count(*) from action_events group by 1, 2`);
}
