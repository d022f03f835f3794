import type { Queryable } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { isUuid } from "@almanac/kernel";
import type { ShopperId } from "@almanac/kernel";
import type { Taste } from "./core/taste.ts";
import { readStampedRecords, readTasteStamp, type StampedRecords, type TasteStamp } from "./store/taste.ts";

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

/** The taste of a shopper, read afresh. `undefined` for a shopper that does not exist. */
export async function loadTaste(db: Queryable, shopperId: ShopperId, now: Date): Promise<Taste | undefined> {
  const read = await readStampedRecords(db, shopperId, now);
  return read && tasteOf(shopperId, read);
}

export function createTasteReader({ bus }: { bus: Bus }): TasteReader {
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
      const read = await readStampedRecords(db, shopperId, now);
      if (!read) return undefined;
      const taste = tasteOf(shopperId, read);
      remembered.delete(shopperId);
      remembered.set(shopperId, { taste, stamp: read.stamp.stamp, day });
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

function tasteOf(shopperId: ShopperId, { stamp, records }: StampedRecords): Taste {
  return { shopperId, records, hidden: stamp.hidden, ...settingsOf(stamp) };
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
