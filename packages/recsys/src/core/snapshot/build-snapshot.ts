import { invariant } from "@almanac/kernel";
import { learnNeighbours } from "../arms/neighbours.ts";
import { countCoOccurrence } from "./co-occurrence.ts";
import { packCsr, transposeCsr } from "./csr.ts";
import type { Csr } from "./csr.ts";
import { learnIntervals } from "./replenishment.ts";
import { unitCode } from "./snapshot.ts";
import type {
  OrderColumns,
  ProductColumns,
  RecsysSnapshot,
  SnapshotInput,
  SnapshotOrder,
  SnapshotProduct,
  SnapshotSignal,
} from "./snapshot.ts";

/**
 * Packs products, orders and signals into the columns that the serving path reads.
 *
 * Deterministic for equal input. Costs about 1 s for 10,000 products and 100,000 orders, so it belongs in a job.
 *
 * @throws InvariantError for a product id given twice, a product of an unknown farm, a price that is not a whole number
 *         of cents >= 0, or an order after `input.day`
 */
export function buildSnapshot(input: SnapshotInput): RecsysSnapshot {
  const productIndex = indexOf(
    input.products.map((product) => product.id),
    "product",
  );
  const farmIndex = indexOf(
    input.farms.map((farm) => farm.id),
    "farm",
  );
  const categoryIndex = new Map<string, number>();
  for (const product of input.products) numberOf(categoryIndex, product.category);
  const newFarms = new Set(input.farms.flatMap((farm, index) => (farm.isNew ? [index] : [])));

  const shopperIndex = new Map<string, number>();
  const marketIndex = new Map<string, number>();
  const orders = packOrders(input, productIndex, shopperIndex, marketIndex);
  const shopperCount = shopperIndex.size;
  const ordersByShopper = packCsr(shopperCount, orders.shopper, Int32Array.from(orders.shopper.keys()));
  const productCount = input.products.length;
  const shopperProducts = distinctProducts(ordersByShopper, orders.lines, productCount);
  const baskets =
    input.togetherWithin === "shopper-week" ? weeklyBaskets(orders, productCount) : orders.lines;

  const columns = emptyColumns(productCount + spareRows(productCount));
  const indexes = { farmIndex, categoryIndex, cropIndex: new Map<string, number>() };
  input.products.forEach((product, row) => writeProduct(columns, row, product, indexes, newFarms));
  columns.medianIntervalDays.set(learnIntervals(ordersByShopper, orders, productCount));
  for (const product of baskets.values) columns.basketCount[product]!++;
  rankPrices(columns, productCount);

  return {
    day: input.day,
    productIds: input.products.map((product) => product.id),
    productIndex,
    farmIds: input.farms.map((farm) => farm.id),
    ...indexes,
    categories: [...categoryIndex.keys()],
    marketIndex,
    shopperIds: [...shopperIndex.keys()],
    shopperIndex,
    columns,
    productsByCategory: rowsBy(columns.category, productCount, categoryIndex.size),
    productsByFarm: rowsBy(columns.farm, productCount, farmIndex.size),
    newFarms,
    orders,
    ordersByShopper,
    shopperProducts,
    productBuyers: transposeCsr(shopperProducts, productCount),
    neighbours: learnNeighbours(shopperProducts, productCount),
    coOccurrence: countCoOccurrence(baskets, productCount),
    basketTotal: baskets.offsets.length - 1,
    signalsByShopper: groupSignals(input.signals ?? []),
    overlay: {
      orders: [],
      ordersByShopper: new Map(),
      signalsByShopper: new Map(),
      together: new Map(),
      revision: 0,
      productRevision: 0,
    },
    memo: new Map(),
  };
}

/** Room for a tenth more products, so that listing one is a write and not a copy. */
export function spareRows(count: number): number {
  return 64 + Math.ceil(count / 10);
}

export function emptyColumns(capacity: number): ProductColumns {
  return {
    farm: new Int32Array(capacity),
    category: new Int32Array(capacity),
    crop: new Int32Array(capacity).fill(-1),
    unitPriceCents: new Int32Array(capacity),
    unit: new Uint8Array(capacity),
    organic: new Uint8Array(capacity),
    listedDay: new Int32Array(capacity),
    seasonality: new Float32Array(capacity).fill(NaN),
    weeksLeft: new Int16Array(capacity).fill(-1),
    isNewFarm: new Uint8Array(capacity),
    priceTercile: new Uint8Array(capacity),
    previousUnitPriceCents: new Int32Array(capacity),
    priceChangedDay: new Int32Array(capacity),
    medianIntervalDays: new Float32Array(capacity).fill(NaN),
    basketCount: new Int32Array(capacity),
  };
}

/**
 * Writes one product's attributes into its row; what is learned from orders is left alone. Farm and category must be known, a new
 * crop gets a number.
 */
