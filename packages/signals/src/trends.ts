import type { DatabaseHandle } from "@almanac/db";
import { minutes } from "@almanac/kernel";
import type { Clock } from "@almanac/kernel";
import type { Trend } from "./core/trend.ts";
import { readTrends } from "./store/trends.ts";

export interface Trends {
  /** Seven-day orders, buyers and views by product and market; at most a minute old. */
  read(): Promise<readonly Trend[]>;
}

/** Reads trends at most once a minute, however many ask at once. */
export function createTrends({ handle, clock }: { handle: DatabaseHandle; clock: Clock }): Trends {
  let readAt = -Infinity;
  let current: Promise<readonly Trend[]> | undefined;
  return {
    read() {
      const now = clock.now();
      if (current && Math.abs(now.getTime() - readAt) < minutes(1)) return current;
      readAt = now.getTime();
      const reading: Promise<readonly Trend[]> = readTrends(handle.db, now).catch((error: unknown) => {
        // The next who asks tries again.
        if (current === reading) current = undefined;
        throw error;
      });
      current = reading;
      return reading;
    },
  };
}
