import type { SessionLog, SessionScorer } from "./session-knn.ts";

/** Steps after an item that still count as following it. */
const maxSteps = 5;

/** What followed the last item in past sessions, each time by 1 over the steps between. */
export function fitSequentialRules(log: SessionLog): SessionScorer {
  const followers: Map<number, number>[] = Array.from({ length: log.itemCount }, () => new Map());
  for (const items of log.sessions)
    for (let from = 0; from < items.length; from++)
      for (let to = from + 1; to < Math.min(items.length, from + 1 + maxSteps); to++) {
        const row = followers[items[from]!]!;
        row.set(items[to]!, (row.get(items[to]!) ?? 0) + 1 / (to - from));
      }
  return {
    name: "sequential-rules",
    addScores(session, scores) {
      for (const [item, weight] of followers[session.at(-1) ?? -1] ?? []) scores[item]! += weight;
    },
  };
}

/** What the session itself has seen: each click counts .8 of the one after it. Shoppers go back to what they looked at. */
export function revisits(): SessionScorer {
  return {
    name: "revisits",
    addScores(session, scores) {
      session.forEach((item, at) => {
        if (item >= 0) scores[item]! += 0.8 ** (session.length - 1 - at);
      });
    },
  };
}

/** Weighted sum of the members' scores, each divided by its maximum: the best vote of a member counts its weight. */
export function blendSessions(
  name: string,
  members: readonly { readonly scorer: SessionScorer; readonly weight: number }[],
): SessionScorer {
  return {
    name,
    addScores(session, scores) {
      const own = new Float64Array(scores.length);
      for (const { scorer, weight } of members) {
        own.fill(0);
        scorer.addScores(session, own);
        const maximum = own.reduce((a, b) => Math.max(a, b), 0);
        if (maximum > 0)
          for (let item = 0; item < own.length; item++) scores[item]! += (weight * own[item]!) / maximum;
      }
    },
  };
}
