import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteTaste, lockHidden, readHidden, readTasteState, saveHidden } from "./store/taste.ts";

/** What a visitor asked to forget stays forgotten after signing in. The account's own counts go on. */
export const tasteMergeStep: MergeStep = {
  name: "taste",
  async merge(tx, fromId, intoId, { clock }) {
    const now = clock.now();
    const from = await readHidden(tx, fromId);
    if (from.categories.length + from.farms.length > 0) {
      const into = await lockHidden(tx, intoId, now);
      const hidden = {
        categories: [...new Set([...into.categories, ...from.categories])],
        farms: [...new Set([...into.farms, ...from.farms])],
      };
      await saveHidden(tx, intoId, { hidden, now });
    }
    await deleteTaste(tx, fromId);
  },
};

export const tasteExportStep: ExportStep = {
  name: "taste",
  async export(db, { shopperId }) {
    return { hidden: await readHidden(db, shopperId), ...(await readTasteState(db, shopperId)) };
  },
};

export const tasteEraseStep: EraseStep = {
  name: "taste",
  erase: (tx, { shopperId }) => deleteTaste(tx, shopperId),
};
