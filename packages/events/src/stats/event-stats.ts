import { counters } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { hours, type Clock, type Milliseconds } from "@almanac/kernel";
import { inArray, like, sql } from "drizzle-orm";
import { actionCounterName } from "./action-counter.ts";
import { userActionTypes, type UserActionType } from "../core/actions.ts";
import type { LatencyQuantiles } from "../core/latency-sketch.ts";
import { counterNames } from "./counters.ts";
import { countersOfLog, countSince, eventsByHour, loggedOpen, uncountedFacts } from "./recent-events.ts";
import { readQueue } from "../outbox/queue.ts";
import { readStepFigures, type StepFigures } from "./step-timer.ts";
import {
  readBaseline,
  readFigures,
  setBaseline,
  type StatsBaseline,
  type StatsResetType,
} from "./stats-baseline.ts";

/** Figures over all processes and restarts (EVT-07, API-04). */
export interface EventStats {
  readonly total: number;
  readonly last24h: number;
  readonly lastHour: number;
  /** Sums to `total`. */
  readonly byType: Readonly<Record<UserActionType, number>>;
  /** Milliseconds that consumers spent on a fact, on average; 0 before the first. */
  readonly averageProcessingTime: Milliseconds;
  /** Facts and events that wait, of every topic. */
  readonly queueSize: number;
  /** Facts that an operator has to look at. */
  readonly parked: number;
  /** Events that were logged but not reacted to, as the outbox was full. */
  readonly shed: number;
  readonly isProcessing: boolean;
  /** Since when the totals count: an operator set them to zero then. `null`: since the beginning. */
  readonly since: string | null;
  readonly recommendations: {
    /** Pushes tried. */
    readonly totalTriggered: number;
    readonly ok: number;
    readonly failed: number;
    readonly throttled: number;
    /** Not pushed, as the action was reacted to too late. */
    readonly late: number;
    /** Not made, as the shopper had no page open. */
    readonly unread: number;
    /** ok / (ok + failed), 0 to 1; 1 while nothing has failed. */
    readonly successRate: number;
  };
}

/** What `detailed` adds. */
export interface EventDetails {
  /** Milliseconds that one fact took with all of its consumers, in the last 24 hours. */
  readonly processing: LatencyQuantiles;
  /** Events recorded in each of the last 24 hours, the oldest first. */
  readonly hourly: readonly { readonly hour: string; readonly events: number }[];
  /** Each of the seven steps, of the last 24 hours (EVT-02). */
  readonly steps: StepFigures;
}

/**
 * Reads the figures. Events that are logged but not handled yet are in `total` too. `last24h` and `lastHour` go by the
 * platform's clock.
 */
export async function eventStats(db: Queryable, clock: Clock): Promise<EventStats> {
  const baseline = await readBaseline(db);
  const byType = await countByType(db, baseline);
  const recent = await countRecent(db, clock, baseline);
  const queue = await readQueue(db);
  const counts = await readFigures(db, Object.values(counterNames));
  const count = (name: string): number => counts.get(name)?.count ?? 0;
  const handled = count(counterNames.factsHandled);
  const micros = counts.get(counterNames.factsHandled)?.sum ?? 0;
  const ok = count(counterNames.recommendationsOk);
  const failed = count(counterNames.recommendationsFailed);
  return {
    total: sumOf(byType),
    ...recent,
    byType,
    averageProcessingTime: handled === 0 ? 0 : micros / 1_000 / handled,
    queueSize: queue.open,
    parked: queue.parked,
    shed: count(counterNames.eventsShed),
    isProcessing: queue.open > 0,
    since: baseline.eventsAt?.toISOString() ?? null,
    recommendations: {
      totalTriggered: ok + failed,
      ok,
      failed,
      throttled: count(counterNames.recommendationsThrottled),
      late: count(counterNames.recommendationsLate),
      unread: count(counterNames.recommendationsUnread),
      successRate: ok + failed === 0 ? 1 : ok / (ok + failed),
    },
  };
}

/** Percentiles and the course of the day, by the platform's clock. */
export async function eventDetails(db: Queryable, clock: Clock): Promise<EventDetails> {
  const hourly = await eventsByHour(db, clock.now());
  const steps = await readStepFigures(db, clock);
  return { processing: steps.handle, steps, hourly };
}

/**
 * Lets the figures begin at zero. Nothing is deleted: the log and the counters stay, and `removeBaseline` shows all again.
 *
 * @returns how many events the figures showed before
 */
export async function resetStats(
  tx: Queryable,
  clock: Clock,
  type: StatsResetType,
): Promise<{ before: number; after: number }> {
  const before = sumOf(await countByType(tx, await readBaseline(tx)));
  const waiting = await countWaiting(tx);
  await setBaseline(tx, { type, now: clock.now(), waiting });
  return { before, after: sumOf(await countByType(tx, await readBaseline(tx))) };
}

const sumOf = (byType: Readonly<Record<string, number>>): number =>
  Object.values(byType).reduce((a, b) => a + b, 0);

/** Events that wait and that the counters do not hold yet, by counter name. */
async function countWaiting(db: Queryable): Promise<Map<string, number>> {
  const found = await rows<{ name: string; n: number }>(
    db,
    sql`select name, count(*)::int as n from ${waitingNames} group by 1`,
  );
  return new Map(found.map(({ name, n }) => [name, Number(n)]));
}

/** A row with the counter's name for each event that waits. */
const waitingNames = sql`(
  select 'events.' || (payload ->> 'action') as name from outbox
  where ${uncountedFacts} and parked_at is null and archive_id is null
  union all
  select 'events.' || action from ${loggedOpen}) as waiting`;

/** One statement, so that an event that is handled meanwhile is counted once: as waiting, or as handled. */
async function countByType(db: Queryable, baseline: StatsBaseline): Promise<Record<UserActionType, number>> {
  const found = await rows<{ name: string; total: number }>(
    db,
    sql`
      select name, sum(n) as total from (
        select ${counters.name} as name, ${counters.count} as n from ${counters} where ${like(counters.name, "events.%")}
        union all
        select name, 1 from ${waitingNames}
      ) as counted group by name`,
  );
  const totals = new Map(found.map(({ name, total }) => [name, Number(total)]));
  const byType = userActionTypes.map((action) => {
    const name = actionCounterName(action);
    return [action, Math.max(0, (totals.get(name) ?? 0) - baseline.countBefore(name).count)] as const;
  });
  return Object.fromEntries(byType) as Record<UserActionType, number>;
}

async function countRecent(
  db: Queryable,
  clock: Clock,
  { eventsAt = new Date(0) }: StatsBaseline,
): Promise<{ last24h: number; lastHour: number }> {
  const nowMs = clock.now().getTime();
  const later = (ms: number): Date => new Date(Math.max(ms, eventsAt.getTime()));
  const [last24h = 0, lastHour = 0] = await countSince(db, [
    later(nowMs - hours(24)),
    later(nowMs - hours(1)),
  ]);
  return { last24h, lastHour };
}

/**
 * Counts the whole log again and replaces the totals by type: for importers, which write the log directly, and to repair.
 * Facts that still wait must be drained first, as they will add to the totals.
 */
export async function recountEvents(tx: Queryable): Promise<void> {
  await tx.delete(counters).where(inArray(counters.name, [...countersOfLog]));
  await tx.execute(sql`
    insert into counters (name, hour, count)
    select 'events.' || action, date_trunc('hour', recorded_at), count(*) from action_events group by 1, 2`);
}
