import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteTasteOf, findTasteOf } from "./store/online.ts";
import { deleteOutlook, findOutlook } from "./store/outlooks.ts";

/** What a visitor did is the account's after signing in, so the account is looked at anew; its taste is, in the night. */
export const modelsMergeStep: MergeStep = {
  name: "models",
  merge: async (tx, fromId, toId) => {
    await deleteOutlook(tx, fromId);
    await deleteOutlook(tx, toId);
    await deleteTasteOf(tx, fromId);
  },
};

export const modelsExportStep: ExportStep = {
  name: "models",
  export: async (db, { shopperId }) => {
    const [outlook, taste] = [await findOutlook(db, shopperId), await findTasteOf(db, shopperId)];
    return outlook || taste ? { ...outlook, ...(taste && { taste }) } : null;
  },
};

export const modelsEraseStep: EraseStep = {
  name: "models",
  erase: async (tx, { shopperId }) => {
    await deleteOutlook(tx, shopperId);
    await deleteTasteOf(tx, shopperId);
  },
};
