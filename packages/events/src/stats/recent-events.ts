import { counters } from "@almanac/db/schema";
import { rows, type Queryable } from "@almanac/db";
import { hours } from "@almanac/kernel";
import { inArray, sql } from "drizzle-orm";
import { actionCounterName } from "./action-counter.ts";
import { userActionTypes } from "../core/actions.ts";
import { counterNames, hourOf } from "./counters.ts";

/** What sums to the events that the log has of an hour, but for those that are open or whose facts are still in the outbox. */
export const countersOfLog: readonly string[] = [
  ...userActionTypes.map(actionCounterName),
  counterNames.eventsUncounted,
];

/**
 * How many events of the log were recorded after each of the moments, for ever on. Whole hours are known from the counters,
 * so that only the rest of the hour in which a moment falls is counted event by event; see `uncountedFacts`.
 *
 * @returns one number for each moment, in order
 */
export async function countSince(db: Queryable, moments: readonly Date[]): Promise<number[]> {
  const nextHours = moments.map((moment) => new Date(hourOf(moment).getTime() + hours(1)));
  const ofHours = await countHours(db, new Date(Math.min(...nextHours.map((hour) => hour.getTime()))));
  // An event is either of a whole hour or of the rest of one, so these need not be of one statement.
  const rests = await Promise.all(
    moments.map((moment, index) =>
      countLogged(db, sql`recorded_at > ${at(moment)} and recorded_at < ${at(nextHours[index]!)}`),
    ),
  );
  return nextHours.map((nextHour, index) => {
    const whole = [...ofHours].filter(([hour]) => hour >= nextHour.getTime());
    return whole.reduce((sum, [, events]) => sum + events, rests[index] ?? 0);
  });
}

/** The events of each of the last 24 hours until `now`, the oldest hour first. */
export async function eventsByHour(db: Queryable, now: Date): Promise<{ hour: string; events: number }[]> {
  const thisHour = hourOf(now);
  const since = thisHour.getTime() - hours(23);
  const ofHours = await countHours(db, new Date(since));
  // After a clock was set back there are events of what is the future now.
  const later = await countLogged(
    db,
    sql`recorded_at > ${at(now)} and recorded_at < ${at(new Date(thisHour.getTime() + hours(1)))}`,
  );
  return Array.from({ length: 24 }, (_, n) => {
    const hour = since + hours(n);
    const events = (ofHours.get(hour) ?? 0) - (n === 23 ? later : 0);
    return { hour: new Date(hour).toISOString(), events };
  });
}

/** One statement, so that an event that is handled meanwhile is counted once. Times of hours in milliseconds. */
async function countHours(db: Queryable, since: Date): Promise<Map<number, number>> {
  const found = await rows<{ hour: number; events: number }>(
    db,
    sql`
      select extract(epoch from hour)::float8 * 1000 as hour, sum(n)::float8 as events from (
        select hour, count as n from counters
        where ${inArray(counters.name, [...countersOfLog])} and hour >= ${at(since)}
        union all
        select ${hourOfFact}, count(*) from outbox where ${uncountedFacts} and ${hourOfFact} >= ${at(since)}
        group by 1
        union all
        select date_trunc('hour', recorded_at, 'UTC'), count(*) from ${loggedOpen} where recorded_at >= ${at(since)}
        group by 1) as counted
      group by 1`,
  );
  return new Map(found.map(({ hour, events }) => [Number(hour), Number(events)]));
}

/** The rows of the log of events that are open: like `uncountedFacts`, in no counter yet. */
export const loggedOpen = sql`(
  select e.* from open_events o join action_events e on e.seq = any(o.event_seqs)) as opened`;

/**
 * Facts of events that are in the log, but in no counter: those that wait to be tried one by one, those that were parked, and those that an operator
 * took out of the queue.
 */
export const uncountedFacts = sql`done_at is null and topic = 'action.tracked'
  and not exists (select from outbox_consumed where outbox_seq = outbox.seq and consumer = 'events.counter')`;

/** When the event of a fact of the outbox was recorded, to the hour. */
export const hourOfFact = sql`date_trunc('hour', (payload ->> 'recordedAt')::timestamptz, 'UTC')`;

/** Index: action_events by recorded_at. */
async function countLogged(db: Queryable, when: ReturnType<typeof sql>): Promise<number> {
  const [found] = await rows<{ events: number }>(
    db,
    sql`select count(*)::int as events from action_events where ${when}`,
  );
  return Number(found?.events ?? 0);
}

const at = (moment: Date) => sql`${moment.toISOString()}::timestamptz`;
