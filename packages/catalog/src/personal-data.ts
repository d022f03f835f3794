import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { listFollowedFarms } from "./store/farms.ts";
import { deleteShopperThings, listStockAlerts, listWishes, moveShopperThings } from "./store/wishes.ts";

/** Wishes, followed farms and stock alerts of a visitor become the account's; what both had is kept once. */
export const catalogMergeStep: MergeStep = {
  name: "catalog",
  merge: (tx, fromId, intoId) => moveShopperThings(tx, fromId, intoId),
};

export const catalogExportStep: ExportStep = {
  name: "catalog",
  async export(db, { shopperId }) {
    return {
      wishes: await listWishes(db, shopperId),
      followedFarms: await listFollowedFarms(db, shopperId),
      stockAlerts: await listStockAlerts(db, shopperId),
    };
  },
};

export const catalogEraseStep: EraseStep = {
  name: "catalog",
  erase: (tx, { shopperId }) => deleteShopperThings(tx, shopperId),
};
