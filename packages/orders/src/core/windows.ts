import { minutes } from "@almanac/kernel";

/** How long a checkout holds its stock and its place in the slot. */
export const holdTtlMs = minutes(10);

export type EditRefusal =
  "cut_off_passed" | "packing_began" | "collected" | "cancelled" | "no_window" | "settled";

/**
 * Why an order can no longer be changed or cancelled by its shopper, or `undefined` while it can: until the exact moment
 * of the cut-off, and only while nothing was weighed.
 */
export function editRefusal(
  order: {
    readonly status: "placed" | "ready" | "collected" | "cancelled";
    readonly closesAt: Date | null;
    readonly hasWeighedLine: boolean;
  },
  now: Date,
): EditRefusal | undefined {
  if (order.status === "cancelled") return "cancelled";
  if (order.status === "collected") return "collected";
  if (order.closesAt === null) return "no_window";
  if (order.status === "ready" || order.hasWeighedLine) return "packing_began";
  if (now >= order.closesAt) return "cut_off_passed";
  return undefined;
}
