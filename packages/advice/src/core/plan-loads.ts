import { loadOf, loadVan, partsOfCrate } from "./crates.ts";
import { beyond, expectedSales } from "./demand.ts";
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

/** What is on hand beside what is put aside for orders, once today's market is over. */
const freeBase = ({ onHandBase, sellingTodayBase = 0 }: ProductFacts): number =>
  onHandBase - sellingTodayBase;

/**
 * What there is for market days: what is put aside for their orders, and what is on hand beside it once today's market is
 * over.
 */
export const thereFor = (product: ProductFacts, ...days: readonly DayFacts[]): number =>
  Math.max(0, freeBase(product) + days.reduce((sum, { orderedBase }) => sum + orderedBase, 0));

/** What is earned on average by bringing a quantity of a product, in cents. */
export function profitOf(product: ProductFacts, day: DayFacts, quantityBase: number): number {
  return expectedProfit(day.demand, quantityBase, moneyOn(product, day)) / product.perBase;
}

interface DayLoad {
  readonly product: ProductFacts;
  readonly day: DayFacts;
}

/** What comes along as far as it is decided: what the farmer means to bring, never less than is ordered. */
const decidedBase = ({ plannedBase, orderedBase }: DayFacts): number | undefined =>
  plannedBase === undefined ? undefined : Math.max(plannedBase, orderedBase);

/** What comes along: what the farmer means to bring where that is decided, else what is best. */
export const comesAlong = ({ day, bringBase }: PlannedLoad): number => decidedBase(day) ?? bringBase;

/**
 * What to bring of everything, day by day: the best quantity of each product, in crates, within the van. A crate that goes
 * part-filled takes the room of a whole one. The markets of one calendar day share the van, the hands, and what there is of
 * what does not grow; what the farmer has planned is taken off first, and what likely sells is not there on the days after.
 */
export function planLoads(farm: FarmFacts): PlannedLoad[] {
  const all = farm.products.flatMap((product) => product.days.map((day): DayLoad => ({ product, day })));
  const byDay = Map.groupBy(all, ({ day }) => day.day);
  const left = new Map(farm.products.map((product) => [product, Math.max(0, freeBase(product))]));
  return [...byDay]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, loads]) => {
      const planned = planDay(loads, farm, left);
      for (const load of planned) {
        const { product, day } = load;
        const beside = Math.max(0, comesAlong(load) - day.orderedBase);
        const sold = expectedSales(beyond(day.demand, day.orderedBase), beside);
        left.set(product, Math.max(0, left.get(product)! - sold));
      }
      return planned;
    });
}

/** @param left what there is of each product beside what is put aside for orders, when the day comes */
function planDay(
  loads: readonly DayLoad[],
  { leaning, vanCrates = Infinity, handsCrates = Infinity }: FarmFacts,
  left: ReadonlyMap<ProductFacts, number>,
): PlannedLoad[] {
  const capacity = Math.min(vanCrates, handsCrates);
  const limit = handsCrates < vanCrates ? "hands" : "van";
  const best = loads.map(({ product, day }) => {
    const earned = criticalRatio(moneyOn(product, day));
    const ratio = leanedRatio(earned, leaning);
    return { ratio, base: earned === 0 ? 0 : bestQuantity(day.demand, ratio) };
  });
  const most = shareStock(
    loads,
    best.map(({ base }) => base),
    left,
  );
  const wanted = loads.map(({ product, day }, at) => {
    const possible = Math.min(best[at]!.base, most[at]!);
    const base = Math.min(most[at]!, loadOf(possible, product.crateBase, day.orderedBase));
    return { base, crates: Math.ceil(base / product.crateBase), isAllThereIs: possible < best[at]!.base };
  });
  const given = loadVan(
    loads.map(({ product, day }, at) => {
      const decided = decidedBase(day);
      const promised = Math.ceil((decided ?? day.orderedBase) / product.crateBase);
      const { base, crates } = wanted[at]!;
      // The last crate may go part-filled.
      const profit = (count: number): number =>
        profitOf(product, day, Math.min(count * product.crateBase, base));
      return {
        wanted: decided === undefined ? crates : promised,
        promised,
        worth: (crate) => profit(crate) - profit(crate - 1),
      };
    }),
    capacity === Infinity ? undefined : capacity,
  );
  const spare = Math.max(0, capacity - given.reduce((sum, crates) => sum + crates, 0));
  return loads.map(({ product, day }, at) => {
    const { base, crates, isAllThereIs } = wanted[at]!;
    // Of what is planned, what would be best is told as far as there is room beside the rest.
    const room = given[at]! + (day.plannedBase === undefined ? 0 : spare);
    const isCapped = room < crates;
    return {
      product,
      day,
      ratio: best[at]!.ratio,
      bringBase: isCapped ? room * product.crateBase : base,
      isAllThereIs,
      isCapped,
      ...(isCapped && { limit }),
    };
  });
}

/**
 * The most that can come along of each load of one calendar day: what grows can be picked, but what is made or bought cannot
 * be more than is there. Where two markets want more of it together, each part goes where it earns more, once what is planned
 * has been taken off.
 *
 * @param best what would be best of each, in base units
 */
function shareStock(
  loads: readonly DayLoad[],
  best: readonly number[],
  left: ReadonlyMap<ProductFacts, number>,
): number[] {
  const most = loads.map(({ product, day }) =>
    product.isGrown ? Infinity : left.get(product)! + day.orderedBase,
  );
  const open = loads.flatMap(({ product, day }, at) =>
    !product.isGrown && day.plannedBase === undefined ? [at] : [],
  );
  for (const [product, ofProduct] of Map.groupBy(open, (at) => loads[at]!.product)) {
    const planned = loads.reduce(
      (sum, { product: other, day }) =>
        other === product ? sum + Math.max(0, (day.plannedBase ?? 0) - day.orderedBase) : sum,
      0,
    );
    const free = Math.max(0, left.get(product)! - planned);
    const beside = ofProduct.map((at) => Math.max(0, best[at]! - loads[at]!.day.orderedBase));
    // A load alone takes what there is.
    const part = Math.max(1, product.crateBase / partsOfCrate);
    const shares =
      ofProduct.length === 1
        ? [free]
        : loadVan(
            ofProduct.map((at, n) => {
              const { day } = loads[at]!;
              const profit = (parts: number): number =>
                profitOf(product, day, day.orderedBase + parts * part);
              return {
                wanted: Math.ceil(beside[n]! / part),
                promised: 0,
                worth: (parts) => profit(parts) - profit(parts - 1),
              };
            }),
            Math.floor(free / part),
          ).map((parts) => parts * part);
    ofProduct.forEach((at, n) => (most[at] = shares[n]! + loads[at]!.day.orderedBase));
  }
  return most;
}
