import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteTaste, lockHidden, readTasteState, readTasteStamp, saveHidden } from "./store/taste.ts";

/** What a visitor asked to forget stays forgotten after signing in. The account's own counts go on. */
export const tasteMergeStep: MergeStep = {
  name: "taste",
  async merge(tx, fromId, intoId, { clock }) {
    const now = clock.now();
    const from = await readTasteStamp(tx, fromId);
    if (from && from.hidden.categories.length + from.hidden.farms.length > 0) {
      const into = await lockHidden(tx, intoId, now);
      const hidden = {
        categories: [...new Set([...into.categories, ...from.hidden.categories])],
        farms: [...new Set([...into.farms, ...from.hidden.farms])],
      };
      await saveHidden(tx, intoId, { hidden, now });
    }
    await deleteTaste(tx, fromId);
  },
};

export const tasteExportStep: ExportStep = {
  name: "taste",
  async export(db, { shopperId }) {
    const stamp = await readTasteStamp(db, shopperId);
    return { hidden: stamp?.hidden, ...(await readTasteState(db, shopperId)) };
  },
};

export const tasteEraseStep: EraseStep = {
  name: "taste",
  erase: (tx, { shopperId }) => deleteTaste(tx, shopperId),
};