export function writeProduct(
  columns: ProductColumns,
  row: number,
  product: SnapshotProduct,
  { farmIndex, categoryIndex, cropIndex }: Pick<RecsysSnapshot, "farmIndex" | "categoryIndex" | "cropIndex">,
  newFarms: ReadonlySet<number>,
): void {
  const farm = farmIndex.get(product.farmId);
  invariant(farm !== undefined, `product ${product.id} is of farm ${product.farmId}, which is not given`);
  invariant(
    Number.isInteger(product.unitPriceCents) && product.unitPriceCents >= 0,
    `unit price of product ${product.id} is not a whole number of cents >= 0`,
  );
  columns.farm[row] = farm;
  columns.category[row] = categoryIndex.get(product.category)!;
  columns.crop[row] = product.crop ? numberOf(cropIndex, product.crop) : -1;
  columns.unitPriceCents[row] = product.unitPriceCents;
  columns.unit[row] = unitCode(product.unit);
  columns.organic[row] = product.organic ? 1 : 0;
  columns.listedDay[row] = product.listedDay;
  columns.seasonality[row] = product.seasonality ?? NaN;
  columns.weeksLeft[row] = product.weeksLeft ?? -1;
  columns.isNewFarm[row] = newFarms.has(farm) ? 1 : 0;
  columns.previousUnitPriceCents[row] = product.previousUnitPriceCents ?? product.unitPriceCents;
  columns.priceChangedDay[row] = product.priceChangedDay ?? product.listedDay;
}

function indexOf(ids: readonly string[], what: string): Map<string, number> {
  const index = new Map(ids.map((id, row) => [id, row]));
  invariant(index.size === ids.length, `a ${what} id is given twice`);
  return index;
}

function numberOf(index: Map<string, number>, key: string): number {
  const known = index.get(key);
  if (known !== undefined) return known;
  index.set(key, index.size);
  return index.size - 1;
}

function packOrders(
  input: SnapshotInput,
  productIndex: ReadonlyMap<string, number>,
  shopperIndex: Map<string, number>,
  marketIndex: Map<string, number>,
): OrderColumns {
  const sorted: readonly SnapshotOrder[] = [...input.orders].sort((a, b) => a.day - b.day);
  const day = new Int32Array(sorted.length);
  const shopper = new Int32Array(sorted.length);
  const market = new Int32Array(sorted.length).fill(-1);
  const rows: number[] = [];
  const values: number[] = [];
  sorted.forEach((order, row) => {
    invariant(
      order.day <= input.day,
      `an order of day ${order.day} is later than the snapshot's ${input.day}`,
    );
    day[row] = order.day;
    shopper[row] = numberOf(shopperIndex, order.shopperId);
    if (order.marketId !== undefined) market[row] = numberOf(marketIndex, order.marketId);
    for (const id of new Set(order.productIds)) {
      const product = productIndex.get(id);
      if (product === undefined) continue;
      rows.push(row);
      values.push(product);
    }
  });
  return { day, shopper, market, lines: packCsr(sorted.length, rows, values) };
}

function distinctProducts(groups: Csr, lines: Csr, productCount: number): Csr {
  const seenIn = new Int32Array(productCount).fill(-1);
  const rows: number[] = [];
  const values: number[] = [];
  for (let group = 0; group + 1 < groups.offsets.length; group++) {
    const start = values.length;
    for (let i = groups.offsets[group]!; i < groups.offsets[group + 1]!; i++) {
      const order = groups.values[i]!;
      for (let l = lines.offsets[order]!; l < lines.offsets[order + 1]!; l++) {
        const product = lines.values[l]!;
        if (seenIn[product] === group) continue;
        seenIn[product] = group;
        rows.push(group);
        values.push(product);
      }
    }
    const sorted = values.slice(start).sort((a, b) => a - b);
    for (let i = 0; i < sorted.length; i++) values[start + i] = sorted[i]!;
  }
  return packCsr(groups.offsets.length - 1, rows, values);
}

function weeklyBaskets(orders: OrderColumns, productCount: number): Csr {
  const weekOf = new Map<string, number>();
  const rows = new Int32Array(orders.day.length);
  for (let order = 0; order < rows.length; order++)
    rows[order] = numberOf(weekOf, `${orders.shopper[order]!}/${Math.floor(orders.day[order]! / 7)}`);
  return distinctProducts(
    packCsr(weekOf.size, rows, Int32Array.from(rows.keys())),
    orders.lines,
    productCount,
  );
}

function rowsBy(column: Int32Array, count: number, groups: number): number[][] {
  const lists: number[][] = Array.from({ length: groups }, () => []);
  for (let row = 0; row < count; row++) lists[column[row]!]!.push(row);
  return lists;
}

function rankPrices(columns: ProductColumns, count: number): void {
  for (let unit = 0; unit < 3; unit++) {
    const rows: number[] = [];
    for (let row = 0; row < count; row++) if (columns.unit[row] === unit) rows.push(row);
    rows.sort((a, b) => columns.unitPriceCents[a]! - columns.unitPriceCents[b]! || a - b);
    rows.forEach((row, rank) => (columns.priceTercile[row] = Math.floor((3 * rank) / rows.length)));
  }
}

function groupSignals(signals: readonly SnapshotSignal[]): Map<string, SnapshotSignal[]> {
  const groups = new Map<string, SnapshotSignal[]>();
  for (const signal of signals) {
    const group = groups.get(signal.shopperId);
    if (group === undefined) groups.set(signal.shopperId, [signal]);
    else group.push(signal);
  }
  return groups;
}
