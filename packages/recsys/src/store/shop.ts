import { sql } from "drizzle-orm";
import { comparablePriceCents, listCategories, listLiveProducts, listMarkets, type LiveProduct } from "@almanac/catalog";
import { rows, type Queryable } from "@almanac/db";
import { marketDay, type MarketId, type ProductId } from "@almanac/kernel";
import { dayIndex, seasonalScore, seasonPhase, windowsAt, type ProductSeason } from "@almanac/signals";
import type { SnapshotFarm, SnapshotProduct } from "../core/snapshot.ts";

export interface ShopMarket {
  readonly id: MarketId;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly windows: readonly { readonly opensAtMs: number; readonly closesAtMs: number }[];
}

/** What the service keeps of a product beside the snapshot's columns. */
export interface ShopProduct {
  readonly snapshot: SnapshotProduct;
  readonly name: string;
  readonly farmName: string;
  readonly marketIds: readonly MarketId[];
  readonly phase: string;
  /** Day on which its harvest ends, or returns: what "ending" and "coming" are sorted by. */
  readonly turnsOn?: string;
}

export interface LoadedShop {
  readonly products: ShopProduct[];
  readonly farms: SnapshotFarm[];
  readonly markets: ShopMarket[];
  /** Category names by slug. */
  readonly categories: Map<string, string>;
}

/** A farm is new, and keeps a share of the places, for so long after it joined. */
const newFarmDays = 90;

export async function loadShop(db: Queryable, now: Date): Promise<LoadedShop> {
  const live = await listLiveProducts(db, { now });
  return {
    products: live.map((product) => toShopProduct(product, now)),
    farms: await loadFarms(db, now),
    markets: await loadMarkets(db, now),
    categories: new Map((await listCategories(db)).map(({ slug, name }) => [slug, name])),
  };
}

/** Those of the products that are on sale, as they are now. */
export async function loadShopProducts(
  db: Queryable,
  productIds: readonly ProductId[],
  now: Date,
): Promise<ShopProduct[]> {
  const live = await listLiveProducts(db, { now, productIds });
  return live.map((product) => toShopProduct(product, now));
}

/** Markets in the order of their names, with the order windows that are not over. */
export async function loadMarkets(db: Queryable, now: Date): Promise<ShopMarket[]> {
  const windows = await rows<{ marketId: string; opensAtMs: number; closesAtMs: number }>(
    db,
    sql`
      select market_id::text as "marketId", (extract(epoch from opens_at) * 1000)::float8 as "opensAtMs",
        (extract(epoch from closes_at) * 1000)::float8 as "closesAtMs"
      from order_windows where not is_cancelled and closes_at > ${now}::timestamptz`,
  );
  return (await listMarkets(db)).map(({ id, timeZone, latitude, longitude }) => ({
    id,
    timeZone,
    latitude,
    longitude,
    windows: windows.filter(({ marketId }) => marketId === id),
  }));
}

export async function loadFarms(db: Queryable, now: Date): Promise<SnapshotFarm[]> {
  const newAfter = new Date(now.getTime() - newFarmDays * 86_400_000);
  return rows<{ id: string; isNew: boolean }>(
    db,
    sql`select id::text as id, joined_at > ${newAfter}::timestamptz as "isNew" from farms order by id`,
  );
}

function toShopProduct(product: LiveProduct, now: Date): ShopProduct {
  const { farm, harvest, variants, baseUnit } = product;
  const day = marketDay(now, farm.timeZone);
  const today = epochDay(day);
  const season: ProductSeason = {
    windows: harvest?.windows ?? [],
    windowsHemisphere: harvest?.hemisphere,
    supply: harvest?.kind === "year_round" ? "year-round" : harvest?.kind,
    category: product.category.name,
  };
  const phase = seasonPhase(season, day, farm.latitude);
  const prices = variants.map((variant) => comparablePriceCents(variant, baseUnit));
  const cheapest = prices.indexOf(Math.min(...prices));
  const variant = variants[cheapest]!;
  const drop = variant.priceDrop ?? variants.find(({ priceDrop }) => priceDrop !== undefined)?.priceDrop;
  return {
    snapshot: {
      id: product.id,
      farmId: farm.id,
      category: product.category.name,
      unitPriceCents: prices[cheapest]!,
      unit: baseUnit,
      organic: product.isOrganic,
      listedDay: Math.max(epochDay(marketDay(product.listedAt, farm.timeZone)), backSince(season, day, farm.latitude)),
      // What has no harvest, and what comes from a store or a greenhouse out of season, is left to the categories.
      ...(phase.kind === "year-round" || phase.kind === "undated" || (phase.kind === "off" && season.supply !== "field")
        ? {}
        : { seasonality: phase.kind === "coming" ? 0 : seasonalScore(season, day, farm.latitude) }),
      ...("daysLeft" in phase ? { weeksLeft: Math.floor(phase.daysLeft / 7) } : {}),
      ...(drop && {
        previousUnitPriceCents: comparablePriceCents(
          { ...variant, unitPriceCents: drop.previousPriceCents },
          baseUnit,
        ),
        priceChangedDay: Math.min(today, epochDay(marketDay(drop.changedAt, farm.timeZone))),
      }),
    },
    name: product.name,
    farmName: farm.name,
    marketIds: farm.marketIds,
    phase: phase.kind,
    ...("until" in phase ? { turnsOn: phase.until } : {}),
    ...(phase.kind === "coming" ? { turnsOn: phase.from } : {}),
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
