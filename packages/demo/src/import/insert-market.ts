import { insertMany, type Transaction } from "@almanac/db";
import {
  categories,
  farms,
  marketFarms,
  markets,
  orderWindows,
  pickupSlots,
  priceChanges,
  products,
  shoppers,
  variants,
} from "@almanac/db/schema";
import { days, idFromName, type MarketId, type ShopperId } from "@almanac/kernel";
import { marketDaysOf } from "../core/calendar.ts";
import { marketSeeds } from "../core/places.ts";
import { marketRow } from "../market-row.ts";
import type { Assortment } from "./assortment.ts";
import type { ReceiptWorld } from "./receipt-orders.ts";
import type { ReceiptLine } from "./receipts.ts";

/** The only market of the imported receipts. */
export const marketId = idFromName<MarketId>("import/market", "completejourney");

/** One market where Riverside is, open every Saturday; the assigned farms stand around it. */
export async function insertPlace(tx: Transaction, assortment: Assortment, now: Date): Promise<void> {
  const seed = {
    ...marketSeeds[0]!,
    slug: "journey",
    name: "Journey Saturday Market",
    description: "A year of real grocery receipts, sold at one market.",
  };
  const yearAgo = new Date(now.getTime() - days(400));
  await insertMany(
    tx,
    categories,
    assortment.categories.map((category, position) => ({ ...category, position })),
  );
  await insertMany(tx, markets, [marketRow(marketId, seed, yearAgo)]);
  const around = (n: number): { latitude: number; longitude: number } => ({
    latitude: seed.latitude + 0.15 * Math.sin(n * 2.4),
    longitude: seed.longitude + 0.2 * Math.cos(n * 2.4),
  });
  await insertMany(
    tx,
    farms,
    assortment.farms.map((farm, n) => ({
      id: farm.id,
      slug: farm.slug,
      name: farm.name,
      story: "Sells part of one department of the imported receipts.",
      ...around(n),
      picture: "farmer",
      joinedAt: yearAgo,
    })),
  );
  await insertMany(
    tx,
    marketFarms,
    assortment.farms.map((farm, n) => ({
      marketId,
      farmId: farm.id,
      stall: String(n + 1),
      joinedAt: yearAgo,
    })),
  );
  const coming = marketDaysOf({ id: marketId, seed }, now, 7);
  await insertMany(
    tx,
    orderWindows,
    coming.map((day) => ({
      id: day.windowId,
      marketId,
      marketDay: day.day,
      opensAt: day.opensAt,
      closesAt: day.closesAt,
    })),
  );
  await insertMany(
    tx,
    pickupSlots,
    coming.flatMap((day) => day.slots.map((slot) => ({ ...slot, orderWindowId: day.windowId }))),
  );
}

/** The households, seen first when they bought first. */
export async function insertShoppers(
  tx: Transaction,
  lines: readonly ReceiptLine[],
  world: ReceiptWorld,
): Promise<void> {
  const firstSeen = new Map<string, number>();
  for (const line of lines) {
    firstSeen.set(line.household, Math.min(firstSeen.get(line.household) ?? Infinity, line.at.getTime()));
  }
  await insertMany(
    tx,
    shoppers,
    [...firstSeen].map(([household, firstMs]) => ({
      id: idFromName<ShopperId>("import/household", household),
      origin: "import",
      trackingConsent: "granted" as const,
      marketId,
      createdAt: new Date(firstMs + world.shiftMs),
      lastSeenAt: world.now,
    })),
  );
}

/** Products, their sizes, and what those cost when. */
export async function insertCatalogue(
  tx: Transaction,
  assortment: Assortment,
  world: ReceiptWorld,
): Promise<void> {
  const moved = (at: Date): Date => new Date(at.getTime() + world.shiftMs);
  await insertMany(
    tx,
    products,
    assortment.products.map((product) => ({
      id: product.id,
      farmId: product.farm.id,
      slug: product.slug,
      name: product.name,
      description: "",
      category: product.category,
      crop: "",
      picture: product.picture,
      baseUnit: "piece" as const,
      status: "live" as const,
      listedAt: moved(product.firstSoldAt),
      createdAt: moved(product.firstSoldAt),
      updatedAt: moved(product.firstSoldAt),
    })),
  );
  const all = assortment.products.flatMap((product) =>
    product.variants.map((variant, position) => ({ product, variant, position })),
  );
  await insertMany(
    tx,
    variants,
    all.map(({ product, variant, position }) => ({
      id: variant.id,
      productId: product.id,
      name: variant.name,
      priceUnit: variant.unitPricePer === 1 ? "each" : `${variant.unitPricePer}`,
      unitPriceCents: variant.prices.at(-1)!.unitPriceCents,
      unitPricePer: variant.unitPricePer,
      unitQuantityBase: 1,
      isWeighed: false,
      position,
    })),
  );
  await insertMany(
    tx,
    priceChanges,
    all.flatMap(({ variant }) =>
      variant.prices.slice(1).map((price, index) => ({
        variantId: variant.id,
        oldPriceCents: variant.prices[index]!.unitPriceCents,
        newPriceCents: price.unitPriceCents,
        reason: "receipts",
        changedAt: moved(price.at),
      })),
    ),
  );
}
