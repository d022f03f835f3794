import type { Milliseconds } from "@almanac/kernel";

/** How many facts wait, for a process that asks at each commit. */
export interface OpenFacts {
  /**
   * Counted no further than the limit. From a thousand on, where to count costs as much as to log, what was counted in the last
   * quarter of a second stands, with what this process added since: then it is at most too high by what was handled meanwhile, and
   * too low by what other processes added.
   */
  count(limit: number): Promise<number>;
  /** So many facts were committed. */
  added(facts: number): void;
}

const cheapToCount = 1_000;
const staleMs: Milliseconds = 250;

/**
 * @param countOpen counts those that are open now, no further than the limit
 * @param monotonic milliseconds on a clock that never jumps
 */
export function createOpenFacts(
  countOpen: (limit: number) => Promise<number>,
  monotonic: () => Milliseconds = () => performance.now(),
): OpenFacts {
  let known = 0;
  let knownLimit = 0;
  let knownAt = Number.NEGATIVE_INFINITY;
  let counting: Promise<void> | undefined;

  async function recount(limit: number): Promise<void> {
    const askedAt = monotonic();
    known = await countOpen(limit);
    knownLimit = limit;
    knownAt = askedAt;
  }

  return {
    async count(limit) {
      const isFresh = known >= cheapToCount && limit === knownLimit && monotonic() - knownAt < staleMs;
      if (!isFresh) await (counting ??= recount(limit).finally(() => (counting = undefined)));
      return Math.min(known, limit);
    },
    added(facts) {
      known += facts;
    },
  };
}
