import { behaviourScore, dayNumber, profileOf } from "@almanac/signals/core";
import type { NamedProfile, Taste } from "@almanac/signals/core";
import type { ShopIndex } from "./shop-index.ts";

type SlotScorer = (slot: number) => number;

/**
 * `behaviourScorer` by slot: how well the product in a slot of the index suits a shopper, 0 to 1, from columns alone.
 *
 * @returns `undefined` when nothing is known, or nothing may be used: then everybody sees one order
 */
export function slotScorer(
  { index, categoryName }: Pick<ShopIndex, "index" | "categoryName">,
  taste: Taste,
  now: Date,
): SlotScorer | undefined {
  if (!taste.mayPersonalise || taste.records.length === 0) return undefined;
  const { categories, farms, priceRange } = rememberedProfile(taste, now);
  if (categories.size === 0 && farms.size === 0) return undefined;
  const byCategory = new Float64Array(index.categories.names.length);
  for (const [slug, preference] of categories) {
    const at = index.categories.find(categoryName(slug) ?? slug);
    if (at !== undefined) byCategory[at] = preference;
  }
  const byFarm = new Float64Array(index.farms.names.length);
  for (const [id, preference] of farms) {
    const at = index.farms.find(id);
    if (at !== undefined) byFarm[at] = preference;
  }
  const least = priceRange?.minCents ?? Infinity;
  const most = priceRange?.maxCents ?? -Infinity;
  const { columns } = index;
  return (slot) => {
    const cents = columns.comparablePriceCents[slot]!;
    const isInRange = cents >= least && cents <= most;
    return behaviourScore(byCategory[columns.category[slot]!]!, isInRange, byFarm[columns.farm[slot]!]!);
  };
}

/** By the records it comes from: a taste reader gives the same ones until the shopper does something. Gone with them. */
const profiles = new WeakMap<Taste["records"], { readonly day: number; readonly profile: NamedProfile }>();

function rememberedProfile(taste: Taste, now: Date): NamedProfile {
  const day = dayNumber(now);
  const known = profiles.get(taste.records);
  if (known?.day === day) return known.profile;
  const profile = profileOf(taste, now);
  profiles.set(taste.records, { day, profile });
  return profile;
}
