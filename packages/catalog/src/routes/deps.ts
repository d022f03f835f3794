import { wakeRelay, type Bus } from "@almanac/events";
import type { Transaction } from "@almanac/db";
import type { ProductId } from "@almanac/kernel";
import type { RequestContext } from "@almanac/trpc";
import type { Act } from "../workflows/act.ts";

export interface CatalogDeps {
  /** Tells the relays at once that facts were committed; without it they find out by themselves within a second. */
  readonly bus?: Bus;
  /** Whether a product can be put in a basket now; without it everybody may wait for everything. */
  readonly isAvailable?: (ctx: RequestContext, productId: ProductId) => Promise<boolean>;
}

export type Commit = <T>(ctx: RequestContext, work: (tx: Transaction, act: Act) => Promise<T>) => Promise<T>;

/** Runs a change in a transaction as the caller, then wakes those who react to its facts. */
export function commitWith({ bus }: CatalogDeps): Commit {
  return async (ctx, work) => {
    const act: Act = { now: ctx.clock.now(), traceId: ctx.traceId, userId: ctx.caller.userId };
    const result = await ctx.handle.transaction((tx) => work(tx, act));
    if (bus) await wakeRelay(bus);
    return result;
  };
}
