import { minutes } from "@almanac/kernel";

/** A checkout that was begun before the cut-off may still be paid for this long after it. */
export const softCloseMs = minutes(15);
/** How long a checkout holds its stock and its place in the slot. */
export const holdTtlMs = minutes(10);

export interface OrderWindow {
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly isCancelled: boolean;
}

/** Whether a checkout may begin: from `opensAt` on, up to but not including `closesAt`. */
export function isWindowOpen(window: OrderWindow, now: Date): boolean {
  return !window.isCancelled && now >= window.opensAt && now < window.closesAt;
}

/** Whether a checkout begun at `startedAt` may be placed now: begun while open, and at most 15 minutes past the cut-off. */
export function canFinishCheckout(window: OrderWindow, startedAt: Date, now: Date): boolean {
  return isWindowOpen(window, startedAt) && now.getTime() <= window.closesAt.getTime() + softCloseMs;
}

export type EditRefusal = "cut_off_passed" | "packing_began" | "collected" | "cancelled" | "no_window" | "settled";

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
