import { listCategories, listMarkets } from "@almanac/catalog";
import { days } from "@almanac/kernel";
import { outlookNow, type ModelService, type ShopperOutlook } from "@almanac/models";
import { procedure, router } from "@almanac/trpc";
import { z } from "zod";
import { groupTrends, lately, periodCount, periodDays } from "./core/group-trends.ts";
import { segmentSizes, tellableFlows } from "./core/migration.ts";
import type { Situation } from "./core/next-best-action.ts";
import { describeRule } from "./core/segments.ts";
import { profileAll, profileNow } from "./profiling.ts";
import { countSegments, readCoverage, readFlows } from "./store/profiles.ts";
import { readGroupPurchases } from "./store/purchases.ts";

export { insightsEraseStep, insightsExportStep, insightsMergeStep } from "./personal-data.ts";
export { profileAll } from "./profiling.ts";

export interface InsightsDeps {
  readonly models: ModelService;
}

export function insightsRoutes({ models }: InsightsDeps) {
  return {
    insights: router({
      /** How Almanac sees whoever asks; `null` for who does not want to be profiled and for whom nothing is known. */
      me: procedure("shop").query(async ({ ctx }) => {
        const { shopperId } = ctx.caller;
        if (!shopperId) return null;
        // A model that is missing or damaged takes nothing else from the page.
        const outlook = await outlookNow({ handle: ctx.handle, clock: ctx.clock, models }, shopperId).catch(
          (err: unknown) => {
            ctx.log.warn({ err }, "what is expected of a shopper could not be told");
            return undefined;
          },
        );
        const profile = await profileNow(ctx.db, shopperId, ctx.clock.now(), outlook && churnOf(outlook));
        if (!profile) return null;
        return {
          ...profile,
          churnRisk: outlook?.churnRisk ?? null,
          lifetimeValue: outlook?.lifetimeValue ?? null,
          outlookAt: outlook?.computedAt ?? null,
        };
      }),
    }),
    admin: {
      insights: router({
        /** All segments with their rules and sizes, and who moved between them; groups under ten are held back. */
        segments: procedure("analyse")
          .input(z.object({ days: z.int().min(1).max(365).default(28) }))
          .query(async ({ ctx, input }) => {
            const since = new Date(ctx.clock.now().getTime() - days(input.days));
            const [counts, flows, coverage] = await Promise.all([
              countSegments(ctx.db),
              readFlows(ctx.db, since),
              readCoverage(ctx.db),
            ]);
            const { total, sizes, heldBack } = segmentSizes(counts);
            const told = tellableFlows(flows, sizes);
            return {
              total,
              heldBack,
              refused: coverage.refused,
              computedAt: coverage.computedAt?.toISOString() ?? null,
              segments: sizes.map((size) => ({ ...size, rule: describeRule(size.segment) })),
              flows: told,
              isFlowPartial: flows.length > told.length,
            };
          }),
        /**
         * What rises and falls by market or by segment, in shares of what each spends. Nothing that fewer than ten shoppers
         * bought is told. `periods` are the days that each share is of, the latest last; `now` is the mean share of the latest
         * three that are told.
         */
        trends: procedure("analyse")
          .input(z.object({ by: z.enum(["market", "segment"]) }))
          .query(async ({ ctx, input }) => {
            const now = ctx.clock.now();
            const [purchases, markets, categories] = await Promise.all([
              readGroupPurchases(ctx.db, input.by, now),
              listMarkets(ctx.db),
              listCategories(ctx.db),
            ]);
            const names = new Map<string, string>(markets.map(({ id, name }) => [id, name]));
            const categoryNames = new Map(categories.map(({ slug, name }) => [slug, name]));
            const { trends, tooLittle } = groupTrends(purchases);
            return {
              by: input.by,
              tooLittle,
              periods: Array.from({ length: periodCount }, (_, at) => ({
                from: new Date(now.getTime() - days(periodDays * (periodCount - at))).toISOString(),
                to: new Date(now.getTime() - days(periodDays * (periodCount - at - 1))).toISOString(),
              })),
              trends: trends.map((trend) => ({
                ...trend,
                groupName: names.get(trend.group) ?? trend.group,
                categoryName: categoryNames.get(trend.category) ?? trend.category,
                now: lately(trend.shares),
              })),
            };
          }),
        /** Works all profiles out now instead of tonight. */
        recompute: procedure("operate.write", { limit: "heavy" }).mutation(({ ctx }) =>
          profileAll({ handle: ctx.handle, clock: ctx.clock }),
        ),
      }),
    },
  };
}

/** What the next best action rests on; nothing while nothing can be told. */
function churnOf({ churnRisk, lifetimeValue }: ShopperOutlook): Situation["churn"] {
  const { probability, isAtRisk, reasons } = churnRisk;
  if (probability === null) return undefined;
  const [reason] = reasons;
  return { isAtRisk, probability, valueCents: lifetimeValue?.cents ?? 0, ...(reason && { reason }) };
}
