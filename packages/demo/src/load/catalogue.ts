import { insertMany, type Transaction } from "@almanac/db";
import { harvestWindows, lots, priceChanges, products, variants } from "@almanac/db/schema";
import { idFromName, marketDay } from "@almanac/kernel";
import { foods } from "../core/foods.ts";
import type { World } from "../core/model.ts";
import { stockToday } from "../core/orders-of-world.ts";
import { lastHarvest } from "./last-harvest.ts";
import { describe, shelfLife, storageTip } from "./product-words.ts";

/** Products, what they are sold by, when they are harvested, what they cost, and what was picked of them last. */
export async function insertCatalogue(tx: Transaction, world: World): Promise<void> {
  await insertMany(
    tx,
    products,
    world.products.map((product) => ({
      id: product.id,
      farmId: product.farm.id,
      slug: product.slug,
      name: product.name,
      description: describe(product),
      category: product.food.category,
      crop: product.food.crop,
      picture: product.food.picture,
      baseUnit: product.food.sale.baseUnit,
      isOrganic: product.farm.seed.isOrganic,
      snapEligible: !["flowers", "honey"].includes(product.food.category),
      isReplenishable: product.food.isReplenishable,
      storageTips: storageTip(product),
      shelfLifeDays: shelfLife(product),
      status: "live" as const,
      listedAt: product.listedAt,
      lastHarvestAt: lastHarvest(product, world.now),
      lowStockBase: 5 * product.food.sale.unitQuantityBase,
      createdAt: product.listedAt,
      updatedAt: product.listedAt,
    })),
  );
  await insertMany(
    tx,
    variants,
    world.products.map((product) => ({
      id: product.variantId,
      productId: product.id,
      name: product.food.sale.variantName,
      priceUnit: product.food.sale.priceUnit,
      unitPriceCents: product.priceCents,
      unitPricePer: product.food.sale.pricePer,
      unitQuantityBase: product.food.sale.unitQuantityBase,
      isWeighed: product.food.sale.isWeighed,
      position: 0,
    })),
  );
  await insertMany(
    tx,
    harvestWindows,
    foods.flatMap((food) => {
      if (!food.window) return [];
      const [firstDay, peakStart, peakEnd, lastDay] = food.window;
      const id = idFromName("demo/harvest-window", food.crop);
      return [{ id, crop: food.crop, region: "", kind: food.kind, firstDay, peakStart, peakEnd, lastDay }];
    }),
  );
  // The named products are on sale all year: from under glass when the field rests.
  await insertMany(
    tx,
    harvestWindows,
    world.products.flatMap(({ id, slug, food, isAlwaysStocked }) => {
      if (!isAlwaysStocked || !food.window) return [];
      const [firstDay, peakStart, peakEnd, lastDay] = food.window;
      const windowId = idFromName("demo/harvest-window", slug);
      const kind = "greenhouse" as const;
      return [
        {
          id: windowId,
          crop: food.crop,
          region: "",
          kind,
          productId: id,
          firstDay,
          peakStart,
          peakEnd,
          lastDay,
        },
      ];
    }),
  );
  await insertMany(
    tx,
    priceChanges,
    world.priceChanges.map((change) => ({
      variantId: change.product.variantId,
      oldPriceCents: change.oldPriceCents,
      newPriceCents: change.newPriceCents,
      reason: change.reason,
      changedAt: change.changedAt,
    })),
  );
  await insertMany(
    tx,
    lots,
    world.products.flatMap((product) => {
      const at = lastHarvest(product, world.now);
      const harvestedOn = marketDay(at, product.farm.market.seed.timeZone);
      const id = idFromName<(typeof lots.$inferInsert)["id"]>("demo/lot", product.slug);
      const quantityBase = stockToday(product, harvestedOn, world.seed);
      return quantityBase > 0
        ? [
            {
              id,
              productId: product.id,
              code: `L-${harvestedOn.slice(2).replaceAll("-", "")}`,
              harvestedOn,
              quantityBase,
            },
          ]
        : [];
    }),
  );
}
