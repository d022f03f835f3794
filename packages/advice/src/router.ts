import type { AdviceId } from "@almanac/db/schema";
import { AppError, days, type CalendarDay } from "@almanac/kernel";
import { dayInput, farmProcedure, idInput, router } from "@almanac/trpc";
import { z } from "zod";
import { adviceTypes } from "./core/facts.ts";
import { planLoads } from "./core/plan-loads.ts";
import { rejectionReasons } from "./core/thresholds.ts";
import { countAnswers, countPending, listAdvice, listPastAdvice, type AdviceRow } from "./store/advice.ts";
import { readSettings, saveSettings, type AdviceSettings } from "./store/settings.ts";
import { listStallPlan } from "./store/stall-plans.ts";
import { adviseFarm, freshAdvice, readFarmFacts, type FreshAdviceDeps } from "./workflows/advise-farm.ts";
import {
  acceptAdvice,
  rejectAdvice,
  taskTypes,
  undoableMs,
  undoAnswer,
  type Answer,
} from "./workflows/answer.ts";
import { finishTask } from "./workflows/finish-task.ts";
import { judgeAdvice } from "./workflows/past-advice.ts";

export { lowStockRoutes } from "./low-stock-routes.ts";

/** What refuses an advice whose facts are of before. */
const outdated: ReadonlySet<string> = new Set(["suggestion_changed", "price_plan_overlaps"]);
const relevanceDays = 90;
const pastDays = 14;
const pastRows = 200;
const adviceId = idInput<AdviceId>();
const quantityBase = z.number().int().min(0).max(100_000_000).optional();

const settingsInput = z.object({
  leaning: z.number().int().min(-100).max(100).optional(),
  crateGrams: z.number().int().min(1).max(1_000_000).optional(),
  crateMillilitres: z.number().int().min(1).max(1_000_000).optional(),
  cratePieces: z.number().int().min(1).max(10_000).optional(),
  vanCrates: z.number().int().min(1).max(10_000).nullable().optional(),
  labourMinutes: z.number().int().min(0).max(100_000).nullable().optional(),
  minutesPerCrate: z.number().int().min(1).max(600).optional(),
  /** Market days on which the farm stays at home. */
  closedDays: z.array(dayInput).max(100).optional(),
  costBasisPoints: z.number().int().min(0).max(20_000).optional(),
  salvageBasisPoints: z.number().int().min(0).max(10_000).optional(),
  /** True forgets what was learned from advice that was turned down. */
  forgetThresholds: z.boolean().optional(),
});

export type AdviceRoutesDeps = Pick<FreshAdviceDeps, "weather">;

