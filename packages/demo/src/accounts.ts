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

export const demoPassword = "almanac-demo";

/** Who one can sign in as, and what for. */
export const demoPeople = [
  { key: "maya", email: "maya@demo.example", name: "Maya", is: "a shopper with four past orders" },
  { key: "bo", email: "bo@demo.example", name: "Bo", is: "a shopper who does not want to be followed" },
  { key: "tomas", email: "tomas@demo.example", name: "Tomas", is: "the farmer of Hollow Oak" },
  { key: "fern", email: "fern@demo.example", name: "Fern", is: "the farmer of Fern Bank" },
  { key: "rosa", email: "rosa@demo.example", name: "Rosa", is: "the manager of the Riverside market" },
  { key: "ines", email: "ines@demo.example", name: "Ines", is: "operator and analyst" },
] as const;

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
