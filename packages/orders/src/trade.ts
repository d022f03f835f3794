import type { DatabaseHandle } from "@almanac/db";
import type { Clock } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { PaymentProvider } from "./payments.ts";

/** What every workflow of this package works with. */
export interface Trade {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly payments: PaymentProvider;
  readonly log: Logger;
  readonly traceId?: string;
}
