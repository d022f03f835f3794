import type { DatabaseHandle } from "@almanac/db";
import { commitGroup } from "@almanac/events";
import { readShoppers, type AskedShopper, type ShopperState } from "../store/shopper.ts";

/** @returns `undefined` when there is no such shopper, or they were erased */
export type ReadShopper = (asked: AskedShopper) => Promise<ShopperState | undefined>;

/** From there on a larger statement saves little, and the first of them waits for the last. */
const maxShoppersOfStatement = 8;

/**
 * Reads shoppers for the requests of one process: those that are asked for while others are being read are read together, by a
 * statement that begins after they were asked for, so that it is as true as one of their own.
 */
export function createShopperReader({ db, driver }: Pick<DatabaseHandle, "db" | "driver">): ReadShopper {
  const group = commitGroup<AskedShopper, ShopperState | undefined>((asked) => readShoppers(db, asked), {
    maxWeight: maxShoppersOfStatement,
    weightOf: () => 1,
    // One connection is all that the embedded database has.
    maxGroups: driver === "postgres" ? 4 : 1,
  });
  return (asked) => group.add(asked);
}
