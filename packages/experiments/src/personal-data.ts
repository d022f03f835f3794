import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { mayTrack } from "@almanac/identity";
import { deleteExposures, listExposuresOf, mergeExposures } from "./store/exposures.ts";

/** A visitor who signs in keeps the arms that they saw; one who refuses to be followed leaves no trace of them. */
export const experimentsMergeStep: MergeStep = {
  name: "experiments",
  async merge(tx, fromId, intoId, { tracking, clock }) {
    if (!mayTrack(tracking)) return deleteExposures(tx, fromId);
    await mergeExposures(tx, fromId, intoId, clock.now());
  },
};

export const experimentsExportStep: ExportStep = {
  name: "experiments",
  export: (db, { shopperId }) => listExposuresOf(db, shopperId),
};

export const experimentsEraseStep: EraseStep = {
  name: "experiments",
  erase: (tx, { shopperId }) => deleteExposures(tx, shopperId),
};
