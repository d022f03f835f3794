import { topK } from "../../scores/top-k.ts";
import type { SessionScorer } from "../session-knn.ts";
import { hybridShares } from "./session-sources.ts";
import type { SessionSources } from "./session-sources.ts";

/** Items that may come next, the likeliest by the plain sum first, and a row of features for each. */
export interface SessionCandidates {
  readonly items: readonly number[];
  /** `items.length` x `sessionFeatureCount`. */
  readonly values: Float32Array;
}

const mostCandidates = 100;
/** Rank of an item that a model does not name among so many of its best. */
const unranked = 60;
/** Steps back of an item that the session has not seen. */
const unseen = 99;
/** What a click counts against the one after it. */
const fade = 0.7;

export const sessionFeatureCount = 27;

/**
 * What is known of each candidate: what sessions alike, rules and the session itself say and how they rank it; how often
 * it followed the last click, preceded it, and shared a session with the last two; how much it is clicked lately and all
 * along; when and how often the session saw it; how long the session is.
 *
 * @param session items, the last click last; -1 where one is not known
 */
export function sessionCandidates(sources: SessionSources, session: readonly number[]): SessionCandidates {
  const fading = shareOfBest(sources.fading, session, sources.itemCount);
  const plain = shareOfBest(sources.plain, session, sources.itemCount);
  const rules = shareOfBest(sources.rules, session, sources.itemCount);
  const own = shareOfBest(sources.revisits, session, sources.itemCount);
  const sum = fading.shares.map(
    (share, item) =>
      share + hybridShares.rules * rules.shares[item]! + hybridShares.revisits * own.shares[item]!,
  );
  const items = topK(sum, mostCandidates, (item) => sum[item]! > 0);
  const [plainRanks, ruleRanks] = [ranksOf(plain.shares), ranksOf(rules.shares)];
  const [last, previous] = [session.at(-1) ?? -1, session.at(-2) ?? -1];
  const after = sources.after[last];
  const followers = after === undefined ? 0 : [...after.values()].reduce((a, b) => a + b, 0);
  const distinct = new Set(session).size;
  const values = new Float32Array(items.length * sessionFeatureCount);
  items.forEach((item, rank) => {
    const { clicks, recentClicks, repeats } = sources;
    const latest = session.lastIndexOf(item);
    const first = session.indexOf(item);
    const followed = after?.get(item) ?? 0;
    values.set(
      [
        sum[item]!,
        rank,
        fading.shares[item]!,
        plain.shares[item]!,
        rules.shares[item]!,
        own.shares[item]! * own.best,
        plainRanks.get(item) ?? unranked,
        ruleRanks.get(item) ?? unranked,
        followed / (followers + 2),
        followed,
        sources.before[last]?.get(item) ?? 0,
        likeness(sources, last, item),
        likeness(sources, previous, item),
        ...recentClicks.map((recent) => Math.log1p(recent[item]!)),
        Math.log1p(clicks[item]!),
        recentClicks[0]![item]! / (recentClicks.at(-1)![item]! + 0.5),
        latest < 0 ? unseen : session.length - 1 - latest,
        session.reduce((times, seen) => times + (seen === item ? 1 : 0), 0),
        first < 0 ? unseen : session.length - 1 - first,
        session.length,
        distinct,
        Math.log1p(clicks[last] ?? 0),
        repeats[item]! / (clicks[item]! + 5),
        fading.shares[item]! * fading.best,
        companyOf(sources, session, item),
      ],
      rank * sessionFeatureCount,
    );
  });
  return { items, values };
}

/** A model's scores over their maximum; all 0 where it has nothing to say. */
function shareOfBest(
  scorer: SessionScorer,
  session: readonly number[],
  itemCount: number,
): { readonly shares: Float64Array; readonly best: number } {
  const shares = new Float64Array(itemCount);
  scorer.addScores(session, shares);
  const best = shares.reduce((a, b) => Math.max(a, b), 0);
  if (best > 0) for (let item = 0; item < itemCount; item++) shares[item]! /= best;
  return { shares, best };
}

function ranksOf(shares: Float64Array): Map<number, number> {
  return new Map(topK(shares, unranked, (item) => shares[item]! > 0).map((item, rank) => [item, rank]));
}

function likeness({ together, clicks }: SessionSources, from: number, to: number): number {
  if (from < 0) return 0;
  return (together[from]!.get(to) ?? 0) / Math.sqrt(clicks[from]! * clicks[to]! + 10);
}

/** How much the whole session keeps company with an item, older clicks less. */
function companyOf({ together, clicks }: SessionSources, session: readonly number[], item: number): number {
  let sum = 0;
  session.forEach((seen, at) => {
    if (seen < 0 || seen === item) return;
    sum += ((together[seen]!.get(item) ?? 0) / (clicks[seen]! + 5)) * fade ** (session.length - 1 - at);
  });
  return sum;
}