export function adviceRoutes({ weather }: AdviceRoutesDeps = {}) {
  const read = weather && { weather };
  return {
    advice: router({
      /** What a farm is advised to do, what it answered, and what it means to bring. */
      list: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) => {
        const now = ctx.clock.now();
        const madeAt = await freshAdvice({ handle: ctx.handle, clock: ctx.clock, ...read }, farmId);
        const [found, plan] = await Promise.all([
          listAdvice(ctx.db, farmId, now),
          listStallPlan(ctx.db, farmId, now.toISOString().slice(0, 10) as CalendarDay),
        ]);
        return {
          madeAt: madeAt.toISOString(),
          pending: found.filter(({ status }) => status === "PENDING").map((one) => present(one, now)),
          answered: found.filter(({ status }) => status !== "PENDING").map((one) => present(one, now)),
          plan,
        };
      }),
      /** What was advised for market days of the last two weeks that are over: done, turned down, or run out without an answer. */
      past: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) => {
        const now = ctx.clock.now();
        const since = new Date(now.getTime() - days(pastDays));
        const found = await listPastAdvice(ctx.db, farmId, { now, since, limit: pastRows });
        return found.map((one) => present(one, now));
      }),
      /** How much waits for an answer, as far as it has been made, and how many products press: for a number in a menu. */
      count: farmProcedure("farm.read").query(({ ctx, input: { farmId } }) =>
        countPending(ctx.db, farmId, ctx.clock.now()),
      ),
      accept: farmProcedure("farm.write")
        .input(z.object({ adviceId, quantityBase }))
        .mutation(async ({ ctx, input }) => {
          const answer = answerOf(ctx, input.adviceId);
          try {
            await ctx.handle.transaction((tx) => acceptAdvice(tx, answer, input.quantityBase));
          } catch (error) {
            // It was for a price that is asked no more, or for days that have another one now: whoever looks again finds what
            // follows from today's.
            if (error instanceof AppError && outdated.has(error.code))
              await adviseFarm({ handle: ctx.handle, clock: ctx.clock }, answer.farmId);
            throw error;
          }
        }),
      reject: farmProcedure("farm.write")
        .input(z.object({ adviceId, reason: z.enum(rejectionReasons) }))
        .mutation(({ ctx, input }) =>
          ctx.handle.transaction((tx) => rejectAdvice(tx, answerOf(ctx, input.adviceId), input.reason)),
        ),
      undo: farmProcedure("farm.write")
        .input(z.object({ adviceId }))
        .mutation(({ ctx, input }) =>
          ctx.handle.transaction((tx) => undoAnswer(tx, answerOf(ctx, input.adviceId))),
        ),
      /** A task that came of an advice is done. */
      done: farmProcedure("farm.write")
        .input(z.object({ adviceId, quantityBase }))
        .mutation(({ ctx, input }) =>
          finishTask(
            { handle: ctx.handle, clock: ctx.clock, traceId: ctx.traceId },
            answerOf(ctx, input.adviceId),
            input.quantityBase,
          ),
        ),
      settings: farmProcedure("farm.read").query(async ({ ctx, input: { farmId } }) =>
        presentSettings(await readSettings(ctx.db, farmId)),
      ),
      /** How useful advice was to the farm: what it took of what it answered in the last 90 days. */
      relevance: farmProcedure("farm.read").query(({ ctx, input: { farmId } }) =>
        countAnswers(ctx.db, farmId, new Date(ctx.clock.now().getTime() - days(relevanceDays))),
      ),
      /**
       * How near advice on what to bring came to what was asked for in the last 90 days, beside bringing what was sold the time
       * before.
       */
      accuracy: farmProcedure("farm.read").query(({ ctx, input: { farmId } }) =>
        judgeAdvice(ctx.db, farmId, { now: ctx.clock.now(), judgedDays: relevanceDays }),
      ),
      saveSettings: farmProcedure("farm.write")
        .input(settingsInput)
        .mutation(async ({ ctx, input: { farmId, forgetThresholds, ...change } }) => {
          await ctx.handle.transaction((tx) =>
            saveSettings(
              tx,
              farmId,
              { ...change, ...(forgetThresholds === true && { leastGainCents: {} }) },
              ctx.clock.now(),
            ),
          );
          await adviseFarm({ handle: ctx.handle, clock: ctx.clock }, farmId);
          return presentSettings(await readSettings(ctx.db, farmId));
        }),
      /** What would be brought of everything with another leaning, while somebody moves the slider. */
      preview: farmProcedure("farm.read")
        .input(z.object({ leaning: z.number().int().min(-100).max(100) }))
        .query(async ({ ctx, input: { farmId, leaning } }) => {
          const facts = await readFarmFacts(ctx.db, farmId, ctx.clock.now());
          return planLoads({ ...facts, leaning: leaning / 100 })
            .filter(({ bringBase }) => bringBase > 0)
            .map(({ product, day, bringBase, ratio, isCapped, limit }) => ({
              productId: product.productId,
              name: product.name,
              baseUnit: product.baseUnit,
              marketId: day.marketId,
              marketName: day.marketName,
              marketDay: day.day,
              bringBase,
              ratio,
              isCapped,
              /** What kept it from being more. */
              limit: limit ?? null,
            }));
        }),
      /** Works the advice out now. */
      refresh: farmProcedure("farm.write", { limit: "heavy" }).mutation(
        async ({ ctx, input: { farmId } }) => ({
          advice: (await adviseFarm({ handle: ctx.handle, clock: ctx.clock }, farmId)).length,
        }),
      ),
    }),
  };
}

interface AnswerContext {
  readonly farmId: Answer["farmId"];
  readonly caller: { readonly userId?: Answer["userId"] };
  readonly clock: { now(): Date };
  readonly traceId: string;
}

function answerOf({ farmId, caller, clock, traceId }: AnswerContext, adviceId: AdviceId): Answer {
  return { farmId, adviceId, userId: caller.userId!, now: clock.now(), traceId };
}

function present(row: AdviceRow, now: Date) {
  const { id, type, productId, productName, baseUnit, marketId, marketName, marketDay, details } = row;
  const isUndoable =
    row.decidedAt !== null && row.doneAt === null && now.getTime() - row.decidedAt.getTime() <= undoableMs;
  return {
    id,
    type,
    productId,
    productName,
    baseUnit,
    marketId,
    marketName,
    marketDay,
    currentBase: row.currentBase,
    recommendedBase: row.recommendedBase,
    reasoning: row.reasoning,
    priority: row.priority,
    gainCents: row.gainCents,
    details,
    status: row.status,
    validUntil: row.validUntil.toISOString(),
    rejectionReason: row.rejectionReason,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    doneAt: row.doneAt?.toISOString() ?? null,
    isTask: taskTypes.has(type),
    /** What has ended it since it was said, so that nothing has to be done for it: its day, its stall or its product. */
    ending: row.ending,
    isUndoable,
  };
}

function presentSettings({ farmId: _farmId, updatedAt: _updatedAt, advisedAt, ...settings }: AdviceSettings) {
  return {
    ...settings,
    advisedAt: advisedAt?.toISOString() ?? null,
    leastGainCents: adviceTypes.flatMap((type) => {
      const cents = settings.leastGainCents[type];
      return cents === undefined || cents === 0 ? [] : [{ type, cents }];
    }),
  };
}
