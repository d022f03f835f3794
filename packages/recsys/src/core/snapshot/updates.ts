import { invariant } from "@almanac/kernel";
import { emptyColumns, spareRows, writeProduct } from "./build-snapshot.ts";
import type {
  OverlayOrder,
  ProductColumns,
  RecsysSnapshot,
  SnapshotFarm,
  SnapshotOrder,
  SnapshotProduct,
  SnapshotSignal,
} from "./snapshot.ts";

/**
 * An order placed since the build: counts at once in the shopper's own history, in trending and in bought-together.
 * Neighbours and intervals learn of it with the next build. Unknown products are left out.
 */
export function applyOrder(snapshot: RecsysSnapshot, order: SnapshotOrder): void {
  const products = [...new Set(order.productIds)].flatMap((id) => snapshot.productIndex.get(id) ?? []);
  if (order.marketId !== undefined && !snapshot.marketIndex.has(order.marketId))
    snapshot.marketIndex.set(order.marketId, snapshot.marketIndex.size);
  const market = order.marketId === undefined ? -1 : snapshot.marketIndex.get(order.marketId)!;
  const applied: OverlayOrder = { shopperId: order.shopperId, day: order.day, market, products };
  const { overlay, columns } = snapshot;
  overlay.orders.push(applied);
  append(overlay.ordersByShopper, order.shopperId, applied);
  snapshot.basketTotal++;
  for (const product of products) {
    columns.basketCount[product]!++;
    const partners = overlay.together.get(product) ?? new Map<number, number>();
    overlay.together.set(product, partners);
    for (const partner of products)
      if (partner !== product) partners.set(partner, (partners.get(partner) ?? 0) + 1);
  }
  overlay.revision++;
}

/** A view, wish, search or follow since the build: shapes the shopper's profile in the very next request. */
export function applySignal(snapshot: RecsysSnapshot, signal: SnapshotSignal): void {
  append(snapshot.overlay.signalsByShopper, signal.shopperId, signal);
}

/**
 * A new unit price. The price before it is kept for "was"; unknown products are ignored, as they come with `applyProduct`.
 *
 * @throws InvariantError if the price is not a whole number of cents >= 0
 */
export function applyPrice(
  snapshot: RecsysSnapshot,
  productId: string,
  unitPriceCents: number,
  day: number,
): void {
  invariant(Number.isInteger(unitPriceCents) && unitPriceCents >= 0, "unit price is not whole cents >= 0");
  const product = snapshot.productIndex.get(productId);
  if (product === undefined) return;
  const { columns } = snapshot;
  columns.previousUnitPriceCents[product] = columns.unitPriceCents[product]!;
  columns.unitPriceCents[product] = unitPriceCents;
  columns.priceChangedDay[product] = day;
  snapshot.overlay.revision++;
}

/**
 * Lists a product, or writes a changed one over its row. Its farm must be known, or given.
 *
 * A changed unit price is best told by `applyPrice`, which keeps the old one.
 */
export function applyProduct(snapshot: RecsysSnapshot, product: SnapshotProduct, farm?: SnapshotFarm): void {
  if (farm !== undefined && !snapshot.farmIndex.has(farm.id)) addFarm(snapshot, farm);
  if (!snapshot.categoryIndex.has(product.category)) {
    snapshot.categoryIndex.set(product.category, snapshot.categories.push(product.category) - 1);
    snapshot.productsByCategory.push([]);
  }
  const known = snapshot.productIndex.get(product.id);
  const row = known ?? snapshot.productIds.length;
  if (known !== undefined) {
    remove(snapshot.productsByCategory[snapshot.columns.category[row]!]!, row);
    remove(snapshot.productsByFarm[snapshot.columns.farm[row]!]!, row);
  } else if (row >= snapshot.columns.farm.length) {
    snapshot.columns = grownColumns(snapshot.columns, row);
  }
  const { columns } = snapshot;
  writeProduct(columns, row, product, snapshot, snapshot.newFarms);
  if (known === undefined) {
    snapshot.productIds.push(product.id);
    snapshot.productIndex.set(product.id, row);
  }
  snapshot.productsByCategory[columns.category[row]!]!.push(row);
  snapshot.productsByFarm[columns.farm[row]!]!.push(row);
  snapshot.overlay.revision++;
  snapshot.overlay.productRevision++;
}

function addFarm(snapshot: RecsysSnapshot, farm: SnapshotFarm): void {
  const row = snapshot.farmIds.push(farm.id) - 1;
  snapshot.farmIndex.set(farm.id, row);
  snapshot.productsByFarm.push([]);
  if (farm.isNew) snapshot.newFarms.add(row);
}

function grownColumns(columns: ProductColumns, count: number): ProductColumns {
  const larger = emptyColumns(count + spareRows(count));
  for (const name of Object.keys(larger) as (keyof ProductColumns)[]) larger[name].set(columns[name]);
  return larger;
}

function remove(rows: number[], row: number): void {
  const at = rows.indexOf(row);
  if (at >= 0) rows.splice(at, 1);
}

function append<Key, Value>(groups: Map<Key, Value[]>, key: Key, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
