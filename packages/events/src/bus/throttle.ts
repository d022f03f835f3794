import type { Clock, Milliseconds } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { Redis } from "ioredis";
import { passesThrottle } from "../core/throttle.ts";

/** Holds back what a shopper would only see flicker: pushes of recommendations. Facts are never throttled. */
export interface Throttle {
  /** Whether this one may pass. Asking is passing: the window starts with a yes. */
  passes(key: string): Promise<boolean>;
}

export interface ThrottleOptions {
  /** 500 unless set otherwise. */
  windowMs?: Milliseconds;
  clock: Clock;
  /** Shares the windows between processes; while it is away each process has its own. */
  redis?: Redis;
  log?: Logger;
}

/** The key of a shopper's action on a thing (EVT-03). */
export function throttleKey(shopperId: string, action: string, entityId = ""): string {
  return `${shopperId}-${action}-${entityId}`;
}

/** Keys are forgotten beyond this many, oldest first; a forgotten key passes. */
const maxKeys = 50_000;

/** Lets the first of each window through. Across processes by Redis `SET NX PX`, otherwise in memory. */
export function leadingThrottle({ windowMs = 500, clock, redis, log }: ThrottleOptions): Throttle {
  const lastPassed = new Map<string, number>();

  function passesHere(key: string): boolean {
    const nowMs = clock.now().getTime();
    if (!passesThrottle(lastPassed.get(key), nowMs, windowMs)) return false;
    lastPassed.delete(key);
    lastPassed.set(key, nowMs);
    if (lastPassed.size > maxKeys) {
      const [oldest] = lastPassed.keys();
      if (oldest !== undefined) lastPassed.delete(oldest);
    }
    return true;
  }

  return {
    async passes(key) {
      if (redis?.status !== "ready") return passesHere(key);
      try {
        return (await redis.set(`almanac:throttle:${key}`, "1", "PX", windowMs, "NX")) === "OK";
      } catch (err) {
        log?.debug({ err }, "the shared throttle is away; this process counts for itself");
        return passesHere(key);
      }
    },
  };
}
