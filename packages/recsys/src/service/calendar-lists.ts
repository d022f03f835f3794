import { excludedProducts, orderedSlate } from "../core/slate/slate.ts";
import type { SingleReason, SlateOptions } from "../core/slate/slate.ts";
import type { RecsysSnapshot } from "../core/snapshot/snapshot.ts";
import type { Slate } from "../core/types.ts";
import type { Situation } from "./situation.ts";
import type { World } from "./world.ts";

/** Whole weeks that a harvest is called ending in. */
const weeksAhead = 3;

/**
 * What the harvest brings within three weeks, the soonest first. It is not on sale yet, so stock is not asked about; its
 * farm has to be at the market all the same.
 */
export function comingSoon(situation: Situation, limit: number): Slate {
  const { productIds } = situation.world.snapshot;
  return calendarSlate(situation, "coming", limit, {
    availability: (index) => situation.isSold(productIds[index] ?? ""),
  });
}

/** What will be gone within three weeks, the soonest first. */
export function endingSoon(situation: Situation, limit: number, options: SlateOptions): Slate {
  return calendarSlate(situation, "ending", limit, options);
}

function calendarSlate(
  { world, request }: Situation,
  phase: "coming" | "ending",
  limit: number,
  options: SlateOptions,
): Slate {
  const { snapshot } = world;
  const excluded = excludedProducts(snapshot, request);
  const muted = new Set(
    (request.deletedCategories ?? []).flatMap((name) => snapshot.categoryIndex.get(name) ?? []),
  );
  // One farm's list of ten beans would hide everybody else's.
  const perFarm = new Map<number, number>();
  const fair: number[] = [];
  const { farm: farms, category: categories } = snapshot.columns;
  for (const index of turningSoon(world, phase)) {
    if (excluded.has(index) || muted.has(categories[index]!)) continue;
    const farm = farms[index]!;
    const count = (perFarm.get(farm) ?? 0) + 1;
    perFarm.set(farm, count);
    if (count <= 2) fair.push(index);
  }
  return orderedSlate(
    snapshot,
    { ...request, limit },
    rankedFrom(fair, snapshot),
    { algorithm: "seasonal", reason: "SEASONAL" },
    options,
  );
}

/** One by one, as hardly any of them is looked at. */
function* rankedFrom(products: readonly number[], { columns }: RecsysSnapshot): Generator<SingleReason> {
  for (const [rank, product] of products.entries())
    yield {
      product,
      score: 1 - rank / products.length,
      confidence: 1,
      metadata: calendarFacts(columns.weeksLeft[product] ?? -1),
    };
}

/** The same for everybody until a product changes, so it is found and sorted once. */
function turningSoon(world: World, phase: "coming" | "ending"): readonly number[] {
  return (world.calendar[phase] ??= [...world.products.values()]
    .filter((product) => product.phase === phase)
    .flatMap(({ snapshot: { id, weeksLeft }, turnsOn = "" }) => {
      const index = world.snapshot.productIndex.get(id);
      // What is past its peak may go on for months.
      const isSoon = phase === "coming" || (weeksLeft ?? 0) < weeksAhead;
      return index === undefined || !isSoon ? [] : [{ index, turnsOn }];
    })
    .sort((a, b) => (a.turnsOn < b.turnsOn ? -1 : a.turnsOn > b.turnsOn ? 1 : a.index - b.index))
    .map(({ index }) => index));
}

function calendarFacts(weeksLeft: number): { weeksLeft?: number } {
  return weeksLeft >= 0 ? { weeksLeft } : {};
}
