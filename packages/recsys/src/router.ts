import { counterNames, quantilesOf, readFigures, readLatencies } from "@almanac/events";
import { AppError, type MarketId, type ProductId, type ShopperId } from "@almanac/kernel";
import {
  denialOf,
  idInput,
  limitInput,
  procedure,
  router,
  shopProcedure,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import { z } from "zod";
import { recommendationsAdminRouter } from "./admin-router.ts";
import { triggers } from "./core/lists/triggers.ts";
import { algorithmNames } from "./core/types.ts";
import type { RecsysService } from "./service.ts";
import { homeSections } from "./shapes.ts";
import { hideProduct, listHidden, productExists, unhideProduct } from "./store/hidden.ts";
import { findShopper } from "./store/shopper.ts";
import { latencyCounter, requestKinds, triggerCounter } from "./service/tally.ts";

export interface RecsysDeps {
  readonly recsys: RecsysService;
}

const productId = idInput<ProductId>();

/** What every question may say about who and where; whose recommendations they are, the caller decides. */
const about = z.object({
  marketId: idInput<MarketId>().optional(),
  location: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  excludeProductIds: z.array(productId).max(200).optional(),
  /** Somebody else's, for those with the right to ask; for `forShopper` an account's id does as well. */
  shopperId: idInput<ShopperId>().optional(),
});

const context = z.object({
  pageType: z.string().max(50).optional(),
  searchQuery: z.string().max(200).optional(),
});

export function recsysRoutes({ recsys }: RecsysDeps) {
  return {
    recsys: router({
      forShopper: procedure("public")
        .input(
          about.extend({
            productId: productId.optional(),
            category: z.string().min(1).max(100).optional(),
            limit: limitInput(100, 20),
            context: context.optional(),
          }),
        )
        .query(async ({ ctx, input }) => recsys.forShopper({ ...input, ...(await whoseAndHow(ctx, input)) })),
      similarItems: procedure("public")
        .input(about.extend({ productId, limit: limitInput(50, 8) }))
        .query(async ({ ctx, input }) =>
          recsys.similarItems({ ...input, ...(await whoseAndHow(ctx, input)) }),
        ),
      boughtTogether: procedure("public")
        .input(about.extend({ productId, limit: limitInput(20, 5) }))
        .query(async ({ ctx, input }) =>
          recsys.boughtTogether({ ...input, ...(await whoseAndHow(ctx, input)) }),
        ),
      forCart: procedure("public")
        .input(
          about
            .extend({ limit: limitInput(20, 4) })
            .optional()
            .default({ limit: 4 }),
        )
        .query(async ({ ctx, input }) => recsys.forCart({ ...input, ...(await whoseAndHow(ctx, input)) })),
      trending: procedure("public")
        .input(
          about
            .extend({ limit: limitInput(50, 20) })
            .optional()
            .default({ limit: 20 }),
        )
        .query(async ({ ctx, input }) => recsys.trending({ ...input, ...(await whoseAndHow(ctx, input)) })),
      home: procedure("public")
        .input(
          about
            .extend({
              limit: limitInput(60, 20),
              /** Only these lists; the others are empty then. */
              sections: z.array(z.enum(homeSections)).min(1).max(homeSections.length).optional(),
              /** Places of "for you", in place of its share of the limit. */
              forYouPlaces: z.int().min(1).max(60).optional(),
            })
            .optional()
            .default({ limit: 20 }),
        )
        .query(async ({ ctx, input }) => recsys.home({ ...input, ...(await whoseAndHow(ctx, input)) })),
      /** Instead of a product that is sold out: alike, and bought by the same shoppers. */
      substitutes: procedure("public")
        .input(about.extend({ productId, limit: limitInput(20, 4) }))
        .query(async ({ ctx, input }) =>
          recsys.substitutes({ ...input, ...(await whoseAndHow(ctx, input)) }),
        ),
      /** What the caller buys again and again, with the day on which it is due. */
      buyAgain: procedure("public")
        .input(
          z
            .object({ limit: limitInput(50, 12) })
            .optional()
            .default({ limit: 12 }),
        )
        .query(({ ctx, input }) => recsys.buyAgain({ ...input, shopperId: ctx.caller.shopperId })),
      /** "Not interested": the product stays out of the caller's recommendations until taken back. */
      hide: shopProcedure.input(z.object({ productId })).mutation(async ({ ctx, input }) => {
        if (!(await productExists(ctx.db, input.productId)))
          throw new AppError("product_not_found", "There is no such product.");
        await hideProduct(ctx.db, { ...input, shopperId: ctx.shopperId, now: ctx.clock.now() });
        return { hidden: true };
      }),
      unhide: shopProcedure.input(z.object({ productId })).mutation(async ({ ctx, input }) => {
        await unhideProduct(ctx.db, { ...input, shopperId: ctx.shopperId });
        return { hidden: false };
      }),
      hidden: procedure("public").query(async ({ ctx }) =>
        ctx.caller.shopperId === undefined
          ? []
          : (await listHidden(ctx.db, ctx.caller.shopperId)).map(({ hiddenAt, ...product }) => ({
              ...product,
              hiddenAt: hiddenAt.toISOString(),
            })),
      ),
      /** Which action pushes what: the table itself. */
      triggers: procedure("public").query(() =>
        Object.entries(triggers).map(([action, { sections, reasons, limit }]) => ({
          action,
          sections: [...sections],
          reasons: [...reasons],
          limit,
        })),
      ),
    }),
    admin: {
      recommendations: recommendationsAdminRouter(recsys),
      monitor: router({
        recommendations: procedure("operate.read").query(async ({ ctx }) => {
          const actions = Object.keys(triggers);
          const { recommendationsOk, recommendationsFailed, recommendationsThrottled } = counterNames;
          const timed = [...algorithmNames, ...requestKinds].map(latencyCounter);
          const [counts, durations] = await Promise.all([
            readFigures(ctx.db, [
              recommendationsOk,
              recommendationsFailed,
              recommendationsThrottled,
              ...timed,
              ...actions.map(triggerCounter),
            ]),
            readLatencies(ctx.db, ctx.clock, timed),
          ]);
          const countOf = (name: string): number => counts.get(name)?.count ?? 0;
          const latencyOf = (algorithm: string) => {
            const { count, sum } = counts.get(latencyCounter(algorithm)) ?? { count: 0, sum: 0 };
            const { p50, p95, p99 } = quantilesOf(durations.get(latencyCounter(algorithm)) ?? new Map());
            const meanMs = count === 0 ? null : sum / count / 1_000;
            // The percentiles are those of the last 24 hours.
            return { calls: count, meanMs, p50Ms: p50, p95Ms: p95, p99Ms: p99 };
          };
          const ok = countOf(recommendationsOk);
          const failed = countOf(recommendationsFailed);
          return {
            total: ok + failed,
            ok,
            failed,
            /** 0 to 1; null before the first one. */
            successRate: ok + failed === 0 ? null : ok / (ok + failed),
            throttled: countOf(recommendationsThrottled),
            algorithms: algorithmNames.map((algorithm) => ({ algorithm, ...latencyOf(algorithm) })),
            requests: requestKinds.map((kind) => ({ kind, ...latencyOf(kind) })),
            triggered: actions.map((action) => ({ action, count: countOf(triggerCounter(action)) })),
          };
        }),
      }),
    },
  };
}

/**
 * What somebody else looks up was not shown to the shopper, and must not count as if it were. A browser that has not shopped
 * yet is a stranger with the arms of its cookie.
 *
 * @throws AppError `shopper_not_found` where neither a shopper nor an account has the id that is looked up
 */
async function whoseAndHow(
  ctx: RequestContext,
  about: { readonly shopperId?: ShopperId },
): Promise<{ shopperId?: ShopperId; isLookUp: boolean }> {
  const shopperId = whose(ctx.caller, about);
  if (shopperId === undefined || shopperId === ctx.caller.shopperId)
    return { shopperId: shopperId ?? ctx.visitorId?.(), isLookUp: false };
  const found = await findShopper(ctx.db, shopperId);
  if (!found) throw new AppError("shopper_not_found", "There is no such shopper.");
  return { shopperId: found, isLookUp: true };
}

/**
 * Whose recommendations are answered: the caller's own, or those of the shopper named by somebody who may ask for any.
 *
 * @throws AppError `user_mismatch` for a shopper other than the caller without the right `recommendations.any`
 */
function whose(caller: Caller, { shopperId }: { readonly shopperId?: ShopperId }): ShopperId | undefined {
  if (shopperId === undefined || shopperId === caller.shopperId) return caller.shopperId;
  if (denialOf(caller, "recommendations.any") !== undefined)
    throw new AppError("user_mismatch", "These are another shopper's recommendations.");
  return shopperId;
}
