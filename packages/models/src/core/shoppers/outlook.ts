import type { Arm } from "../decisions/arms.ts";

/** What is expected of a shopper by the live models: whether orders still come, and what they are worth. */
export interface Outlook {
  /** "active"; "away" for longer than counts as gone; "resting" while the market is closed; "new" without an order. */
  readonly state: "active" | "away" | "resting" | "new";
  /** That no order comes within `windowDays` open days, 0 to 1; absent unless active. */
  readonly churnProbability?: number;
  readonly windowDays?: number;
  readonly isAtRisk: boolean;
  /** In plain words, the weightiest first. */
  readonly reasons: readonly string[];
  /** Money of the next half year in cents, and the bounds it keeps in four of five cases. */
  readonly valueCents?: number;
  readonly valueLowCents?: number;
  readonly valueHighCents?: number;
  readonly expectedOrders?: number;
  /** Whose answers these are. */
  readonly churnArm: Arm;
  readonly lifetimeArm: Arm;
}
