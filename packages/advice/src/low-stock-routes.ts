import { AppError, days, type ProductId } from "@almanac/kernel";
import { farmProcedure, idInput, router } from "@almanac/trpc";
import { z } from "zod";
import { listSnoozes, snoozeProduct } from "./store/stock-alerts.ts";
import { listLowStock } from "./workflows/low-stock.ts";

/** What runs low at a farm, and what it does not want to hear of for a while. */
export function lowStockRoutes() {
  return {
    lowStock: router({
      /** What runs low now, the most pressing first, without what is snoozed. */
      list: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) => {
        const now = ctx.clock.now();
        const [low, snoozed] = await Promise.all([
          listLowStock(ctx.db, farmId, now),
          listSnoozes(ctx.db, farmId, now),
        ]);
        return {
          alerts: low,
          snoozed: snoozed.map(({ until, ...rest }) => ({ ...rest, until: until.toISOString() })),
        };
      }),
      /** Says nothing of a product for so many days; 0 ends it. */
      snooze: farmProcedure("farm.write")
        .input(z.object({ productId: idInput<ProductId>(), days: z.number().int().min(0).max(120) }))
        .mutation(async ({ ctx, input: { farmId, productId, days: count } }) => {
          const until = count === 0 ? undefined : new Date(ctx.clock.now().getTime() + days(count));
          const isOwn = await ctx.handle.transaction((tx) => snoozeProduct(tx, { farmId, productId, until }));
          if (!isOwn) throw new AppError("product_not_found", "The farm has no such product.");
          return { until: until?.toISOString() ?? null };
        }),
    }),
  };
}
