import { eq } from "drizzle-orm";
import { shoppers } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { AppError, newId, type Clock, type MarketId, type ShopperId, type UserId } from "@almanac/kernel";
import { mayTrack, type TrackingConsent } from "./core/consent.ts";

/** Writes the row of a browser that shops for the first time. Safe to run twice, as two requests may come at once. */
export async function createVisitor(db: Queryable, id: ShopperId, clock: Clock): Promise<void> {
  const now = clock.now();
  await db
    .insert(shoppers)
    .values({ id, origin: "visitor", createdAt: now, lastSeenAt: now })
    .onConflictDoNothing({ target: shoppers.id });
}

/** The shopper of an account, made when it is first needed. Safe to run twice at once. */
export async function ensureAccountShopper(
  db: Queryable,
  userId: UserId,
  { clock, origin = "account" }: { clock: Clock; origin?: "account" | "demo" | "import" },
): Promise<ShopperId> {
  const now = clock.now();
  await db
    .insert(shoppers)
    .values({ id: newId<ShopperId>(now.getTime()), userId, origin, createdAt: now, lastSeenAt: now })
    .onConflictDoNothing({ target: shoppers.userId });
  const [row] = await db.select({ id: shoppers.id }).from(shoppers).where(eq(shoppers.userId, userId));
  if (!row) throw new AppError("user_not_found", "The account has gone.");
  return row.id;
}

/** The visitors who turned out to be this account's. */
export async function findMergedInto(db: Queryable, shopperId: ShopperId): Promise<ShopperId[]> {
  const found = await db
    .select({ id: shoppers.id })
    .from(shoppers)
    .where(eq(shoppers.mergedIntoId, shopperId));
  return found.map(({ id }) => id);
}

export interface ShopperSettings {
  readonly trackingConsent: TrackingConsent;
  readonly marketingConsent: boolean;
  readonly personalise: boolean;
  readonly marketId: MarketId | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** What holds for a browser that has no row yet. */
export const defaultSettings: ShopperSettings = {
  trackingConsent: "unset",
  marketingConsent: false,
  personalise: true,
  marketId: null,
  latitude: null,
  longitude: null,
};

export async function findSettings(
  db: Queryable,
  shopperId: ShopperId,
): Promise<ShopperSettings | undefined> {
  const [row] = await db
    .select({
      trackingConsent: shoppers.trackingConsent,
      marketingConsent: shoppers.marketingConsent,
      personalise: shoppers.personalise,
      marketId: shoppers.marketId,
      latitude: shoppers.latitude,
      longitude: shoppers.longitude,
    })
    .from(shoppers)
    .where(eq(shoppers.id, shopperId));
  return row;
}

/** Changes what is given and leaves the rest. */
export async function saveSettings(
  db: Queryable,
  shopperId: ShopperId,
  { settings, clock }: { settings: Partial<ShopperSettings>; clock: Clock },
): Promise<ShopperSettings> {
  await db
    .update(shoppers)
    .set({ ...settings, lastSeenAt: clock.now() })
    .where(eq(shoppers.id, shopperId));
  const saved = await findSettings(db, shopperId);
  if (!saved) throw new AppError("shopper_not_found", "There is no such shopper.");
  return saved;
}

/** Whether what this shopper does may be written down at all. */
export async function isTrackingAllowed(db: Queryable, shopperId: ShopperId): Promise<boolean> {
  const settings = await findSettings(db, shopperId);
  return settings === undefined || mayTrack(settings.trackingConsent);
}

/** Whether recommendations for this shopper may use what is known of them. */
export async function isPersonalisationAllowed(db: Queryable, shopperId: ShopperId): Promise<boolean> {
  const settings = await findSettings(db, shopperId);
  return settings === undefined || (settings.personalise && mayTrack(settings.trackingConsent));
}
