import { wakeRelay, type Bus } from "@almanac/events";
import type { RequestContext } from "@almanac/trpc";
import type { PaymentProvider } from "../payments.ts";
import type { Trade } from "../trade.ts";

export interface OrdersDeps {
  readonly payments: PaymentProvider;
  /** Tells the relays at once that facts were committed; without it they find out by themselves within a second. */
  readonly bus?: Bus;
}

export type Act = <T>(ctx: RequestContext, work: (trade: Trade) => Promise<T>) => Promise<T>;

/** Runs a workflow for the caller, then wakes those who react to its facts: also after a refusal, which may follow a write. */
export function actWith({ payments, bus }: OrdersDeps): Act {
  return async (ctx, work) => {
    const { handle, clock, log, traceId } = ctx;
    try {
      return await work({ handle, clock, log, traceId, payments });
    } finally {
      if (bus) await wakeRelay(bus);
    }
  };
}
