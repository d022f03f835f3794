import { wakeRelay, type Bus } from "@almanac/events";
import {
  AppError,
  marketDay as marketDayAt,
  type MarketId,
  type StallSaleId,
  type VariantId,
} from "@almanac/kernel";
import { farmProcedure, idInput, router } from "@almanac/trpc";
import { z } from "zod";
import { sellAtStall } from "./sell.ts";
import { listSales } from "./store/sales.ts";
import { listStallMarkets, listStallRows, nextMarketDays, stallTotals } from "./store/stall.ts";
import { undoStallSale } from "./undo.ts";

export interface StallRoutesDeps {
  /** Tells the relays at once that facts were committed. */
  readonly bus?: Bus;
}

/** Latest sales that a page shows. */
const shownSales = 30;

export function stallRoutes({ bus }: StallRoutesDeps) {
  async function andWake<T>(work: Promise<T>): Promise<T> {
    const done = await work;
    if (bus) await wakeRelay(bus);
    return done;
  }
  return {
    stall: router({
      /**
       * The stall today: what there is to sell, the latest sales and the day's totals. Without a market it is the one that is
       * open today, else the one that opens next.
       */
      day: farmProcedure("farm.read")
        .input(z.object({ marketId: idInput<MarketId>().optional() }))
        .query(async ({ ctx, input: { farmId, marketId } }) => {
          const now = ctx.clock.now();
          const markets = await listStallMarkets(ctx.db, farmId);
          const todays = new Map(markets.map(({ id, timeZone }) => [id, marketDayAt(now, timeZone)]));
          const next = await nextMarketDays(ctx.db, todays);
          const byNext = markets.toSorted((a, b) =>
            (next.get(a.id) ?? "9999") < (next.get(b.id) ?? "9999") ? -1 : 1,
          );
          const market = marketId ? markets.find(({ id }) => id === marketId) : byNext[0];
          if (!market) throw new AppError("market_not_found", "The farm has no stall at this market.");
          const marketDay = todays.get(market.id)!;
          const day = { farmId, marketId: market.id, marketDay };
          const [products, sales, totals] = await Promise.all([
            listStallRows(ctx.db, day),
            listSales(ctx.db, { ...day, limit: shownSales }),
            stallTotals(ctx.db, day),
          ]);
          return {
            market,
            markets: markets.map(({ id, name }) => ({ id, name, nextDay: next.get(id) ?? null })),
            marketDay,
            nextDay: next.get(market.id) ?? null,
            products,
            sales,
            totals,
          };
        }),
      /** Sells one product to a walk-in. */
      sell: farmProcedure("farm.write")
        .input(
          z.object({
            marketId: idInput<MarketId>(),
            variantId: idInput<VariantId>(),
            quantityBase: z.number().int().min(1).max(10_000_000),
            tender: z.enum(["cash", "card"]),
            idempotencyKey: z
              .string()
              .regex(/^[A-Za-z0-9._:-]{8,100}$/, "must be 8 to 100 letters, digits or .:_-"),
          }),
        )
        .mutation(({ ctx, input }) => {
          const { handle, clock, traceId } = ctx;
          const actor = ctx.caller.userId ? { actorUserId: ctx.caller.userId } : {};
          return andWake(sellAtStall({ handle, clock, traceId }, { ...input, ...actor }));
        }),
      /** Takes a sale of the last day back. */
      undo: farmProcedure("farm.write")
        .input(z.object({ saleId: idInput<StallSaleId>() }))
        .mutation(({ ctx, input }) => {
          const { handle, clock, traceId } = ctx;
          const actor = ctx.caller.userId ? { actorUserId: ctx.caller.userId } : {};
          return andWake(undoStallSale({ handle, clock, traceId }, { ...input, ...actor }));
        }),
    }),
  };
}
