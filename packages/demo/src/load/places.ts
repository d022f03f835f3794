import { insertMany, type Transaction } from "@almanac/db";
import {
  categories,
  farms,
  marketFarms,
  markets,
  orderWindows,
  pickupSlots,
  shoppers,
} from "@almanac/db/schema";
import { days, seededRng } from "@almanac/kernel";
import { categoriesInShopOrder } from "../core/categories.ts";
import type { World } from "../core/model.ts";
import { marketRow } from "../market-row.ts";

/** Categories, markets, farms and the days that one can order for. */
export async function insertPlaces(tx: Transaction, world: World): Promise<void> {
  await insertMany(
    tx,
    categories,
    categoriesInShopOrder.map((category, position) => ({ ...category, position })),
  );
  await insertMany(
    tx,
    markets,
    world.markets.map(({ id, seed }, n) =>
      marketRow(id, seed, new Date(world.now.getTime() - days(1000 - n))),
    ),
  );
  await insertMany(
    tx,
    farms,
    world.farms.map(({ id, seed, market, latitude, longitude, joinedAt }) => ({
      id,
      slug: seed.slug,
      name: seed.name,
      story: seed.story,
      town: seed.town,
      latitude,
      longitude,
      isOrganic: seed.isOrganic,
      acceptsSnap: market.seed.acceptsSnap,
      picture: seed.picture,
      joinedAt,
    })),
  );
  await insertMany(
    tx,
    marketFarms,
    world.farms.map(({ id, seed, market, joinedAt }) => ({
      marketId: market.id,
      farmId: id,
      stall: seed.stall,
      joinedAt,
    })),
  );
  await insertMany(
    tx,
    orderWindows,
    world.marketDays.map((day) => ({
      id: day.windowId,
      marketId: day.market.id,
      marketDay: day.day,
      opensAt: day.opensAt,
      closesAt: day.closesAt,
    })),
  );
  await insertMany(
    tx,
    pickupSlots,
    world.marketDays.flatMap((day) => day.slots.map((slot) => ({ ...slot, orderWindowId: day.windowId }))),
  );
}

export async function insertShoppers(tx: Transaction, world: World): Promise<void> {
  const rng = seededRng(world.seed).fork("homes");
  await insertMany(
    tx,
    shoppers,
    world.shoppers.map((shopper) => ({
      id: shopper.id,
      origin: "demo",
      trackingConsent: "granted" as const,
      personalise: true,
      marketId: shopper.market.id,
      latitude: shopper.market.seed.latitude + 0.08 * rng.normal(),
      longitude: shopper.market.seed.longitude + 0.08 * rng.normal(),
      createdAt: shopper.joinedAt,
      lastSeenAt: world.now,
    })),
  );
}
