import type { UserId } from "@almanac/kernel";

/** When a change is made, in the course of what, and by whom. */
export interface Act {
  readonly now: Date;
  readonly traceId?: string;
  readonly userId?: UserId;
}
