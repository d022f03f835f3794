import { AppError, marketDay as marketDayAt } from "@almanac/kernel";
import { dayInput, farmProcedure, limitInput, router, seqCursorInput, textInput } from "@almanac/trpc";
import { z } from "zod";
import { readFarmDay } from "../store/farm-orders.ts";
import { isProductOf, listStockEntries, listStockLevels } from "../store/stock-views.ts";
import { markCollected, undoCollected } from "../workflows/collect.ts";
import { recordableReasons, recordStock } from "../workflows/record-stock.ts";
import { weighLine } from "../workflows/weigh.ts";
import { actWith, type OrdersDeps } from "./deps.ts";
import { baseUnits, idempotencyKey, lineId, lotId, note, productId, subOrderId } from "./inputs.ts";

export function farmOrdersRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  return router({
    /** A market day's orders by pickup slot, and what to harvest for them in all. */
    bySlot: farmProcedure("farm.read")
      .input(z.object({ marketDay: dayInput.optional() }))
      .query(({ ctx, input }) => {
        // The day in UTC: at worst a market of today still shows in the evening.
        const now = ctx.clock.now();
        const today = marketDayAt(now, "UTC");
        return readFarmDay(ctx.db, { farmId: ctx.farmId, marketDay: input.marketDay, today, now });
      }),
    markCollected: farmProcedure("farm.write")
      .input(z.object({ subOrderId }))
      .mutation(({ ctx, input }) =>
        act(ctx, (trade) => markCollected(trade, { farmId: ctx.farmId, subOrderId: input.subOrderId })),
      ),
    /** For a day after it; money that was taken stays taken. */
    undoCollected: farmProcedure("farm.write")
      .input(z.object({ subOrderId }))
      .mutation(({ ctx, input }) =>
        act(ctx, (trade) => undoCollected(trade, { farmId: ctx.farmId, subOrderId: input.subOrderId })),
      ),
    weigh: farmProcedure("farm.write")
      .input(z.object({ lineId, weighedBase: z.number().int().min(0).max(100_000_000) }))
      .mutation(async ({ ctx, input }) => {
        const actorUserId = ctx.caller.userId;
        await act(ctx, (trade) =>
          weighLine(trade, {
            farmId: ctx.farmId,
            actorUserId,
            lineId: input.lineId,
            weighedBase: input.weighedBase,
          }),
        );
        return { lineId: input.lineId, weighedBase: input.weighedBase };
      }),
  });
}

export function farmStockRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  return router({
    levels: farmProcedure("farm.read").query(({ ctx }) => listStockLevels(ctx.db, ctx.farmId)),
    /** A product's ledger, the latest row first. */
    ledger: farmProcedure("farm.read")
      .input(z.object({ productId, cursor: seqCursorInput, limit: limitInput(200, 50) }))
      .query(async ({ ctx, input }) => {
        if (!(await isProductOf(ctx.db, ctx.farmId, input.productId))) {
          throw new AppError("product_not_found", "The farm has no such product.");
        }
        const before = input.cursor === undefined ? undefined : Number(input.cursor);
        const rows = await listStockEntries(ctx.db, {
          productId: input.productId,
          before,
          limit: input.limit + 1,
        });
        const items = rows.slice(0, input.limit);
        const last = items.at(-1);
        return { items, nextCursor: rows.length > input.limit && last ? String(last.seq) : undefined };
      }),
    /** Harvest, restock, stall sale, waste, donation or a recount. */
    record: farmProcedure("farm.write")
      .input(
        z.object({
          productId,
          deltaBase: baseUnits.optional(),
          countedBase: baseUnits.optional(),
          reason: z.enum(recordableReasons),
          note,
          lotId: lotId.optional(),
          device: textInput({ max: 100 }).optional(),
          idempotencyKey,
        }),
      )
      .mutation(({ ctx, input }) =>
        act(ctx, (trade) =>
          recordStock(trade, { ...input, farmId: ctx.farmId, actorUserId: ctx.caller.userId }),
        ),
      ),
  });
}
