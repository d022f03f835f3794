import type { markets } from "@almanac/db/schema";
import type { MarketSeed } from "./core/places.ts";

/** A market as it is written, opened at `createdAt`. */
export function marketRow(
  id: (typeof markets.$inferInsert)["id"],
  seed: MarketSeed,
  createdAt: Date,
): typeof markets.$inferInsert {
  const { slug, name, description, address, region, timeZone, currency, latitude, longitude } = seed;
  const { feeBasisPoints, acceptsSnap, weekday, opensAt, closesAt } = seed;
  return {
    id,
    slug,
    name,
    description,
    address,
    region,
    timeZone,
    currency,
    latitude,
    longitude,
    feeBasisPoints,
    acceptsSnap,
    weekday,
    opensAt,
    closesAt,
    createdAt,
  };
}
