import { AppError, addCalendarDays, type CalendarDay, type MarketId, type ProductId } from "@almanac/kernel";
import { dayInput, farmProcedure, idInput } from "@almanac/trpc";
import { z } from "zod";
import { dayOf } from "../read-facts.ts";
import { listUnusualDays, saveAnswer, type TellableDay } from "../store/unusual-days.ts";

/** Of one farm a call tells so many at most. */
const mostDays = 200;

const answers = z.enum(["right", "slip"]);

/** Market days that came out far from what was forecast, and what a farm says of them. */
export const unusualRoutes = {
  /**
   * A farm's market days of the last weeks on which far more or less was sold of a product than was forecast before, the latest
   * first; one product's where it is named. `isAlarm` is what nothing explains and waits for an answer.
   */
  unusual: farmProcedure("farm.read")
    .input(
      z.object({
        productId: idInput<ProductId>().optional(),
        weeks: z.number().int().min(1).max(60).default(8),
      }),
    )
    .query(async ({ ctx, input: { farmId, productId, weeks } }) => {
      const since = addCalendarDays(dayOf(ctx.clock.now()), -7 * weeks);
      const found = await listUnusualDays(ctx.db, farmId, {
        since,
        ...(productId && { productId }),
        limit: mostDays,
      });
      return found.map(present);
    }),
  /**
   * Says that an unusual day was as it was entered (`right`) or entered wrongly (`slip`), which leaves it out of what forecasts
   * learn from; `null` takes that back. Without a product it is of the whole stall. Said again it changes nothing.
   */
  answerUnusual: farmProcedure("farm.write")
    .input(
      z.object({
        productId: idInput<ProductId>().optional(),
        marketId: idInput<MarketId>(),
        marketDay: dayInput,
        answer: answers.nullable(),
      }),
    )
    .mutation(async ({ ctx, input: { farmId, productId, marketId, marketDay, answer } }) => {
      const changed = await saveAnswer(
        ctx.db,
        farmId,
        { marketId, marketDay: marketDay as CalendarDay, ...(productId && { productId }) },
        { answer, at: ctx.clock.now(), by: ctx.caller.userId ?? null },
      );
      if (changed === 0) throw new AppError("not_found", "There is no such day.");
      return { products: changed };
    }),
};

function present(day: TellableDay) {
  const { productId, name, baseUnit, marketId, marketName, marketDay, soldBase, lowBase, highBase } = day;
  const { reason, reasonText, largestBase, isTold, answer } = day;
  return {
    productId,
    name,
    baseUnit,
    marketId,
    marketName,
    marketDay,
    soldBase,
    lowBase,
    highBase,
    direction: soldBase > highBase ? ("more" as const) : ("less" as const),
    reason,
    reasonText,
    largestBase,
    isTold,
    isAlarm: isTold && answer === null,
    answer,
  };
}
