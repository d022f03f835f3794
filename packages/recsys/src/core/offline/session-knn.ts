import { topK } from "../scores/top-k.ts";

export interface SessionKnnOptions {
  /** Most alike sessions whose items are counted. */
  readonly neighbours?: number;
  /** Most recent sessions that are compared at all. */
  readonly sample?: number;
  /** How much an item of the running session weighs by its age in clicks: linearly less, or e^(-age / 2). */
  readonly positionWeight?: "linear" | "exponential";
  /** Exponent of a past session's length in the denominator: .5 is the cosine, less favours long ones. */
  readonly lengthExponent?: number;
  /** Shared items count by how particular they are, not alike. */
  readonly particularItems?: boolean;
  /** Days, or whatever `endedAt` counts, after which a session counts half; Infinity keeps all alike. */
  readonly halfLife?: number;
}

/** Items of the past sessions, each in order of time, and when each session ended. */
export interface SessionLog {
  readonly itemCount: number;
  readonly sessions: readonly (readonly number[])[];
  /** Any unit; only the order is read, unless there is a half-life. */
  readonly endedAt: ArrayLike<number>;
}

export interface SessionScorer {
  readonly name: string;
  addScores(session: readonly number[], scores: Float64Array): void;
}

/**
 * V-SKNN: sessions alike by what was seen last vote for their items.
 *
 * The running session weighs its items linearly by position (the last counts 1). A neighbour's similarity is the sum of
 * the weights of the items it shares, over the root of both lengths; its vote is that times a decay by how far back in
 * the running session the latest shared item lies, and a factor 1 + ln(sessions / sessions with the item) favours the
 * particular. Items of the running session may be voted for, as a third of the next clicks return to one.
 * The options change how likeness is counted; without them it is V-SKNN as published.
 * Ludewig & Jannach (2018), "Evaluation of session-based recommendation algorithms".
 */
export function fitSessionKnn(log: SessionLog, options: SessionKnnOptions = {}): SessionScorer {
  const { neighbours = 100, sample = 1_000, positionWeight = "linear", lengthExponent = 0.5 } = options;
  const { particularItems = false, halfLife = Infinity } = options;
  let latestEnd = -Infinity;
  for (let session = 0; session < log.sessions.length; session++)
    latestEnd = Math.max(latestEnd, log.endedAt[session]!);
  const bySession = log.sessions.map((items) => [...new Set(items)]);
  const sessionsOf: number[][] = Array.from({ length: log.itemCount }, () => []);
  bySession.forEach((items, session) => items.forEach((item) => sessionsOf[item]!.push(session)));
  for (const sessions of sessionsOf) sessions.sort((a, b) => log.endedAt[b]! - log.endedAt[a]! || b - a);
  const particularity = sessionsOf.map(
    (sessions) => 1 + Math.log(bySession.length / Math.max(1, sessions.length)),
  );

  return {
    name: "session-knn",
    addScores(session, scores) {
      const lastPosition = new Map<number, number>();
      session.forEach((item, position) => {
        if (item >= 0) lastPosition.set(item, position + 1);
      });
      const weights = new Map<number, number>();
      for (const [item, position] of lastPosition)
        weights.set(
          item,
          (positionWeight === "linear"
            ? position / session.length
            : Math.exp((position - session.length) / 2)) * (particularItems ? particularity[item]! : 1),
        );
      const candidates = recentSessions(lastPosition.keys(), sessionsOf, log.endedAt, sample);
      const similarities = candidates.map((candidate) => {
        const items = bySession[candidate]!;
        let sum = 0;
        for (const item of items) sum += weights.get(item) ?? 0;
        const likeness = sum / (items.length * lastPosition.size) ** lengthExponent;
        const age = latestEnd - log.endedAt[candidate]!;
        return halfLife === Infinity || !(age >= 0) ? likeness : likeness * 2 ** (-age / halfLife);
      });
      for (const at of topK(similarities, neighbours)) {
        const items = bySession[candidates[at]!]!;
        let latest = 0;
        for (const item of items) latest = Math.max(latest, lastPosition.get(item) ?? 0);
        const stepsBack = session.length - latest;
        const decay = Math.max(0, 1 - 0.1 * (stepsBack + 1));
        for (const item of items) scores[item]! += similarities[at]! * decay * particularity[item]!;
      }
    },
  };
}

function recentSessions(
  items: Iterable<number>,
  sessionsOf: readonly (readonly number[])[],
  endedAt: ArrayLike<number>,
  sample: number,
): number[] {
  const found = new Set<number>();
  // Each list is latest first, so `sample` of each hold the `sample` latest of all.
  for (const item of items) for (const session of sessionsOf[item]!.slice(0, sample)) found.add(session);
  return [...found].sort((a, b) => endedAt[b]! - endedAt[a]! || b - a).slice(0, sample);
}
