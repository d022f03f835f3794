import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteProfile, findProfile } from "./store/profiles.ts";

/** What a visitor did is the account's after signing in, so the account is profiled anew the next night. */
export const insightsMergeStep: MergeStep = {
  name: "insights",
  merge: (tx, fromId) => deleteProfile(tx, fromId),
};

export const insightsExportStep: ExportStep = {
  name: "insights",
  export: async (db, { shopperId }) => (await findProfile(db, shopperId)) ?? null,
};

export const insightsEraseStep: EraseStep = {
  name: "insights",
  erase: (tx, { shopperId }) => deleteProfile(tx, shopperId),
};
