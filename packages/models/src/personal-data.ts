import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteOutlook, findOutlook } from "./store/outlooks.ts";

/** What a visitor did is the account's after signing in, so the account is looked at anew. */
export const modelsMergeStep: MergeStep = {
  name: "models",
  merge: async (tx, fromId, toId) => {
    await deleteOutlook(tx, fromId);
    await deleteOutlook(tx, toId);
  },
};

export const modelsExportStep: ExportStep = {
  name: "models",
  export: async (db, { shopperId }) => (await findOutlook(db, shopperId)) ?? null,
};

export const modelsEraseStep: EraseStep = {
  name: "models",
  erase: (tx, { shopperId }) => deleteOutlook(tx, shopperId),
};
