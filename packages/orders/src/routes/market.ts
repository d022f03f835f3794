import { AppError, type OrderWindowId } from "@almanac/kernel";
import { dayInput, idInput, marketProcedure, router } from "@almanac/trpc";
import { z } from "zod";
import { readMarketSales, readSlotOrders } from "../store/market-sales.ts";

/** What a market's manager sees of its trade: sums and places, no shopper. */
export function marketOrdersRouter() {
  return router({
    /** Places that are taken by orders, by slot, for any windows of the market. */
    slotOrders: marketProcedure
      .input(z.object({ windowIds: z.array(idInput<OrderWindowId>()).max(100) }))
      .query(({ ctx, input }) =>
        readSlotOrders(ctx.db, { marketId: ctx.marketId, windowIds: input.windowIds }),
      ),
    /** Sales and the market's fee by farm and by market day. */
    sales: marketProcedure.input(z.object({ from: dayInput, to: dayInput })).query(({ ctx, input }) => {
      if (input.from > input.to) {
        throw new AppError("input_invalid", "The first day is after the last.", {
          details: { field: "from" },
        });
      }
      return readMarketSales(ctx.db, { ...input, marketId: ctx.marketId });
    }),
  });
}
