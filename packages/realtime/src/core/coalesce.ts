import type { Milliseconds } from "@almanac/kernel";

/** Something on its way to one reader. */
export interface Passing {
  readonly seq: number;
  /** Of those with the same key only the newest matters; `undefined` when each one counts. */
  readonly key: string | undefined;
}

/**
 * Decides what one reader is sent now and what waits: of states, such as recommendations, at most one of each key goes out
 * in a window, and the newest wins; what has no key is never held. Everything leaves in the order of `seq`, so that the
 * last one sent is always a place to resume from.
 */
export interface Coalescer<Item extends Passing> {
  /** @param isBehind the reader has not taken what it was sent; states wait then, whatever the window says */
  offer(item: Item, nowMs: Milliseconds, isBehind: boolean): Item[];
  /** Takes all that waits. */
  flush(nowMs: Milliseconds): Item[];
  isHolding(): boolean;
}

/** @param windowMs 250 in service: 100 updates in a second become five */
export function createCoalescer<Item extends Passing>(windowMs: Milliseconds): Coalescer<Item> {
  // Made when something is held: most readers never hold anything.
  let held: Map<string, Item> | undefined;
  let lastStateAtMs = Number.NEGATIVE_INFINITY;

  function take(): Item[] {
    if (!held) return [];
    const items = [...held.values()];
    held = undefined;
    return items;
  }

  return {
    offer(item, nowMs, isBehind) {
      if (item.key === undefined) {
        // What is held is older, and would otherwise arrive after it.
        if (!held) return [item];
        lastStateAtMs = nowMs;
        return [...take(), item];
      }
      if (!held && !isBehind && nowMs - lastStateAtMs >= windowMs) {
        lastStateAtMs = nowMs;
        return [item];
      }
      held ??= new Map();
      // Put at the end, as a map keeps the place of a key that it knows.
      held.delete(item.key);
      held.set(item.key, item);
      return [];
    },
    flush(nowMs) {
      lastStateAtMs = nowMs;
      return take();
    },
    isHolding: () => held !== undefined,
  };
}
