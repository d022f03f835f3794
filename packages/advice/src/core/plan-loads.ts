import { loadOf, loadVan } from "./crates.ts";
import type { DayFacts, FarmFacts, ProductFacts } from "./facts.ts";
import { bestQuantity, criticalRatio, expectedProfit, leanedRatio } from "./newsvendor.ts";
import { moneyOn } from "./shelf-life.ts";

/** What to bring of one product to one market day. */
export interface PlannedLoad {
  readonly product: ProductFacts;
  readonly day: DayFacts;
  /** Share of cases in which demand is met by what is best, leaning included. */
  readonly ratio: number;
  /** Base units, in whole crates; less than three of them in tenths of one. */
  readonly bringBase: number;
  /** What would be best is not there, and does not grow. */
  readonly isAllThereIs: boolean;
  /** There was no room in the van, or no hands, for what would be best. */
  readonly isCapped: boolean;
  /** Which of the two, where one is. */
  readonly limit?: "van" | "hands";
}

/**
 * What there is for a market day: what is put aside for its orders, and what is on hand beside it once today's market is
 * over.
 */
export const thereFor = (product: ProductFacts, day: DayFacts): number =>
  Math.max(0, product.onHandBase - (product.sellingTodayBase ?? 0) + day.orderedBase);

/** What is earned on average by bringing a quantity of a product, in cents. */
export function profitOf(product: ProductFacts, day: DayFacts, quantityBase: number): number {
  return expectedProfit(day.demand, quantityBase, moneyOn(product, day)) / product.perBase;
}

/**
 * What to bring of everything, day by day: the best quantity of each product, in crates, within the van. A crate that goes
 * part-filled takes the room of a whole one.
 */
export function planLoads(farm: FarmFacts): PlannedLoad[] {
  const all = farm.products.flatMap((product) => product.days.map((day) => ({ product, day })));
  const byDay = Map.groupBy(all, ({ day }) => `${day.marketId} ${day.day}`);
  return [...byDay.values()].flatMap((loads) => planDay(loads, farm));
}

function planDay(
  loads: readonly { product: ProductFacts; day: DayFacts }[],
  { leaning, vanCrates = Infinity, handsCrates = Infinity }: FarmFacts,
): PlannedLoad[] {
  const capacity = Math.min(vanCrates, handsCrates);
  const limit = handsCrates < vanCrates ? "hands" : "van";
  const wanted = loads.map(({ product, day }) => {
    const earned = criticalRatio(moneyOn(product, day));
    const ratio = leanedRatio(earned, leaning);
    const best = earned === 0 ? 0 : bestQuantity(day.demand, ratio);
    // What is made or bought cannot be more on Saturday than is there; what grows can be picked.
    const most = product.isGrown ? Infinity : thereFor(product, day);
    const possible = Math.min(best, most);
    const base = Math.min(most, loadOf(possible, product.crateBase, day.orderedBase));
    return { ratio, base, crates: Math.ceil(base / product.crateBase), isAllThereIs: possible < best };
  });
  const given = loadVan(
    loads.map(({ product, day }, at) => ({
      wanted: wanted[at]!.crates,
      promised: Math.ceil(day.orderedBase / product.crateBase),
      worth: (crate) =>
        profitOf(product, day, crate * product.crateBase) -
        profitOf(product, day, (crate - 1) * product.crateBase),
    })),
    capacity === Infinity ? undefined : capacity,
  );
  return loads.map(({ product, day }, at) => ({
    product,
    day,
    ratio: wanted[at]!.ratio,
    bringBase: given[at]! < wanted[at]!.crates ? given[at]! * product.crateBase : wanted[at]!.base,
    isAllThereIs: wanted[at]!.isAllThereIs,
    isCapped: given[at]! < wanted[at]!.crates,
    ...(given[at]! < wanted[at]!.crates && { limit }),
  }));
}
