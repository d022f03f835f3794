import type { Milliseconds } from "@almanac/kernel";

export type Offered =
  | { readonly kind: "now" }
  | { readonly kind: "later"; readonly afterMs: Milliseconds }
  | { readonly kind: "waits" };

/** Lets something of each key through at once, then at most once a window, and after the last one once more. */
export interface TrailingThrottle {
  /** `now`: do it; `later`: do it once so much later, and say `fired` then; `waits`: that is going to be done anyway. */
  offer(key: string, nowMs: Milliseconds): Offered;
  fired(key: string, nowMs: Milliseconds): void;
}

/** Keys are forgotten beyond this many, the oldest first; a forgotten key goes through. */
const mostKeys = 10_000;

/** @param windowMs exactly so much later passes again */
export function trailingThrottle(windowMs: Milliseconds): TrailingThrottle {
  const lastAt = new Map<string, Milliseconds>();
  const waiting = new Set<string>();

  function note(key: string, nowMs: Milliseconds): void {
    lastAt.delete(key);
    lastAt.set(key, nowMs);
    const [oldest] = lastAt.keys();
    if (lastAt.size > mostKeys && oldest !== undefined) lastAt.delete(oldest);
  }

  return {
    offer(key, nowMs) {
      if (waiting.has(key)) return { kind: "waits" };
      const last = lastAt.get(key);
      // A clock that was set back must not hold anything for hours.
      const since = last === undefined ? windowMs : Math.max(0, nowMs - last);
      if (since >= windowMs) {
        note(key, nowMs);
        return { kind: "now" };
      }
      waiting.add(key);
      return { kind: "later", afterMs: windowMs - since };
    },
    fired(key, nowMs) {
      waiting.delete(key);
      note(key, nowMs);
    },
  };
}
