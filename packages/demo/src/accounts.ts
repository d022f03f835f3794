import { createAccount, hashPassword } from "@almanac/identity";
import type { Transaction } from "@almanac/db";
import { shoppers } from "@almanac/db/schema";
import { eq } from "drizzle-orm";
import {
  idFromName,
  type Clock,
  type FarmId,
  type MarketId,
  type ShopperId,
  type UserId,
} from "@almanac/kernel";
import { demoPassword, demoPeople } from "./people.ts";

type PersonKey = (typeof demoPeople)[number]["key"];

const farmOf: Partial<Record<PersonKey, string>> = { tomas: "hollow-oak", fern: "fern-bank" };
const riverside = idFromName<MarketId>("demo/market", "riverside");

/**
 * Writes the demo's accounts. Farms and markets must be there.
 *
 * @returns each person's shopper
 */
export async function createDemoAccounts(
  tx: Transaction,
  clock: Clock,
): Promise<Record<PersonKey, ShopperId>> {
  const passwordHash = await hashPassword(demoPassword);
  const shopperIds: Partial<Record<PersonKey, ShopperId>> = {};
  for (const { key, email, name } of demoPeople) {
    const farm = farmOf[key];
    const { shopperId } = await createAccount(
      tx,
      {
        email,
        name,
        passwordHash,
        userId: idFromName<UserId>("demo/user", key),
        origin: "demo",
        roles: key === "ines" ? ["operator", "analyst"] : [],
        farms: farm ? [{ farmId: idFromName<FarmId>("demo/farm", farm), role: "owner" }] : [],
        markets: key === "rosa" ? [riverside] : [],
      },
      { clock },
    );
    shopperIds[key] = shopperId;
    await tx
      .update(shoppers)
      .set({
        marketId: riverside,
        latitude: 41.72,
        longitude: -73.92,
        trackingConsent: key === "bo" ? "denied" : "granted",
        marketingConsent: key === "maya",
        personalise: key !== "bo",
      })
      .where(eq(shoppers.id, shopperId));
  }
  return shopperIds as Record<PersonKey, ShopperId>;
}
