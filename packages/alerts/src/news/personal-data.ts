import type { Bus } from "@almanac/events";
import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import { deleteNews, exportNews, moveNews } from "../store/news.ts";
import { tellNewsChanged } from "./tell.ts";

/**
 * What a visitor was told becomes the account's; what both were told is kept once. The account's open pages, on other devices
 * too, count again. Publishers wait for each other until the transaction ends, so it is the last of the steps.
 */
export const newsMergeStep = (bus: Bus): MergeStep => ({
  name: "news",
  async merge(tx, fromId, intoId) {
    if (await moveNews(tx, fromId, intoId)) await tellNewsChanged(tx, bus, [intoId]);
  },
});

export const newsExportStep: ExportStep = {
  name: "news",
  export: (db, { shopperId }) => exportNews(db, shopperId),
};

export const newsEraseStep: EraseStep = {
  name: "news",
  erase: (tx, { shopperId }) => deleteNews(tx, shopperId),
};
