import type { Queryable } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { isUuid } from "@almanac/kernel";
import type { ProductId, ShopperId } from "@almanac/kernel";
import type { ShopEntry } from "./core/shop-entry.ts";
import { deedsOf } from "./core/deed-text.ts";
import { dayNumber, type Taste } from "./core/taste.ts";
import { recordsOf, type TastedProduct } from "./core/taste-records.ts";
import { readTastedProducts } from "./store/taste.ts";
import {
  isSameSettings,
  isSameTaste,
  readTasteParts,
  readTasteStamps,
  type TasteParts,
  type TasteStamps,
} from "./store/taste-parts.ts";

/** Says whose taste is another than before. */
export const tasteChannel = "taste.changed";

/** How many shoppers one process remembers. */
const mostTastes = 5_000;

export interface TasteReader {
  /**
   * The taste of a shopper as of now: one cheap read tells whether what is remembered still holds, and of what does
   * not only the kinds that changed are read, so that what a shopper did counts in their very next request, whichever process
   * answers it.
   *
   * @returns `undefined` for a shopper that does not exist
   */
  load(db: Queryable, shopperId: ShopperId, now: Date): Promise<Taste | undefined>;
  /**
   * The taste of a shopper as it was at their last request, if it is remembered. For what can be done while `load` asks
   * whether it still holds: where it does, `load` answers this very object.
   */
  recall(shopperId: ShopperId, now: Date): Taste | undefined;
  /**
   * Reads the taste of somebody who is about to ask for something, unless it is remembered: their request then finds it so,
   * and waits less.
   */
  warm(db: Queryable, shopperId: ShopperId, now: Date): Promise<void>;
  /** Forgets what is remembered of a shopper, here. */
  drop(shopperId: ShopperId): void;
  close(): void;
}

/** What is on sale, as far as this process knows: products that are not there are looked up in the database. */
export type KnownProducts = (productId: ProductId) => ShopEntry | undefined;

/** The taste of a shopper, read afresh. `undefined` for a shopper that does not exist. */
export async function loadTaste(db: Queryable, shopperId: ShopperId, now: Date): Promise<Taste | undefined> {
  const parts = await readTasteParts(db, { shopperId, now });
  return parts && tasteOf(shopperId, parts, await describe(db, parts, () => undefined));
}

/** What a process knows of a shopper. */
interface RememberedTaste {
  readonly parts: TasteParts;
  /** What the parts tell, of products as they were when something last changed. */
  readonly taste: Taste;
  /** Orders and looks grow too old with it. */
  readonly day: number;
}

export function createTasteReader({
  bus,
  shopWindow,
}: {
  readonly bus: Bus;
  readonly shopWindow?: { find(productId: string): ShopEntry | undefined };
}): TasteReader {
  const find: KnownProducts = (productId) => shopWindow?.find(productId);
  const remembered = new Map<ShopperId, RememberedTaste>();
  const stopListening = bus.subscribe(tasteChannel, (message) => {
    const shopperId = shopperIdOf(message);
    if (shopperId) remembered.delete(shopperId);
  });
  /** Who was asked for last is forgotten last. */
  const remember = (shopperId: ShopperId, one: RememberedTaste): Taste => {
    remembered.delete(shopperId);
    remembered.set(shopperId, one);
    if (remembered.size > mostTastes)
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    return one.taste;
  };
  const knownOn = (day: number, shopperId: ShopperId): RememberedTaste | undefined => {
    const before = remembered.get(shopperId);
    return before?.day === day ? before : undefined;
  };
  const warming = new Set<ShopperId>();
  const load: TasteReader["load"] = async (db, shopperId, now) => {
    const day = dayNumber(now);
    const known = knownOn(day, shopperId);
    const stamps = known && (await readTasteStamps(db, shopperId));
    if (known) {
      if (!stamps) return undefined;
      if (isSameTaste(known.parts, stamps)) {
        if (isSameSettings(known.parts, stamps)) return remember(shopperId, known);
        const parts = { ...stamps, texts: known.parts.texts };
        return remember(shopperId, { parts, taste: tasteOf(shopperId, stamps, known.taste.records), day });
      }
    }
    const before = known && stamps && { known: known.parts, stamps };
    const parts = await readTasteParts(db, { shopperId, now, before });
    if (!parts) return undefined;
    const taste = tasteOf(shopperId, parts, await describe(db, parts, find));
    return remember(shopperId, { parts, taste, day });
  };
  return {
    load,
    recall: (shopperId, now) => knownOn(dayNumber(now), shopperId)?.taste,
    async warm(db, shopperId, now) {
      if (warming.has(shopperId) || knownOn(dayNumber(now), shopperId)) return;
      warming.add(shopperId);
      try {
        await load(db, shopperId, now);
      } finally {
        warming.delete(shopperId);
      }
    },
    drop(shopperId) {
      remembered.delete(shopperId);
    },
    close: stopListening,
  };
}

/** What deeds are of: products on sale from memory, the others in one read. */
async function describe(
  db: Queryable,
  { texts }: TasteParts,
  find: KnownProducts,
): Promise<Taste["records"]> {
  const deeds = deedsOf(texts);
  const unknown = new Set<ProductId>();
  const onSale = (productId: ProductId): TastedProduct | undefined => {
    const entry = find(productId);
    if (!entry) unknown.add(productId);
    return entry && tastedOf(entry);
  };
  const records = recordsOf(deeds, onSale);
  if (unknown.size === 0) return records;
  const others = await readTastedProducts(db, [...unknown]);
  return recordsOf(deeds, (productId) => others.get(productId) ?? onSale(productId));
}

function tastedOf({ product, comparablePriceCents }: ShopEntry): TastedProduct {
  const { category, farm, baseUnit } = product;
  return { category: category.slug, farmId: farm.id, baseUnit, comparablePriceCents };
}

function tasteOf(shopperId: ShopperId, { settings }: TasteStamps, records: Taste["records"]): Taste {
  const { mayTrack, personalise, marketId, latitude, longitude, hidden } = settings;
  return {
    shopperId,
    records,
    hidden,
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
