import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteNews, exportNews, moveNews } from "../store/news.ts";

/** What a visitor was told becomes the account's; what both were told is kept once. */
export const newsMergeStep: MergeStep = {
  name: "news",
  merge: (tx, fromId, intoId) => moveNews(tx, fromId, intoId),
};

export const newsExportStep: ExportStep = {
  name: "news",
  export: (db, { shopperId }) => exportNews(db, shopperId),
};

export const newsEraseStep: EraseStep = {
  name: "news",
  erase: (tx, { shopperId }) => deleteNews(tx, shopperId),
};
