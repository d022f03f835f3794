import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { forgetHidden, listHidden, moveHidden } from "./store/hidden.ts";
import { forgetImpressions } from "./store/impressions.ts";

export const recommendationsMergeStep: MergeStep = {
  name: "recommendations",
  async merge(tx, fromId, intoId) {
    await moveHidden(tx, fromId, intoId);
    await forgetImpressions(tx, fromId);
  },
};

export const recommendationsExportStep: ExportStep = {
  name: "recommendations",
  export: async (db, { shopperId }) => ({ hidden: await listHidden(db, shopperId) }),
};

export const recommendationsEraseStep: EraseStep = {
  name: "recommendations",
  async erase(tx, { shopperId }) {
    await forgetHidden(tx, shopperId);
    await forgetImpressions(tx, shopperId);
  },
};
