import { type Advice, type AdviceType, type FarmFacts } from "./facts.ts";
import { planLoads } from "./plan-loads.ts";
import { rankOf } from "./priority.ts";
import { bringToMarket } from "./rules/bring-to-market.ts";
import { donate } from "./rules/donate.ts";
import { harvest } from "./rules/harvest.ts";
import { markDown } from "./rules/mark-down.ts";
import { plant, stopSelling } from "./rules/range.ts";
import { reallocate } from "./rules/reallocate.ts";
import { restock } from "./rules/restock.ts";

/**
 * What a farm is advised to do, the most pressing first, of those what waits least, and of those the most worth. One advice at most of each type
 * for a product and market day; what earns less than the farm finds worth its while is left out. What is given away has not
 * to be sold for less as well.
 */
export function advise(farm: FarmFacts): Advice[] {
  const loads = planLoads(farm);
  const byProduct = Map.groupBy(loads, ({ product }) => product);
  const found = [
    ...loads.flatMap((load) => bringToMarket(load, farm.now)),
    ...[...byProduct.values()].flatMap((ofProduct) => [
      ...harvest(ofProduct, farm),
      ...reallocate(ofProduct, farm),
    ]),
    ...farm.products.flatMap((product) => {
      const given = donate(product, farm);
      return [
        ...restock(product, farm),
        ...(given.length > 0 ? given : markDown(product, farm)),
        ...plant(product, farm),
        ...stopSelling(product, farm),
      ];
    }),
  ];
  const wanted = found.filter(
    ({ type, gainCents }) =>
      (gainCents ?? Infinity) >= Math.max(farm.leastGainCents[type] ?? 0, unasked.has(type) ? leastCents : 0),
  );
  return wanted.sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      (b.gainCents ?? 0) - (a.gainCents ?? 0) ||
      (adviceKey(a) < adviceKey(b) ? -1 : 1),
  );
}

/** What is not worth a line by itself, when it earns less than a euro or dollar. What has to be decided anyway always is. */
const unasked: ReadonlySet<AdviceType> = new Set([
  "HARVEST_MORE",
  "HARVEST_LESS",
  "MARK_DOWN",
  "REALLOCATE",
] satisfies AdviceType[]);
const leastCents = 100;

/** Tells an advice from every other of its farm. */
export const adviceKey = ({ type, productId, marketId, marketDay }: Advice): string =>
  [type, productId, marketId ?? "", marketDay ?? ""].join("/");
