import { isSerializationFailure, wordsWithoutData, type DatabaseHandle } from "@almanac/db";
import { seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { actionCounter } from "../stats/action-counter.ts";
import { outboxChannel, type Bus } from "../bus/bus.ts";
import type { Consumer } from "./consumer.ts";
import { defaultRetryPolicy, retryDelayMs, type RetryPolicy } from "../core/backoff.ts";
import { addCounts, counterNames, hourOf } from "../stats/counters.ts";
import { addLatencies } from "../stats/latencies.ts";
import { BatchFailure, ConsumerFailure, createApplier, type Hook } from "./relay-batch.ts";
import { isOfOutbox, type OutboxFact } from "../outbox/outbox-fact.ts";
import { unpackNextEvents } from "../outbox/open-events.ts";
import { listDueFacts, markFailed } from "./relay-store.ts";

export interface RelaySettings {
  /** How long one round may take before it makes way for others. */
  readonly budgetMs: Milliseconds;
  readonly handlerTimeoutMs: Milliseconds;
  /** How often to look unasked. */
  readonly pollMs: Milliseconds;
  /** At least, and at most, so many facts share a transaction; between the two the relay aims at `batchTargetMs`. */
  readonly minBatch: number;
  readonly maxBatch: number;
  readonly batchTargetMs: Milliseconds;
  readonly retry: RetryPolicy;
}

export const defaultRelaySettings: RelaySettings = {
  budgetMs: 800,
  handlerTimeoutMs: seconds(5),
  pollMs: seconds(1),
  minBatch: 10,
  maxBatch: 1_000,
  batchTargetMs: 80,
  retry: defaultRetryPolicy,
};

export interface RelayOptions {
  handle: DatabaseHandle;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** The same list in every process that runs a relay: a fact is done when these have applied it. */
  consumers: readonly Consumer[];
  /** Told after a round in which facts were handled or failed. */
  onHandled?: () => void;
  settings?: Partial<RelaySettings>;
}

/** Of this process since it started. */
export interface RelayStats {
  readonly isRunning: boolean;
  readonly isProcessing: boolean;
  readonly handled: number;
  readonly failures: number;
  readonly parked: number;
}

export interface OutboxRelay {
  start(): void;
  /** Ends after the round in hand. */
  stop(): Promise<void>;
  /** Works until nothing is due; for tests and for commands that must see the effect of what they wrote. */
  drain(): Promise<void>;
  stats(): RelayStats;
}

/**
 * Brings facts from the outbox to their consumers. Fresh facts share a transaction; when one fails the batch is rolled
 * back and the culprit comes again later, alone. Any number of processes may run one.
 */
export function createOutboxRelay({ handle, bus, clock, log, ...options }: RelayOptions): OutboxRelay {
  const settings = { ...defaultRelaySettings, ...options.settings };
  const consumers: readonly Consumer[] = [actionCounter, ...options.consumers];
  const applier = createApplier({ handle, clock, consumers, handlerTimeoutMs: settings.handlerTimeoutMs });
  const stats = { handled: 0, failures: 0, parked: 0 };
  let saved = { handled: 0, failures: 0 };
  let batchSize = settings.minBatch;
  let isCautious = false;
  let isRunning = false;
  let isAskedAgain = false;
  let round: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;

  async function runHooks(hooks: readonly Hook[]): Promise<void> {
    for (const hook of hooks) {
      try {
        await hook();
      } catch (err) {
        log.error({ err }, "a wake-up after a commit failed");
      }
    }
  }

  async function recordFailure(row: OutboxFact, failure: ConsumerFailure): Promise<void> {
    const { consumer, cause } = failure;
    stats.failures += 1;
    const now = clock.now();
    const delayMs = retryDelayMs(row.attempts + 1, settings.retry);
    const facts = {
      consumer,
      seq: row.seq,
      topic: row.fact.topic,
      traceId: row.traceId,
      attempts: row.attempts + 1,
    };
    const lastError = wordsWithoutData(failure);
    if (delayMs === undefined) {
      stats.parked += 1;
      log.error({ ...facts, err: cause }, "a fact was parked: an operator has to look at it");
      await markFailed(handle.db, row, { lastError, parkedAt: now });
    } else {
      log.warn({ ...facts, delayMs, err: cause }, "a consumer failed and will be tried again");
      await markFailed(handle.db, row, { lastError, availableAt: new Date(now.getTime() + delayMs) });
    }
  }

  async function runAlone(rows: readonly OutboxFact[]): Promise<void> {
    for (const row of rows) {
      const result = await applier.applyAlone(row);
      if (result.kind === "done") stats.handled += 1;
      await runHooks(result.hooks);
      if (result.kind === "failed") await recordFailure(row, result.failure);
    }
  }

  /** @returns whether there may be more to do */
  async function step(): Promise<boolean> {
    if (isCautious) {
      const due = await listDueFacts(handle.db, clock.now(), settings.minBatch);
      const unpacked = await handle.transaction((tx) => unpackNextEvents(tx, settings.minBatch));
      const rows = [...due, ...unpacked];
      await runAlone(rows);
      isCautious = false;
      return rows.length > 0;
    }
    const startedAt = performance.now();
    try {
      const { claimed, handled, retries, hooks } = await applier.applyBatch(batchSize);
      stats.handled += handled;
      await runHooks(hooks);
      await runAlone(retries);
      if (performance.now() - startedAt > settings.batchTargetMs) {
        batchSize = Math.max(settings.minBatch, batchSize >> 1);
      } else if (claimed >= batchSize) {
        // Events that were logged together come together, which may be more than were asked for.
        batchSize = Math.min(settings.maxBatch, claimed * 2);
      }
      return claimed > 0;
    } catch (error) {
      batchSize = settings.minBatch;
      if (error instanceof ConsumerFailure && isOfOutbox(error.row)) {
        await recordFailure(error.row, error);
        return true;
      }
      if (error instanceof BatchFailure || error instanceof ConsumerFailure) {
        log.warn({ consumer: error.consumer, err: error.cause }, "a batch failed; its facts go one by one");
        isCautious = true;
        return true;
      }
      // Lost against another transaction; nothing was written, so the same facts are simply claimed again.
      if (isSerializationFailure(error)) return true;
      // Either the database is away, or a consumer broke the batch without saying which: the next round goes one by one.
      isCautious = true;
      throw error;
    }
  }

  async function saveCounts(): Promise<void> {
    const handled = stats.handled - saved.handled;
    const failures = stats.failures - saved.failures;
    const hour = hourOf(clock.now());
    const changes = [];
    if (handled > 0) {
      const { micros, perFact } = applier.takeTimes();
      changes.push({ name: counterNames.factsHandled, hour, by: handled, sum: micros });
      await addLatencies(handle.db, clock, perFact);
    }
    if (failures > 0) changes.push({ name: counterNames.factFailures, hour, by: failures });
    if (changes.length === 0) return;
    await addCounts(handle.db, changes);
    options.onHandled?.();
    saved = { handled: saved.handled + handled, failures: saved.failures + failures };
  }

  async function runRound(budgetMs: Milliseconds): Promise<boolean> {
    const endsAt = performance.now() + budgetMs;
    let isMore = true;
    while (isMore && performance.now() < endsAt) isMore = await step();
    await saveCounts();
    return isMore;
  }

  /** One round at a time. */
  function startRound(budgetMs: Milliseconds): Promise<boolean> {
    const started = runRound(budgetMs).finally(() => {
      round = undefined;
    });
    round = started;
    return started;
  }

  /** Starts a round, or asks the one under way to look once more. */
  function wake(): void {
    if (!isRunning) return;
    if (round) {
      isAskedAgain = true;
      return;
    }
    startRound(settings.budgetMs).then(
      (isMore) => {
        if (isMore || isAskedAgain) setImmediate(wake);
        isAskedAgain = false;
      },
      (err: unknown) => log.error({ err }, "the outbox could not be drained; trying again soon"),
    );
  }

  /** Lets the round in hand end; its error was logged by whoever started it. */
  async function settleRound(): Promise<void> {
    while (round) await Promise.allSettled([round]);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      unsubscribe = bus.subscribe(outboxChannel, wake);
      timer = setInterval(wake, settings.pollMs);
      wake();
    },
    async stop() {
      isRunning = false;
      clearInterval(timer);
      unsubscribe?.();
      await settleRound();
    },
    async drain() {
      let isMore = true;
      while (isMore) {
        await settleRound();
        isMore = await startRound(Number.POSITIVE_INFINITY);
      }
    },
    stats: () => ({ ...stats, isRunning, isProcessing: round !== undefined }),
  };
}
