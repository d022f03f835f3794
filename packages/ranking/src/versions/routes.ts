import type { Bus } from "@almanac/events";
import { AppError } from "@almanac/kernel";
import { limitInput, procedure, router, textInput, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { rankingTerms } from "../core/score/final-score.ts";
import type { RankingTerm } from "../core/score/final-score.ts";
import type { SearchService } from "../service.ts";
import { listModels } from "../store/ranking-models.ts";
import { listSwitches, listVersions } from "../store/ranking-versions.ts";
import type { LiveRanking } from "./live-ranking.ts";
import { shippedRanking } from "./shipped.ts";
import { publishVersion, rollBack, saveDraft, type RankingAct } from "./switch-ranking.ts";

export interface RankingRoutesDeps {
  readonly search: SearchService;
  readonly ranking: LiveRanking;
  readonly bus: Bus;
}

const numberInput = z.number().int().min(0).max(2_000_000_000);
/** Any numbers: that each is a share and that they sum to one is said in one sentence, by `parseRankingWeights`. */
const weightsInput = z.strictObject(
  Object.fromEntries(rankingTerms.map((term) => [term, z.number()])) as Record<RankingTerm, z.ZodNumber>,
);
const draftInput = z.object({
  weights: weightsInput,
  note: textInput({ max: 300 }).default(""),
  basedOn: numberInput.optional(),
});

/** Procedures of `admin.ranking`: versions of the weights, what they would change, which one is live. */
export function rankingRoutes({ search, ranking, bus }: RankingRoutesDeps) {
  const actOf = ({ handle, clock, caller }: RequestContext): RankingAct => {
    const { userId } = caller;
    if (!userId) throw new AppError("sign_in_required", "Sign in to do this.");
    return { handle, bus, clock, actorUserId: userId };
  };
  return router({
    /** What search goes by now, versions and switches, the newest first. The shipped version is the last. */
    list: procedure("operate.read")
      .input(z.object({ limit: limitInput(200, 50) }).prefault({}))
      .query(async ({ ctx, input }) => {
        await ranking.look();
        const [versions, switches] = await Promise.all([
          listVersions(ctx.db, input.limit),
          listSwitches(ctx.db, input.limit),
        ]);
        const live = ranking.current();
        return { live: live.number, liveVersion: live, versions: [...versions, shippedRanking], switches };
      }),
    /** Which queries would have other first places, side by side with what is live. */
    preview: procedure("operate.read")
      .input(z.object({ weights: weightsInput, against: numberInput.optional() }))
      .query(async ({ input }) => {
        await ranking.look();
        const live = ranking.current();
        const against = input.against === undefined ? live : await ranking.version(input.against);
        const preview = await search.previewRanking({ before: against.weights, after: input.weights });
        return { against: against.number, ...preview };
      }),
    /** The first places of one query under what is live and under other weights, each with the terms of its score. */
    compare: procedure("operate.read")
      .input(
        z.object({ query: textInput({ max: 200 }), weights: weightsInput, against: numberInput.optional() }),
      )
      .query(async ({ input }) => {
        await ranking.look();
        const live = ranking.current();
        const against = input.against === undefined ? live : await ranking.version(input.against);
        const { query, weights: after } = input;
        return {
          against: against.number,
          ...search.compareRanking({ query, before: against.weights, after }),
        };
      }),
    /** What was learned from the searches, night by night, the newest first. */
    learned: procedure("operate.read")
      .input(z.object({ limit: limitInput(100, 14) }).prefault({}))
      .query(async ({ ctx, input }) => {
        const found = await listModels(ctx.db, input.limit);
        return found.map(({ fromAt, untilAt, fittedAt, ...model }) => ({
          ...model,
          fromAt: fromAt.toISOString(),
          untilAt: untilAt.toISOString(),
          fittedAt: fittedAt.toISOString(),
        }));
      }),
    saveDraft: procedure("operate.write", { limit: "write" })
      .input(draftInput)
      .mutation(({ ctx, input }) => saveDraft(actOf(ctx), input)),
    publish: procedure("operate.write", { limit: "write" })
      .input(z.object({ number: numberInput, expectedLive: numberInput.optional() }))
      .mutation(async ({ ctx, input }) => {
        const done = await publishVersion(actOf(ctx), input);
        await ranking.look();
        return done;
      }),
    /** Back to what the live version replaced. */
    rollBack: procedure("operate.write", { limit: "write" })
      .input(z.object({ expectedLive: numberInput.optional() }).prefault({}))
      .mutation(async ({ ctx, input }) => {
        const done = await rollBack(actOf(ctx), input);
        await ranking.look();
        return done;
      }),
  });
}
