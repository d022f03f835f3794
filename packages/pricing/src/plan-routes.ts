import type { Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import type { PricePlanId } from "@almanac/db/schema";
import { wakeRelay } from "@almanac/events";
import {
  days,
  marketDay as dayAtMarket,
  type MarketId,
  type ProductId,
  type VariantId,
} from "@almanac/kernel";
import { dayInput, farmProcedure, idInput, procedure, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { promotionWords } from "./core/price-plans.ts";
import type { PricingDeps } from "./deps.ts";
import { cancelPlan, firstDayFor, planPrice } from "./plan-prices.ts";
import { refreshFarmSoon } from "./refresh-farm.ts";
import {
  listFarmMarketDays,
  listPlans,
  listRunningPlans,
  readTimeZone,
  type ListedPlan,
} from "./store/price-plans.ts";

/** Plans that are over are shown for so long. */
const shownDays = 60;
const cents = z.number().int().min(1).max(10_000_000);

const planInput = z.object({
  variantId: idInput<VariantId>(),
  price: z.union([
    z.strictObject({ unitPriceCents: cents }),
    z.strictObject({ units: z.number().int().min(2).max(100), totalCents: cents }),
  ]),
  reason: z.string().trim().max(200).default(""),
  when: z.union([
    z.strictObject({ fromDay: dayInput, toDay: dayInput.nullable().default(null) }),
    z.strictObject({ marketId: idInput<MarketId>(), marketDay: dayInput }),
  ]),
  /** The farm knows that the price lies below its floor. */
  mayBeBelowFloor: z.boolean().default(false),
});

/** Prices that a farm plans for later: they take effect by themselves. */
export function pricePlanRoutes({ bus }: PricingDeps = {}) {
  async function commit<T>(ctx: RequestContext, work: (tx: Transaction, act: Act) => Promise<T>): Promise<T> {
    const act: Act = { now: ctx.clock.now(), traceId: ctx.traceId, userId: ctx.caller.userId };
    const result = await ctx.handle.transaction((tx) => work(tx, act));
    if (bus) await wakeRelay(bus);
    return result;
  }

  return {
    pricePlans: router({
      /** What is planned, what runs and what is over since two months; and the market days that a price may be planned for. */
      list: farmProcedure("farm.read")
        .input(z.object({ productId: idInput<ProductId>().optional() }))
        .query(async ({ ctx, input: { farmId, productId } }) => {
          const now = ctx.clock.now();
          const timeZone = await readTimeZone(ctx.db, farmId);
          const today = dayAtMarket(now, timeZone);
          const [plans, marketDays] = await Promise.all([
            listPlans(ctx.db, farmId, {
              since: new Date(now.getTime() - days(shownDays)),
              ...(productId && { productId }),
            }),
            listFarmMarketDays(ctx.db, farmId, today),
          ]);
          return {
            today,
            plans: plans.map(present),
            marketDays: marketDays.map((one) => ({
              marketId: one.marketId,
              marketName: one.marketName,
              marketDay: one.day,
              fromDay: firstDayFor(one, dayAtMarket(now, one.timeZone)),
            })),
          };
        }),
      /** What a shopper may know of prices that hold for some days: the farm's words, and the last day. */
      current: procedure("public")
        .input(z.object({ productId: idInput<ProductId>() }))
        .query(async ({ ctx, input: { productId } }) =>
          (await listRunningPlans(ctx.db, productId)).map(
            ({ variantId, reason, promotionUnits: units, promotionCents: totalCents, toDay }) => {
              const promotion =
                units === null || totalCents === null ? "" : promotionWords({ units, totalCents });
              const words = [...new Set([promotion, reason])].filter((text) => text !== "").join(" · ");
              return { variantId, words, toDay };
            },
          ),
        ),
      add: farmProcedure("farm.write")
        .input(planInput)
        .mutation(({ ctx, input: { farmId, ...input } }) =>
          commit(ctx, async (tx, act) => {
            const planned = await planPrice(tx, farmId, input, act);
            await refreshFarmSoon(tx, farmId);
            return planned;
          }),
        ),
      /** Takes it back; where it runs, what was asked before is asked again. */
      cancel: farmProcedure("farm.write")
        .input(z.object({ planId: idInput<PricePlanId>() }))
        .mutation(({ ctx, input: { farmId, planId } }) =>
          commit(ctx, async (tx, act) => {
            const now = await cancelPlan(tx, farmId, planId, act);
            await refreshFarmSoon(tx, farmId);
            return now;
          }),
        ),
    }),
  };
}

function present({ promotionUnits: units, promotionCents: totalCents, ...plan }: ListedPlan) {
  return {
    id: plan.id,
    productId: plan.productId,
    productName: plan.productName,
    picture: plan.picture,
    variantId: plan.variantId,
    variantName: plan.variantName,
    priceUnit: plan.priceUnit,
    unitPriceCents: plan.unitPriceCents,
    currentCents: plan.currentCents,
    beforeCents: plan.beforeCents,
    promotion:
      units === null || totalCents === null
        ? null
        : { units, totalCents, words: promotionWords({ units, totalCents }) },
    reason: plan.reason,
    fromDay: plan.fromDay,
    toDay: plan.toDay,
    marketName: plan.marketName,
    marketDay: plan.marketDay,
    isBelowFloor: plan.isBelowFloor,
    status: plan.status,
    /** It runs, and something else is asked: the price was changed by hand since. */
    isOverruled: plan.status === "running" && plan.currentCents !== plan.unitPriceCents,
  };
}
