import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { ndcgAtK } from "../ranking-metrics.ts";
import { fitSessionKnn } from "../session-knn.ts";
import type { SessionLog, SessionScorer } from "../session-knn.ts";
import { topK } from "../../scores/top-k.ts";
import { fitLearnedSession } from "./learned-session.ts";
import { sessionCandidates, sessionFeatureCount } from "./session-features.ts";
import { fitSessionSources } from "./session-sources.ts";

const itemCount = 40;

/** Walks along a ring of 40 items, mostly a step ahead; one click in four goes back to where the session began. */
function ringSessions(count: number, seed: number): SessionLog {
  const rng = seededRng(seed);
  const sessions = Array.from({ length: count }, () => {
    const start = rng.int(itemCount);
    let at = start;
    return Array.from({ length: 6 }, (_, click) => {
      if (click > 0) at = rng.next() < 0.25 ? start : (at + (rng.next() < 0.8 ? 1 : 2)) % itemCount;
      return at;
    });
  });
  return { itemCount, sessions, endedAt: sessions.map((_, session) => session) };
}

function listFor(scorer: SessionScorer, session: readonly number[]): number[] {
  const scores = new Float64Array(itemCount);
  scorer.addScores(session, scores);
  return topK(scores, 10, (item) => scores[item]! > 0);
}

function meanNdcg(scorer: SessionScorer, { sessions }: SessionLog): number {
  const clicks = sessions.flatMap((items) =>
    items.slice(1).map((next, at) => ndcgAtK(listFor(scorer, items.slice(0, at + 1)), new Set([next]), 10)),
  );
  return clicks.reduce((a, b) => a + b, 0) / clicks.length;
}

describe("the learned session", () => {
  const log = ringSessions(400, 1);
  const learned = fitLearnedSession(log, { rng: seededRng(1), trees: 60 });

  it("finds both the next step and the way back, better than sessions alike by themselves", () => {
    const later = ringSessions(60, 2);
    expect(meanNdcg(learned, later)).toBeGreaterThan(meanNdcg(fitSessionKnn(log), later) + 0.05);
    expect(listFor(learned, [3, 4, 5]).slice(0, 3)).toContain(6);
    expect(listFor(learned, [3, 4, 5]).slice(0, 4)).toContain(3);
  });

  it("gives the same bits for the same seed", () => {
    const again = fitLearnedSession(log, { rng: seededRng(1), trees: 60 });
    const [one, other] = [new Float64Array(itemCount), new Float64Array(itemCount)];
    learned.addScores([7, 8], one);
    again.addScores([7, 8], other);
    expect(one).toEqual(other);
  });

  it("is the plain sum of its sources where there is hardly a session to learn from", () => {
    const few = fitLearnedSession(ringSessions(12, 3), { rng: seededRng(1) });
    const scores = new Float64Array(itemCount);
    few.addScores([3, 4], scores);
    expect(Math.max(...scores)).toBe(1);
  });

  it("learns from the fifths before the latest one where that has too few clicks", () => {
    // The latest fifth of 70 sessions asks 70 questions, and a hundred are the fewest; the plain sum gives its best item 1.
    const scores = new Float64Array(itemCount);
    fitLearnedSession(ringSessions(70, 3), { rng: seededRng(1), trees: 5 }).addScores([3, 4], scores);
    expect(Math.max(...scores)).toBeLessThan(1);
  });

  it("says nothing of what it does not know, and ranks by the rest of a session", () => {
    expect(listFor(learned, [-1])).toEqual([]);
    expect(listFor(learned, [])).toEqual([]);
    expect(listFor(learned, [10, -1]).length).toBeGreaterThan(0);
    const nobody = fitLearnedSession({ itemCount, sessions: [], endedAt: [] }, { rng: seededRng(1) });
    expect(listFor(nobody, [1])).toEqual([1]);
  });
});

describe("features of a session's candidates", () => {
  it("are finite, one row an item, the likeliest by the plain sum first", () => {
    const sources = fitSessionSources(ringSessions(100, 4));
    const { items, values } = sessionCandidates(sources, [5, 6, 5]);
    expect(values).toHaveLength(items.length * sessionFeatureCount);
    expect(values.every(Number.isFinite)).toBe(true);
    const sums = items.map((_, row) => values[row * sessionFeatureCount]!);
    expect(sums).toEqual(sums.toSorted((a, b) => b - a));
  });

  it("count transitions, repeats and company", () => {
    const sources = fitSessionSources({
      itemCount: 4,
      sessions: [
        [0, 1, 1],
        [0, 1],
      ],
      endedAt: [1, 2],
    });
    expect(sources.after[0]!.get(1)).toBe(2);
    expect(sources.before[1]!.get(0)).toBe(2);
    expect([...sources.repeats]).toEqual([0, 1, 0, 0]);
    expect([...sources.clicks]).toEqual([2, 3, 0, 0]);
    expect(sources.together[1]!.get(0)).toBe(2);
    expect(sources.recentClicks[2]![0]).toBeLessThan(2);
  });
});
