import { AppError, days, type ProductId } from "@almanac/kernel";
import { farmProcedure, idInput, router } from "@almanac/trpc";
import { z } from "zod";
import { listSnoozes, listStockAlerts, snoozeProduct } from "./store/stock-alerts.ts";

/** Alerts that are older have been seen or have passed. */
const shownMs = days(3);

/** What runs low at a farm, and what it does not want to hear of for a while. */
export function lowStockRoutes() {
  return {
    lowStock: router({
      /** What ran low in the last three days and still is, the most pressing first, without what is snoozed. */
      list: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) => {
        const now = ctx.clock.now();
        const since = new Date(now.getTime() - shownMs);
        const [alerts, snoozed] = await Promise.all([
          listStockAlerts(ctx.db, farmId, { since, now }),
          listSnoozes(ctx.db, farmId, now),
        ]);
        return {
          alerts: alerts.map(
            ({ productId, name, baseUnit, priority, leftBase, thresholdBase, ...alert }) => ({
              productId,
              name,
              baseUnit,
              priority,
              leftBase,
              thresholdBase,
              expectedBase: alert.expectedBase,
              at: alert.madeAt.toISOString(),
            }),
          ),
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
