import { days, type Milliseconds } from "@almanac/kernel";
import type { OrderStatus } from "@almanac/db/schema";

/** A slip of the finger is noticed while the stall is open, or in the evening; later the hand-over is a fact. */
export const undoCollectionMs: Milliseconds = days(1);

export function canUndoCollection(collectedAt: Date, now: Date): boolean {
  return now.getTime() - collectedAt.getTime() <= undoCollectionMs;
}

export interface CollectedPart {
  /** Lines of this part that are sold by weight, and how many of them were weighed. */
  readonly weighedLines: number;
  readonly weighed: number;
}

/**
 * What an order and a farm's part of it become when the hand-over of the part is undone.
 *
 * Handing over the last part settles the order: the money is taken at the weights of then. That is not reversed, since what
 * was packed and what it costs is still so; the order is "ready" again (paid, waits for its pickup, can be neither changed
 * nor weighed). An order of which other parts still wait was not settled by the hand-over and stays as it is.
 */
export function afterUndo(
  order: OrderStatus,
  { weighedLines, weighed }: CollectedPart,
): { order: OrderStatus; part: OrderStatus } {
  if (order === "collected" || order === "ready") return { order: "ready", part: "ready" };
  return { order, part: weighedLines > 0 && weighed === weighedLines ? "ready" : "placed" };
}
