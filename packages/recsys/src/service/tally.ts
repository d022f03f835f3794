import type { DatabaseHandle } from "@almanac/db";
import { addCounts, addLatencies, counterNames, createLatencyBook, hourOf } from "@almanac/events";
import { seconds, type Clock } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";

/** Counts how often and how fast recommendations were made; processes add to the same totals. */
export interface Tally {
  add(name: string, micros?: number): void;
  /** Adds so many: one unless told. */
  count(name: string, by?: number): void;
  /** Counts the work as done or failed, with its time. */
  time<Result>(algorithm: string, work: () => Result): Result;
  succeeded(): void;
  failed(): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** What whole requests are timed as, beside the algorithms inside them. */
export const requestKinds = ["hybrid", "similar", "together", "cart", "trends", "home", "triggered"] as const;
export type RequestKind = (typeof requestKinds)[number];

/** The counter of an algorithm's or a whole request's time; its `sum` holds microseconds. */
export const latencyCounter = (algorithm: string): string => `recommendations.latency.${algorithm}`;
export const triggerCounter = (action: string): string => `recommendations.triggered.${action}`;

const flushEveryMs = seconds(5);

/** Counts are gathered and written every five seconds, so that a page that is read writes nothing itself. */
export function createTally({
  handle,
  clock,
  log,
}: {
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
}): Tally {
  let waiting = new Map<string, { by: number; sum: number }>();
  const latencies = createLatencyBook();
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();

  function add(name: string, micros?: number): void {
    if (micros !== undefined) latencies.add(name, micros);
    count(name, 1, micros);
  }

  function count(name: string, by = 1, sum = 0): void {
    const known = waiting.get(name) ?? { by: 0, sum: 0 };
    waiting.set(name, { by: known.by + by, sum: known.sum + sum });
  }

  function flush(): Promise<void> {
    const counted = waiting;
    waiting = new Map();
    if (counted.size === 0) return writing;
    const hour = hourOf(clock.now());
    const changes = [...counted].map(([name, count]) => ({ name, hour, ...count }));
    const durations = latencies.take();
    writing = writing
      .then(() => addCounts(handle.db, changes))
      .then(() => addLatencies(handle.db, clock, durations))
      .catch((err: unknown) => log.warn({ err }, "counts of recommendations were lost"));
    return writing;
  }

  return {
    add,
    count,
    time(algorithm, work) {
      const startedAt = performance.now();
      const result = work();
      add(latencyCounter(algorithm), (performance.now() - startedAt) * 1_000);
      return result;
    },
    succeeded: () => add(counterNames.recommendationsOk),
    failed: () => add(counterNames.recommendationsFailed),
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
