import { actionEvents, openEvents, outbox } from "@almanac/db/schema";
import type { Transaction } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { counterNames } from "./stats/counters.ts";
import { unpackEventsOf } from "./outbox/open-events.ts";
import { hourOfFact, uncountedFacts } from "./stats/recent-events.ts";

/**
 * The facts that tell what these shoppers did: a condition on the outbox, once those of events that are open were written there by
 * `unpackEventsOf`. Reads all of it, which its retention keeps short.
 */
export function factsOfShoppers(shopperIds: readonly ShopperId[]) {
  return and(
    eq(outbox.topic, "action.tracked"),
    inArray(sql`${outbox.payload}->>'shopperId'`, [...shopperIds]),
  );
}

/** Removes what tells consumers what these shoppers did. How many events there were of an hour stays known. */
export async function forgetFacts(tx: Transaction, shopperIds: readonly ShopperId[]): Promise<void> {
  await unpackEventsOf(tx, shopperIds);
  const theirs = factsOfShoppers(shopperIds);
  // A relay that has one of them in hand is waited for: what it counts is not noted here.
  await tx
    .select({ seq: outbox.seq })
    .from(outbox)
    .where(and(theirs, isNull(outbox.doneAt)))
    .for("update");
  await tx.execute(sql`
    insert into counters (name, hour, count)
    select ${counterNames.eventsUncounted}::text, ${hourOfFact}, count(*) from outbox
    where ${theirs} and ${uncountedFacts} group by 2 order by 2
    ${addedToHour}`);
  await tx.delete(outbox).where(theirs);
}

/** Deletes the log of what a shopper did, with what tells consumers of it. What is logged meanwhile stays, as what comes afterwards. */
export async function forgetEvents(tx: Transaction, shopperId: ShopperId): Promise<void> {
  await forgetFacts(tx, [shopperId]);
  await tx.execute(sql`
    with gone as (
      delete from ${actionEvents}
      where shopper_id = ${shopperId} and seq <> all(array(select unnest(event_seqs) from ${openEvents}))
      returning recorded_at)
    insert into counters (name, hour, count)
    select ${counterNames.eventsUncounted}::text, date_trunc('hour', recorded_at, 'UTC'), -count(*) from gone
    group by 2 order by 2
    ${addedToHour}`);
}

const addedToHour = sql`on conflict (name, hour) do update set count = counters.count + excluded.count`;
