import type { ItemScorer } from "../item-scorer.ts";

/** Steps after an item that still count as following it, by 1 over the steps. */
const furthest = 10;
/** Latest items of a history that are asked what follows them, and what each counts against the one after it. */
const depth = 5;
const decay = 0.7;

/**
 * What tends to come soon after the latest items of a history, where item-kNN only knows what the same people have: by the
 * steps between, over the root of how often the earlier one was taken.
 *
 * @param histories distinct items, oldest first
 */
export function fitSuccession(histories: readonly (readonly number[])[], itemCount: number): ItemScorer {
  const followers: Map<number, number>[] = Array.from({ length: itemCount }, () => new Map());
  const counts = new Float64Array(itemCount).fill(1);
  for (const items of histories)
    items.forEach((item, at) => {
      counts[item]!++;
      const row = followers[item]!;
      for (let to = at + 1; to < Math.min(items.length, at + 1 + furthest); to++)
        row.set(items[to]!, (row.get(items[to]!) ?? 0) + 1 / (to - at));
    });
  return {
    name: "succession",
    addScores({ items }, scores) {
      const latest = items.slice(-depth);
      latest.forEach((item, at) => {
        const weight = decay ** (latest.length - 1 - at) / Math.sqrt(counts[item]!);
        for (const [follower, closeness] of followers[item]!) scores[follower]! += weight * closeness;
      });
    },
  };
}
