import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { MarketId, ShopperId } from "@almanac/kernel";
import type { Unit } from "../core/assign.ts";

/** What assignment has to know of a shopper, and the arms that were noted at sign-in, by experiment. */
export interface ShopperFacts {
  readonly id: ShopperId;
  readonly marketId?: MarketId;
  readonly mayTrack: boolean;
  readonly noted: Readonly<Record<string, string>>;
}

/** One query by primary keys. A browser without a row is a shopper who has refused nothing. */
export async function readShopperFacts(db: Queryable, shopperId: ShopperId): Promise<ShopperFacts> {
  const [found] = await rows<{ marketId: MarketId | null; mayTrack: boolean; noted: unknown }>(
    db,
    sql`
      select s.market_id as "marketId", s.tracking_consent <> 'denied' and s.erased_at is null as "mayTrack",
        (select json_object_agg(a.experiment_id, a.arm) from experiment_assignments a
          where a.shopper_id = s.id) as noted
      from shoppers s where s.id = ${shopperId}`,
  );
  if (!found) return { id: shopperId, mayTrack: true, noted: {} };
  const noted = typeof found.noted === "string" ? (JSON.parse(found.noted) as unknown) : found.noted;
  return {
    id: shopperId,
    ...(found.marketId && { marketId: found.marketId }),
    mayTrack: found.mayTrack,
    noted: (noted ?? {}) as Record<string, string>,
  };
}

export function unitOf({ noted, ...facts }: ShopperFacts, experimentId: string): Unit {
  const notedArm = noted[experimentId];
  return { ...facts, ...(notedArm !== undefined && { notedArm }) };
}
