import { listPriceChanges, type Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import { wakeRelay } from "@almanac/events";
import { comingDemand, type ComingDay, type ForecastingDeps } from "@almanac/planning";
import { AppError, days, type FarmId, type ProductId, type VariantId } from "@almanac/kernel";
import { farmProcedure, idInput, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { adviceOn, adviseFarm, costFor } from "./advising.ts";
import type { PricingDeps } from "./deps.ts";
import { learnElasticities } from "./learning.ts";
import { presentAdvice, presentLadder, presentWhatIf } from "./shapes.ts";
import { deleteCost, saveCost } from "./store/costs.ts";
import { hasElasticities } from "./store/elasticities.ts";
import { acceptSuggestion, dismissSuggestion, undoDecision, type DecisionId } from "./workflows.ts";

export type { PricingDeps } from "./deps.ts";
export { learnElasticities } from "./learning.ts";
export { pricePlanRoutes } from "./plan-routes.ts";
export { applyDuePlans } from "./plan-steps.ts";
export { refreshFarmJob } from "./refresh-farm.ts";

const productId = idInput<ProductId>();
const cents = z.number().int().min(0).max(10_000_000);
const choice = {
  variantId: idInput<VariantId>(),
  currentCents: cents,
  suggestedCents: cents,
};

export function pricingRoutes({ bus, weather }: PricingDeps = {}) {
  async function commit<T>(ctx: RequestContext, work: (tx: Transaction, act: Act) => Promise<T>): Promise<T> {
    const act: Act = { now: ctx.clock.now(), traceId: ctx.traceId, userId: ctx.caller.userId };
    const result = await ctx.handle.transaction((tx) => work(tx, act));
    if (bus) await wakeRelay(bus);
    return result;
  }
  const read = farmProcedure("farm.read");
  const write = farmProcedure("farm.write");

  return {
    pricing: router({
      /**
       * Every price of the farm with what might be asked instead, why, and what that would do. Nothing is changed by it.
       * Where nothing was learned yet it is learned now.
       */
      suggestions: read.query(async ({ ctx, input: { farmId } }) => {
        const { currency, advice } = await adviseNow(ctx, farmId);
        return { currency, offers: advice.map(presentAdvice) };
      }),
      /**
       * One product: the same, with what the next market day would come to at other prices, the ladder at the end of a day, and
       * past prices.
       */
      product: read.input(z.object({ productId })).query(async ({ ctx, input }) => {
        const { currency, advice } = await adviseNow(ctx, input.farmId);
        const own = adviceOn(advice, input.productId);
        if (own.length === 0) throw new AppError("product_not_found", "There is no such product.");
        const since = new Date(ctx.clock.now().getTime() - days(730));
        const [changes, day] = await Promise.all([
          listPriceChanges(ctx.db, { since, variantIds: own.map(({ offer }) => offer.variantId) }),
          nextDay(
            { handle: ctx.handle, clock: ctx.clock, ...(weather && { weather }) },
            input.farmId,
            input.productId,
          ),
        ]);
        return {
          currency,
          offers: own.map((one) => ({
            ...presentAdvice(one),
            whatIf: presentWhatIf(one, {
              currency,
              day,
              askedCents: (changes.get(one.offer.variantId) ?? []).flatMap((change) => [
                change.oldPriceCents,
                change.newPriceCents,
              ]),
            }),
            ladder: presentLadder(one, currency),
            changes: (changes.get(one.offer.variantId) ?? []).map((change) => ({
              at: change.changedAt.toISOString(),
              fromCents: change.oldPriceCents,
              toCents: change.newPriceCents,
              reason: change.reason,
            })),
          })),
        };
      }),
      accept: write
        .input(z.object(choice))
        .mutation(({ ctx, input: { farmId, ...one } }) =>
          commit(ctx, (tx, act) => acceptSuggestion(tx, farmId, one, act)),
        ),
      dismiss: write
        .input(z.object(choice))
        .mutation(({ ctx, input: { farmId, ...one } }) =>
          commit(ctx, (tx, act) => dismissSuggestion(tx, farmId, one, act)),
        ),
      undo: write
        .input(z.object({ decisionId: idInput<DecisionId>() }))
        .mutation(({ ctx, input: { farmId, decisionId } }) =>
          commit(ctx, (tx, act) => undoDecision(tx, farmId, decisionId, act)),
        ),
      /** What a product costs the farm and what it wants on top, for as much as `perBase`; asked of nobody else. */
      setCost: write
        .input(
          z.object({
            productId,
            costCents: cents,
            perBase: z.number().int().min(1).max(1_000_000),
            marginBasisPoints: z.number().int().min(0).max(100_000),
            salvageCents: cents.default(0),
          }),
        )
        .mutation(({ ctx, input }) =>
          commit(ctx, async (tx, { now }) => {
            const { advice } = await adviseFarm(tx, input.farmId, now);
            const [own] = adviceOn(advice, input.productId);
            if (!own) throw new AppError("product_not_found", "There is no such product.");
            const cost = { ...input, updatedAt: now };
            await saveCost(tx, cost);
            return { ...costFor(own.offer, cost), marginBasisPoints: input.marginBasisPoints };
          }),
        ),
      clearCost: write.input(z.object({ productId })).mutation(({ ctx, input }) =>
        commit(ctx, async (tx) => {
          await deleteCost(tx, input.farmId, input.productId);
          return { cost: null };
        }),
      ),
    }),
  };
}

/** The next market day of a product, with what is expected of it. */
async function nextDay(
  deps: ForecastingDeps,
  farmId: FarmId,
  productId: ProductId,
): Promise<ComingDay | undefined> {
  const [next] = await comingDemand(deps, { farmId, productId });
  return next;
}

async function adviseNow(ctx: RequestContext, farmId: FarmId) {
  if (!(await hasElasticities(ctx.db))) await learnElasticities({ handle: ctx.handle, clock: ctx.clock });
  return adviseFarm(ctx.db, farmId, ctx.clock.now());
}
