import { counterNames, quantilesOf, readFigures, readLatencies } from "@almanac/events";
import { AppError, type MarketId, type ProductId, type ShopperId } from "@almanac/kernel";
import { denialOf, idInput, limitInput, procedure, router, type Caller } from "@almanac/trpc";
import { z } from "zod";
import { triggers } from "./core/triggers.ts";
import { algorithmNames } from "./core/types.ts";
import type { RecsysService } from "./service.ts";
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
  /** Somebody else's, for those with the right to ask. */
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
        .query(({ ctx, input }) => recsys.forShopper({ ...input, shopperId: whose(ctx.caller, input) })),
      similarItems: procedure("public")
        .input(about.extend({ productId, limit: limitInput(50, 8) }))
        .query(({ ctx, input }) => recsys.similarItems({ ...input, shopperId: whose(ctx.caller, input) })),
      boughtTogether: procedure("public")
        .input(about.extend({ productId, limit: limitInput(20, 5) }))
        .query(({ ctx, input }) => recsys.boughtTogether({ ...input, shopperId: whose(ctx.caller, input) })),
      forCart: procedure("public")
        .input(
          about
            .extend({ limit: limitInput(20, 4) })
            .optional()
            .default({ limit: 4 }),
        )
        .query(({ ctx, input }) => recsys.forCart({ ...input, shopperId: whose(ctx.caller, input) })),
      trending: procedure("public")
        .input(
          about
            .extend({ limit: limitInput(50, 20) })
            .optional()
            .default({ limit: 20 }),
        )
        .query(({ ctx, input }) => recsys.trending({ ...input, shopperId: whose(ctx.caller, input) })),
      home: procedure("public")
        .input(
          about
            .extend({ limit: limitInput(60, 20) })
            .optional()
            .default({ limit: 20 }),
        )
        .query(({ ctx, input }) => recsys.home({ ...input, shopperId: whose(ctx.caller, input) })),
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
 * Whose recommendations are answered: the caller's own, or those of the shopper named by somebody who may ask for any.
 *
 * @throws AppError `user_mismatch` for a shopper other than the caller without the right `recommendations.any`
 */
function whose(caller: Caller, { shopperId }: z.infer<typeof about>): ShopperId | undefined {
  if (shopperId === undefined || shopperId === caller.shopperId) return caller.shopperId;
  if (denialOf(caller, "recommendations.any") !== undefined)
    throw new AppError("user_mismatch", "These are another shopper's recommendations.");
  return shopperId;
}
