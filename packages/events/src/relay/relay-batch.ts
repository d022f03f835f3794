import type { DatabaseHandle, Transaction } from "@almanac/db";
import type { Clock, Milliseconds } from "@almanac/kernel";
import type { BatchContext, Consumer, DeliveredFact } from "./consumer.ts";
import type { Fact } from "../core/facts.ts";
import type { LatencySketch } from "../core/latency-sketch.ts";
import { within } from "../core/settle.ts";
import { addCounts, hourOf, type CountChange } from "../stats/counters.ts";
import { createLatencyBook, latencyNames } from "../stats/latencies.ts";
import * as store from "./relay-store.ts";
import { stepName } from "../stats/step-timer.ts";
import { takeOpenEvents } from "../outbox/open-events.ts";
import { isOfOutbox, type OutboxFact, type TakenFact } from "../outbox/outbox-fact.ts";

/** A consumer refused a fact; nothing of its transaction was kept. */
export class ConsumerFailure extends Error {
  override readonly name = "ConsumerFailure";
  readonly row: TakenFact;
  readonly consumer: string;

  constructor(row: TakenFact, consumer: string, cause: unknown) {
    super(`${consumer}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.row = row;
    this.consumer = consumer;
  }
}

/** A consumer refused several facts at once, and did not say which is to blame; nothing of the batch was kept. */
export class BatchFailure extends Error {
  override readonly name = "BatchFailure";
  readonly consumer: string;

  constructor(consumer: string, cause: unknown) {
    super(`${consumer}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.consumer = consumer;
  }
}

interface Task {
  readonly row: TakenFact;
  readonly consumer: Consumer;
}

export type Hook = () => void | Promise<void>;

export interface BatchResult {
  readonly claimed: number;
  readonly handled: number;
  /** Claimed, but they have failed before and want a transaction of their own. */
  readonly retries: readonly OutboxFact[];
  readonly hooks: readonly Hook[];
}

export type AloneResult =
  | { readonly kind: "done"; readonly hooks: readonly Hook[] }
  | { readonly kind: "failed"; readonly failure: ConsumerFailure; readonly hooks: readonly Hook[] }
  | { readonly kind: "taken"; readonly hooks: readonly Hook[] };

export interface Applier {
  /**
   * Claims facts and applies the fresh ones, all consumers in one transaction: on PostgreSQL the commit is what costs.
   *
   * @throws ConsumerFailure when one refused; nothing of the batch was kept
   */
  applyBatch(limit: number): Promise<BatchResult>;
  /** Applies one fact, each consumer in a transaction of its own, so that one's trouble does not keep it from the rest. */
  applyAlone(row: OutboxFact): Promise<AloneResult>;
  /** Microseconds spent in consumers since the last call, and how long each fact took. */
  takeTimes(): { micros: number; perFact: ReadonlyMap<string, LatencySketch> };
}

export interface ApplierOptions {
  handle: DatabaseHandle;
  clock: Clock;
  consumers: readonly Consumer[];
  handlerTimeoutMs: Milliseconds;
}

export function createApplier({ handle, clock, consumers, handlerTimeoutMs }: ApplierOptions): Applier {
  let micros = 0;
  const book = createLatencyBook();

  const byTopic = new Map<string, Consumer[]>();
  for (const consumer of consumers) {
    for (const topic of consumer.topics) byTopic.set(topic, [...(byTopic.get(topic) ?? []), consumer]);
  }
  const interested = (fact: Fact): readonly Consumer[] => byTopic.get(fact.topic) ?? [];

  /** Runs `work` with hooks and counts that are kept only if the transaction commits. */
  async function inTransaction<T>(work: (tx: Transaction, collected: Collected) => Promise<T>) {
    const collected: Collected = { hooks: [], counts: [], micros: new Map() };
    const result = await handle.transaction(async (tx) => {
      const value = await work(tx, collected);
      // Last, as other relays wait for these rows until the commit.
      await addCounts(tx, collected.counts);
      return value;
    });
    return { result, ...collected };
  }

  /** How long an event waited for its turn, from its being logged. */
  function noteWait({ topic, payload }: Fact, now: Date): void {
    if (topic !== "action.tracked") return;
    const waitedMs = now.getTime() - Date.parse(payload.recordedAt);
    if (waitedMs >= 0) book.add(stepName("priority"), waitedMs * 1_000);
  }

  const contextOf = (tx: Transaction, collected: Collected): BatchContext => ({
    tx,
    afterCommit: (action) => void collected.hooks.push(action),
    count: (name, { by = 1, sum = 0, at = clock.now() } = {}) =>
      void collected.counts.push({ name, hour: hourOf(at), by, sum }),
  });

  /** Consumer by consumer, so that one that can takes all of its facts at once. */
  async function applyTasks(tx: Transaction, tasks: readonly Task[], collected: Collected): Promise<void> {
    const byConsumer = Map.groupBy(tasks, ({ consumer }) => consumer);
    for (const [consumer, mine] of byConsumer) {
      if (consumer.handleMany && mine.length > 1) await applyMany(tx, consumer, mine, collected);
      else for (const { row } of mine) await apply(tx, consumer, row, collected);
    }
  }

  async function applyMany(
    tx: Transaction,
    consumer: Consumer,
    tasks: readonly Task[],
    collected: Collected,
  ): Promise<void> {
    const startedAt = performance.now();
    const facts = tasks.map(({ row }) => deliveryOf(row));
    try {
      const work = consumer.handleMany?.(facts, contextOf(tx, collected)) ?? Promise.resolve();
      await within(handlerTimeoutMs, `consumer ${consumer.name}`, work);
    } catch (error) {
      throw new BatchFailure(consumer.name, error);
    } finally {
      const spent = (performance.now() - startedAt) * 1_000;
      micros += spent;
      // Nobody can say which of them took longer.
      for (const { row } of tasks) noteSpent(collected, row, spent / tasks.length);
    }
  }

  async function apply(
    tx: Transaction,
    consumer: Consumer,
    row: TakenFact,
    collected: Collected,
  ): Promise<void> {
    const startedAt = performance.now();
    const { fact, seq, traceId } = deliveryOf(row);
    try {
      const work = consumer.handle(fact, { ...contextOf(tx, collected), seq, traceId });
      await within(handlerTimeoutMs, `consumer ${consumer.name}`, work);
    } catch (error) {
      throw new ConsumerFailure(row, consumer.name, error);
    } finally {
      const spent = (performance.now() - startedAt) * 1_000;
      micros += spent;
      noteSpent(collected, row, spent);
    }
  }

  return {
    async applyBatch(limit) {
      const {
        result,
        hooks,
        micros: spent,
      } = await inTransaction(async (tx, collected) => {
        const now = clock.now();
        const [facts, events] = await Promise.all([
          store.takeFacts(tx, { now, limit, timeoutMs: handlerTimeoutMs }),
          takeOpenEvents(tx, limit),
        ]);
        const claimed = [...facts, ...events].sort((a, b) => a.priority - b.priority);
        const fresh = claimed.filter(({ attempts }) => attempts === 0);
        for (const { fact } of fresh) noteWait(fact, now);
        const noted = await store.takeNotes(
          tx,
          fresh.filter(isOfOutbox).map(({ seq }) => seq),
        );
        const isApplied = new Set(noted.map(keyOf));
        const tasks = fresh.flatMap((row) => interested(row.fact).map((consumer) => ({ row, consumer })));
        const due =
          isApplied.size === 0
            ? tasks
            : tasks.filter(
                ({ row, consumer }) =>
                  !isOfOutbox(row) || !isApplied.has(keyOf(consumptionOf(row, consumer))),
              );
        await applyTasks(tx, due, collected);
        const retries = facts.filter(({ attempts }) => attempts > 0);
        return { claimed: claimed.length, handled: fresh.length, retries };
      });
      for (const taken of spent.values()) book.add(latencyNames.factHandled, taken);
      return { ...result, hooks };
    },

    async applyAlone(row) {
      const hooks: Hook[] = [];
      let failure: ConsumerFailure | undefined;
      let spent = 0;
      for (const consumer of interested(row.fact)) {
        try {
          const done = await inTransaction(async (tx, collected) => {
            await store.limitStatements(tx, handlerTimeoutMs);
            if (!(await store.lockFact(tx, row.seq))) return "taken";
            const isNew = await store.noteConsumed(tx, consumptionOf(row, consumer), clock.now());
            if (isNew) await apply(tx, consumer, row, collected);
            return "applied";
          });
          if (done.result === "taken") return { kind: "taken", hooks };
          hooks.push(...done.hooks);
          spent += done.micros.get(row) ?? 0;
        } catch (error) {
          failure ??=
            error instanceof ConsumerFailure ? error : new ConsumerFailure(row, consumer.name, error);
        }
      }
      if (failure) return { kind: "failed", failure, hooks };
      await store.markDone(handle.db, row.seq, clock.now());
      book.add(latencyNames.factHandled, spent);
      return { kind: "done", hooks };
    },

    takeTimes() {
      const taken = { micros, perFact: book.take() };
      micros = 0;
      return taken;
    },
  };
}

interface Collected {
  readonly hooks: Hook[];
  readonly counts: CountChange[];
  /** Spent so far, by the fact. */
  readonly micros: Map<TakenFact, number>;
}

function noteSpent({ micros }: Collected, row: TakenFact, spent: number): void {
  micros.set(row, (micros.get(row) ?? 0) + spent);
}

/** An event goes by its place in the log, wherever it waited. */
function deliveryOf({ fact, seq, traceId }: TakenFact): DeliveredFact {
  return { fact, traceId, seq: fact.topic === "action.tracked" ? fact.payload.seq : (seq ?? 0) };
}

const consumptionOf = ({ seq }: OutboxFact, { name }: Consumer): store.Consumption => ({
  consumer: name,
  outboxSeq: seq,
});

const keyOf = ({ consumer, outboxSeq }: store.Consumption): string => `${outboxSeq} ${consumer}`;
