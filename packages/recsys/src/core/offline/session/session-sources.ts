import { fitSequentialRules, revisits } from "../sequential-rules.ts";
import { fitSessionKnn } from "../session-knn.ts";
import type { SessionKnnOptions, SessionLog, SessionScorer } from "../session-knn.ts";

/** Likeness that fades with the age of a click: long sessions speak, and particular items more than common ones. */
export const fadingLikeness = {
  neighbours: 300,
  sample: 3_000,
  positionWeight: "exponential",
  lengthExponent: 0.2,
  particularItems: true,
} as const satisfies SessionKnnOptions;

/** Weights of rules and of the session's own clicks beside sessions alike, each over its own maximum. */
export const hybridShares = { rules: 0.3, revisits: 0.2 } as const;

/** Shares of the latest sessions after which one counts half: what is wanted now, this while, and all along. */
const halfLives = [0.1, 0.3, 1] as const;
/** Longer sessions are no visit of one person. */
const longestCounted = 40;

/** Counts of the past sessions, and the models whose scores are features. */
export interface SessionSources {
  readonly itemCount: number;
  readonly fading: SessionScorer;
  readonly plain: SessionScorer;
  readonly rules: SessionScorer;
  readonly revisits: SessionScorer;
  /** Clicks of an item. */
  readonly clicks: Float64Array;
  /** Clicks, the later ones counting more, by half-life. */
  readonly recentClicks: readonly Float64Array[];
  /** Times that an item was clicked twice in a row. */
  readonly repeats: Float64Array;
  /** What was clicked right after an item, and right before it. */
  readonly after: readonly ReadonlyMap<number, number>[];
  readonly before: readonly ReadonlyMap<number, number>[];
  /** Sessions that hold both items. */
  readonly together: readonly ReadonlyMap<number, number>[];
}

export function fitSessionSources(log: SessionLog): SessionSources {
  const { itemCount, sessions } = log;
  const clicks = new Float64Array(itemCount);
  const repeats = new Float64Array(itemCount);
  const recentClicks = halfLives.map(() => new Float64Array(itemCount));
  const [after, before, together] = [tally(itemCount), tally(itemCount), tally(itemCount)];
  const byEnd = [...sessions.keys()].sort((a, b) => log.endedAt[a]! - log.endedAt[b]! || a - b);
  byEnd.forEach((session, place) => {
    const items = sessions[session]!;
    const age = (byEnd.length - 1 - place) / byEnd.length;
    items.forEach((item, at) => {
      clicks[item]!++;
      halfLives.forEach((halfLife, which) => (recentClicks[which]![item]! += 2 ** (-age / halfLife)));
      const next = items[at + 1];
      if (next === undefined) return;
      if (next === item) repeats[item]!++;
      count(after[item]!, next);
      count(before[next]!, item);
    });
    const distinct = [...new Set(items)];
    if (distinct.length > longestCounted) return;
    for (const item of distinct)
      for (const other of distinct) if (other !== item) count(together[item]!, other);
  });
  return {
    itemCount,
    fading: fitSessionKnn(log, fadingLikeness),
    plain: fitSessionKnn(log),
    rules: fitSequentialRules(log),
    revisits: revisits(),
    clicks,
    recentClicks,
    repeats,
    after,
    before,
    together,
  };
}

function tally(itemCount: number): Map<number, number>[] {
  return Array.from({ length: itemCount }, () => new Map<number, number>());
}

function count(row: Map<number, number>, item: number): void {
  row.set(item, (row.get(item) ?? 0) + 1);
}
