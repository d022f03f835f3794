import type { Basket, BasketLog } from "../baskets.ts";
import { fitEase } from "../ease.ts";
import type { ItemHistory, ItemScorer } from "../item-scorer.ts";
import { packRows } from "../sparse.ts";

/** Beyond this the model costs more than the trees; columns of it are "not known" there. */
const mostItems = 2_000;

/** How well an item goes with all that a user ever bought, by EASE over users; undefined where the catalogue is too large. */
export function fitUserTaste(log: BasketLog): ItemScorer | undefined {
  if (log.itemCount > mostItems) return undefined;
  const histories = log.byUser.map(historyOf);
  return fitEase(
    packRows(
      histories.length,
      log.itemCount,
      histories.flatMap(({ items }, user) => items.map(() => user)),
      histories.flatMap(({ items }) => items),
      histories.flatMap(({ weights }) => weights),
    ),
    { lambda: 300 },
  );
}

/** Distinct items; the tenth purchase says less than the first: 1 + ln(purchases). */
export function historyOf(past: readonly Basket[]): ItemHistory {
  const counts = new Map<number, number>();
  for (const { items } of past) for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return { items: [...counts.keys()], weights: [...counts.values()].map((count) => 1 + Math.log(count)) };
}
