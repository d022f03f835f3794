import { setImmediate as breath } from "node:timers/promises";
import type { Queryable } from "@almanac/db";
import { days, marketDay, minutes } from "@almanac/kernel";
import { startBuilder, type SnapshotBuilder, type StartBuilder } from "../building/builder.ts";
import type { FarmExposure } from "../core/slate/exploration.ts";
import type { RecsysSnapshot, SnapshotFarm } from "../core/snapshot/snapshot.ts";
import { applyOrder, applyProduct } from "../core/snapshot/updates.ts";
import type { ShopView } from "../shop.ts";
import { loadFarms } from "../store/farms.ts";
import { farmExposures } from "../store/impressions.ts";
import { listRules, type StoredRule } from "../store/rules.ts";
import { readOrders } from "../store/orders.ts";
import { epochDay, toShopProduct, type ShopProduct } from "./shop-product.ts";

/** All that serving reads, from one build; changed in between only by the functions below. */
export interface World {
  readonly snapshot: RecsysSnapshot;
  /** Everything that was on sale at some moment since the build. */
  readonly products: Map<string, ShopProduct>;
  /** Category names by slug. */
  readonly categories: Map<string, string>;
  /** Orders up to here are in the snapshot; later ones come by message and with each request. */
  readonly ordersUntil: Date;
  readonly knownOrders: Set<string>;
  /** What operators asked for; replaced when they change it. */
  rules: readonly StoredRule[];
  /** How farms were shown lately, by id, and all of it together. */
  readonly exposures: ReadonlyMap<string, FarmExposure>;
  readonly totalImpressions: number;
  /** What is offered at the markets that take orders, by these: the same for everybody until something changes. */
  readonly offered: Map<string, OfferedFlags>;
  /** Indexes of what begins or ends soon, the soonest first; found out when it is asked for, and anew when products change. */
  calendar: Partial<Record<"coming" | "ending", readonly number[]>>;
}

export interface PlacedOrder {
  readonly id: string;
  readonly shopperId: string;
  readonly marketId: string;
  readonly day: number;
  readonly productIds: readonly string[];
}

/** By product index, as of one version of the shop window: 0 not looked up yet, 1 offered, 2 not. */
export interface OfferedFlags {
  readonly version: number;
  readonly flags: Uint8Array;
}

/** Baskets older than two years say nothing about what one buys now. */
const historyMs = days(730);

/** How far back a farm's exposure is counted. */
const exposureMs = days(28);

/** An order may be committed a little after the time that is written on it. */
export const lateCommitMs = minutes(1);

/** Products described between two breaths: describing one takes some 20 microseconds. */
const productsAtOnce = 200;

/**
 * Reads everything in bulk, piece by piece, and has a thread of its own pack it, so that requests are answered meanwhile.
 * What happens during the build is not in it: the caller tells it afterwards (`addOrder`, `refreshProducts`).
 *
 * @throws AppError `recommendations_not_built` when the thread failed
 */
export async function buildWorld(
  db: Queryable,
  shop: ShopView,
  now: Date,
  start: StartBuilder = startBuilder,
): Promise<World> {
  const builder = start();
  try {
    const farms = await loadFarms(db, now);
    const rules = await listRules(db);
    const exposures = await farmExposures(db, new Date(now.getTime() - exposureMs));
    const orders = await passOrders(db, now, builder);
    const products = await passProducts(shop, now, builder);
    const known = new Set(farms.map(({ id }) => id));
    const joined = products.flatMap(({ snapshot: { farmId } }) => (known.has(farmId) ? [] : [farmId]));
    const marketDays = shop.markets().map(({ market }) => epochDay(marketDay(now, market.timeZone)));
    const snapshot = await builder.finish({
      kind: "build",
      day: Math.max(epochDay(marketDay(now, "UTC")), ...marketDays),
      // A farm that joined while we read.
      farms: [...farms, ...[...new Set(joined)].map((id): SnapshotFarm => ({ id, isNew: true }))],
      togetherWithin: orders.isImport ? "shopper-week" : "order",
    });
    return {
      snapshot,
      products: new Map(products.map((product) => [product.snapshot.id, product])),
      categories: new Map(products.map(({ source: { category } }) => [category.slug, category.name])),
      ordersUntil: now,
      knownOrders: orders.recentIds,
      rules,
      exposures,
      totalImpressions: [...exposures.values()].reduce((sum, { impressions }) => sum + impressions, 0),
      offered: new Map(),
      calendar: {},
    };
  } finally {
    await builder.abandon();
  }
}

/** Reads all orders of two years and passes them on, page by page. */
export async function passOrders(
  db: Queryable,
  now: Date,
  builder: SnapshotBuilder,
): Promise<{ recentIds: Set<string>; isImport: boolean }> {
  const recentIds = new Set<string>();
  let imported = 0;
  let total = 0;
  const span = {
    since: new Date(now.getTime() - historyMs),
    until: now,
    recentAfter: new Date(now.getTime() - 10 * lateCommitMs),
  };
  for await (const page of readOrders(db, span)) {
    builder.add({ kind: "orders", orders: page.orders });
    for (const id of page.recentIds) recentIds.add(id);
    imported += page.imported;
    total += page.orders.length;
  }
  return { recentIds, isImport: imported * 2 > total };
}

/** Describes all that is for sale and passes it on, piece by piece. */
export async function passProducts(
  shop: ShopView,
  now: Date,
  builder: SnapshotBuilder,
): Promise<ShopProduct[]> {
  const products: ShopProduct[] = [];
  const entries = shop.all();
  for (let at = 0; at < entries.length; at += productsAtOnce) {
    const piece = entries.slice(at, at + productsAtOnce).map((entry) => toShopProduct(entry, now));
    builder.add({ kind: "products", products: piece.map((product) => product.snapshot) });
    products.push(...piece);
    await breath();
  }
  return products;
}

/** Counts an order that was placed since the build, once however often it is heard of. */
export function addOrder(world: World, order: PlacedOrder): void {
  if (world.knownOrders.has(order.id)) return;
  world.knownOrders.add(order.id);
  const { snapshot } = world;
  applyOrder(snapshot, { ...order, day: Math.min(order.day, snapshot.day) });
}

/**
 * Lists products that came on sale and rereads those that changed. What is no longer on sale stays in the columns: the
 * shop window says so whenever it would be shown.
 */
export function refreshProducts(
  world: World,
  shop: ShopView,
  productIds: readonly string[] | "all",
  now: Date,
): void {
  const entries =
    productIds === "all" ? shop.all() : productIds.flatMap((productId) => shop.find(productId) ?? []);
  for (const entry of entries) {
    const known = world.products.get(entry.product.id);
    if (known?.source === entry.product) continue;
    const product = toShopProduct(entry, now);
    world.calendar = {};
    world.products.set(product.snapshot.id, product);
    world.categories.set(entry.product.category.slug, entry.product.category.name);
    if (known && isSame(known.snapshot, product.snapshot)) continue;
    // A farm that the build did not know has joined since.
    applyProduct(world.snapshot, product.snapshot, { id: product.snapshot.farmId, isNew: true });
  }
}

function isSame<Row extends object>(a: Row, b: Row): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Row>;
  return [...names].every((name) => a[name] === b[name]);
}
