import { eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { shoppers } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";

/** What a shopper said about being tracked; "denied" for a shopper who has gone. */
export async function readConsent(
  db: Queryable,
  shopperId: ShopperId,
): Promise<"unset" | "granted" | "denied"> {
  const [row] = await db
    .select({ consent: shoppers.trackingConsent })
    .from(shoppers)
    .where(eq(shoppers.id, shopperId));
  return row?.consent ?? "denied";
}
