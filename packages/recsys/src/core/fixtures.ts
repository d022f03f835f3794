import type { SnapshotInput, SnapshotOrder, SnapshotProduct } from "./snapshot/snapshot.ts";
import type { ShopperRequest } from "./types.ts";

/** A market day for tests: 2025-08-16, a Saturday in summer. */
export const today = 20_316;

/** A product with every attribute set; tests change what they are about. */
export function aProduct(id: string, changes: Partial<SnapshotProduct> = {}): SnapshotProduct {
  return {
    id,
    farmId: "green-acre",
    category: "Vegetables",
    unitPriceCents: 400,
    unit: "g",
    organic: false,
    listedDay: today - 100,
    ...changes,
  };
}

export function anOrder(shopperId: string, daysAgo: number, ...productIds: string[]): SnapshotOrder {
  return { shopperId, day: today - daysAgo, productIds };
}

/** A snapshot's input with the farms that its products name; none of them new unless listed. */
export function aMarket(
  products: readonly SnapshotProduct[],
  orders: readonly SnapshotOrder[] = [],
  changes: Partial<SnapshotInput> & { newFarms?: readonly string[] } = {},
): SnapshotInput {
  const { newFarms = [], ...rest } = changes;
  const farmIds = [...new Set(products.map((product) => product.farmId))];
  return {
    day: today,
    products,
    farms: farmIds.map((id) => ({ id, isNew: newFarms.includes(id) })),
    orders,
    ...rest,
  };
}

export function aRequest(changes: Partial<ShopperRequest> = {}): ShopperRequest {
  return { day: today, season: "SUMMER", ...changes };
}

export const everythingAvailable = { availability: () => true };
