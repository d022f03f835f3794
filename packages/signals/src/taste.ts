import type { Queryable } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { isUuid } from "@almanac/kernel";
import type { ProductId, ShopperId } from "@almanac/kernel";
import type { ShopEntry } from "./core/shop-entry.ts";
import type { Taste } from "./core/taste.ts";
import { recordsOf, type TasteDeed, type TastedProduct } from "./core/taste-records.ts";
import { readStampedDeeds, readTastedProducts, readTasteStamp, type TasteStamp } from "./store/taste.ts";

/** Says whose taste is another than before. */
export const tasteChannel = "taste.changed";

/** How many shoppers one process remembers. */
const mostTastes = 5_000;

export interface TasteReader {
  /**
   * The taste of a shopper as of now: one cheap read tells whether what is remembered still holds, so that what a shopper
   * did counts in their very next request, whichever process answers it.
   *
   * @returns `undefined` for a shopper that does not exist
   */
  load(db: Queryable, shopperId: ShopperId, now: Date): Promise<Taste | undefined>;
  /** Forgets what is remembered of a shopper, here. */
  drop(shopperId: ShopperId): void;
  close(): void;
}

/** What is on sale, as far as this process knows: products that are not there are looked up in the database. */
export type KnownProducts = (productId: ProductId) => ShopEntry | undefined;

/** The taste of a shopper, read afresh. `undefined` for a shopper that does not exist. */
export async function loadTaste(db: Queryable, shopperId: ShopperId, now: Date): Promise<Taste | undefined> {
  const read = await readTaste(db, { shopperId, now, find: () => undefined });
  return read?.taste;
}

export function createTasteReader({
  bus,
  shopWindow,
}: {
  readonly bus: Bus;
  readonly shopWindow?: { find(productId: string): ShopEntry | undefined };
}): TasteReader {
  const find: KnownProducts = (productId) => shopWindow?.find(productId);
  const remembered = new Map<ShopperId, { taste: Taste; stamp: string; day: number }>();
  const stopListening = bus.subscribe(tasteChannel, (message) => {
    const shopperId = shopperIdOf(message);
    if (shopperId) remembered.delete(shopperId);
  });
  return {
    async load(db, shopperId, now) {
      const day = Math.floor(now.getTime() / 86_400_000);
      const known = remembered.get(shopperId);
      if (known?.day === day) {
        const stamp = await readTasteStamp(db, shopperId);
        if (!stamp) return undefined;
        if (known.stamp === stamp.stamp) return { ...known.taste, ...settingsOf(stamp) };
      }
      const read = await readTaste(db, { shopperId, now, find });
      if (!read) return undefined;
      const { taste, stamp } = read;
      remembered.delete(shopperId);
      remembered.set(shopperId, { taste, stamp, day });
      if (remembered.size > mostTastes) {
        for (const oldest of remembered.keys()) {
          remembered.delete(oldest);
          break;
        }
      }
      return taste;
    },
    drop(shopperId) {
      remembered.delete(shopperId);
    },
    close: stopListening,
  };
}

async function readTaste(
  db: Queryable,
  { shopperId, now, find }: { shopperId: ShopperId; now: Date; find: KnownProducts },
): Promise<{ taste: Taste; stamp: string } | undefined> {
  const read = await readStampedDeeds(db, shopperId, now);
  if (!read) return undefined;
  const { stamp, deeds } = read;
  const records = recordsOf(deeds, await describeProducts(db, deeds, find));
  return { taste: { shopperId, records, hidden: stamp.hidden, ...settingsOf(stamp) }, stamp: stamp.stamp };
}

/** The products of some deeds: those on sale from memory, the others in one read. */
async function describeProducts(
  db: Queryable,
  deeds: readonly TasteDeed[],
  find: KnownProducts,
): Promise<Map<ProductId, TastedProduct>> {
  const described = new Map<ProductId, TastedProduct>();
  const unknown = new Set<ProductId>();
  for (const { productId } of deeds) {
    if (productId === undefined || described.has(productId)) continue;
    const entry = find(productId);
    if (entry) described.set(productId, tastedOf(entry));
    else unknown.add(productId);
  }
  for (const [id, product] of await readTastedProducts(db, [...unknown])) described.set(id, product);
  return described;
}

function tastedOf({ product, comparablePriceCents }: ShopEntry): TastedProduct {
  const { category, farm, baseUnit } = product;
  return { category: category.slug, farmId: farm.id, baseUnit, comparablePriceCents };
}

function settingsOf({ mayTrack, personalise, marketId, latitude, longitude }: TasteStamp) {
  return {
    mayTrack,
    mayPersonalise: mayTrack && personalise,
    ...(marketId && { marketId }),
    ...(latitude !== null && longitude !== null && { location: { latitude, longitude } }),
  };
}

function shopperIdOf(message: unknown): ShopperId | undefined {
  if (typeof message !== "object" || message === null || !("shopperId" in message)) return undefined;
  const { shopperId } = message;
  return typeof shopperId === "string" && isUuid(shopperId) ? (shopperId as ShopperId) : undefined;
}
