import { comparablePriceCents, type LiveVariant } from "@almanac/catalog";
import { marketDay, roundHalfUp } from "@almanac/kernel";
import {
  dayIndex,
  seasonalScore,
  seasonPhase,
  windowsAt,
  type ProductSeason,
  type SeasonPhase,
  type ShopEntry,
} from "@almanac/signals";
import type { SnapshotProduct } from "../core/snapshot/snapshot.ts";

/** A product on sale as recommendations read it. */
export interface ShopProduct {
  /** Of the shop window; another object when the product changed. */
  readonly source: ShopEntry["product"];
  readonly snapshot: SnapshotProduct;
  readonly phase: SeasonPhase["kind"];
  /** Day on which its harvest ends, or begins: what "ending" and "coming" are sorted by. */
  readonly turnsOn?: string;
}

/** What the snapshot needs to know of an entry of the shop window. */
export function toShopProduct({ product, season }: ShopEntry, now: Date): ShopProduct {
  const { farm, variants, baseUnit } = product;
  const day = marketDay(now, farm.timeZone);
  const phase = seasonPhase(season, day, farm.latitude);
  const prices = variants.map((variant) => comparablePriceCents(variant, baseUnit));
  const cheapest = prices.indexOf(Math.min(...prices));
  const listedDay = epochDay(marketDay(product.listedAt, farm.timeZone));
  return {
    source: product,
    snapshot: {
      id: product.id,
      farmId: farm.id,
      category: product.category.name,
      crop: product.crop,
      unitPriceCents: prices[cheapest]!,
      unit: baseUnit,
      organic: product.isOrganic,
      listedDay: Math.max(listedDay, backSince(season, day, farm.latitude)),
      ...(isDated(phase, season) && { seasonality: seasonalScore(season, day, farm.latitude) }),
      ...("daysLeft" in phase && { weeksLeft: Math.floor(phase.daysLeft / 7) }),
      ...priceBefore(variants, cheapest, (variant) => comparablePriceCents(variant, baseUnit), {
        dayOf: (at) => epochDay(marketDay(at, farm.timeZone)),
      }),
    },
    phase: phase.kind,
    ...("until" in phase && { turnsOn: phase.until }),
    ...(phase.kind === "coming" && { turnsOn: phase.from }),
  };
}

/**
 * Whether the harvest says how much in season it is. What has none, and what comes from a store or a greenhouse while
 * nothing is harvested, is left to the categories.
 */
function isDated(phase: SeasonPhase, { supply }: ProductSeason): boolean {
  if (phase.kind === "year-round" || phase.kind === "undated") return false;
  return (phase.kind !== "off" && phase.kind !== "coming") || supply === undefined || supply === "field";
}

/** What the cheapest variant cost before a genuine drop; when another variant dropped, before one in proportion. */
function priceBefore(
  variants: readonly LiveVariant[],
  cheapest: number,
  comparable: (variant: LiveVariant) => number,
  { dayOf }: { dayOf: (at: Date) => number },
): Pick<SnapshotProduct, "previousUnitPriceCents" | "priceChangedDay"> {
  const shown = variants[cheapest]!;
  const dropped = shown.priceDrop ? shown : variants.find(({ priceDrop }) => priceDrop);
  if (!dropped?.priceDrop || dropped.unitPriceCents === 0) return {};
  const { previousPriceCents, changedAt } = dropped.priceDrop;
  const unitPriceCents = roundHalfUp((shown.unitPriceCents * previousPriceCents) / dropped.unitPriceCents);
  return {
    previousUnitPriceCents: comparable({ ...shown, unitPriceCents }),
    priceChangedDay: dayOf(changedAt),
  };
}

/** The day on which the latest harvest began; 0 when none is known. */
function backSince(season: ProductSeason, day: string, latitude: number): number {
  const index = dayIndex(day);
  const ago = windowsAt(season, latitude).map(({ firstDay }) => (index - dayIndex(firstDay) + 365) % 365);
  return ago.length === 0 ? 0 : epochDay(day) - Math.min(...ago);
}

/** Days since 1970-01-01 of a calendar day. */
export function epochDay(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}
