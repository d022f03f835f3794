import type { DatabaseHandle, Queryable } from "@almanac/db";
import { invariant, newId, type Clock, type EventId, type Milliseconds } from "@almanac/kernel";
import { anonymousCaller, silentLogger, unlimited, type Caller, type RequestContext } from "@almanac/trpc";
import type { Fact } from "./core/facts.ts";
import type { Consumer, ConsumerContext } from "./relay/consumer.ts";
import type { ActionInput } from "./outbox/outbox.ts";
import { countOpenFacts } from "./outbox/queue.ts";

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  advance(durationMs: Milliseconds): void;
}

export function fakeClock(at: Date | string = "2025-08-14T12:00:00.000Z"): FakeClock {
  let nowMs = new Date(at).getTime();
  return {
    now: () => new Date(nowMs),
    advance(durationMs) {
      nowMs += durationMs;
    },
  };
}

/** An action with everything filled in; a product view unless said otherwise. */
export function anAction(overrides: Partial<ActionInput> = {}): ActionInput {
  return {
    id: newId<EventId>(),
    action: "VIEW_PRODUCT",
    entityType: "PRODUCT",
    entityId: "01980000-0000-7000-8000-000000000001",
    traceId: "test-trace",
    occurredAt: new Date("2025-08-14T12:00:00.000Z"),
    ...overrides,
  };
}

/** How many facts and events wait, in the outbox and of open events. */
export const countOpen = (db: Queryable): Promise<number> => countOpenFacts(db, Number.MAX_SAFE_INTEGER);

/** Makes a consumer from a function. */
export function consumerOf(
  name: string,
  topics: Consumer["topics"],
  handle: (fact: Fact, context: ConsumerContext) => void | Promise<void>,
): Consumer {
  return { name, topics, handle: async (fact, context) => handle(fact, context) };
}

/** A request by the given caller, without limits; transport and addresses as in process. */
export function aRequestContext(
  handle: DatabaseHandle,
  { caller = anonymousCaller, clock }: { caller?: Caller; clock: Clock },
): RequestContext {
  return {
    caller,
    db: handle.db,
    handle,
    clock,
    log: silentLogger,
    requestId: "test-request",
    traceId: "test-trace",
    transport: "in-process",
    ip: "127.0.0.1",
    limiter: unlimited,
    ensureShopper() {
      invariant(caller.shopperId, "this test's caller needs a shopper");
      return Promise.resolve(caller.shopperId);
    },
  };
}
