import type { MarketId, ProductId } from "@almanac/kernel";
import { isUuid } from "@almanac/kernel";
import { idInput, limitInput, procedure, router, textInput } from "@almanac/trpc";
import { z } from "zod";
import { searchesKeptDays, searchReport } from "./report/search-report.ts";
import { defaultSearchLimit } from "./service.ts";
import { rankingRoutes, type RankingRoutesDeps } from "./versions/routes.ts";

export { searchAttributionConsumer } from "./attribution.ts";
export { controlArm } from "./arms.ts";
export { searchAlgorithm } from "./store/search-log.ts";
export type {
  ArmContext,
  ChooseArm,
  RankingChoice,
  RerankCandidate,
  Reranker,
  RerankQuestion,
  SearchArm,
} from "./arms.ts";
export { createLearnedRerankers } from "./learned/learned-rerankers.ts";
export type { LearnedRerankers } from "./learned/learned-rerankers.ts";
export { openSearchEngine } from "./engines/opensearch.ts";
export type { OpenSearchOptions, OutsideEngine } from "./engines/opensearch.ts";
export type { SearchHealth } from "./base-finder.ts";
export { createSearchService } from "./service.ts";
export type { SearchService, SearchServiceOptions } from "./service.ts";
export { createLiveRanking } from "./versions/live-ranking.ts";
export type { LiveRanking, LiveRankingOptions } from "./versions/live-ranking.ts";
export { publishVersion, rollBack, saveDraft } from "./versions/switch-ranking.ts";
export type { RankingAct, RankingDraft, SwitchDone } from "./versions/switch-ranking.ts";
export type { RankingVersion } from "./store/ranking-versions.ts";
export { searchesKeptDays } from "./report/search-report.ts";
export { removeOldSearches } from "./store/search-report.ts";
export type { RankingPreview } from "./versions/preview-ranking.ts";

export type SearchDeps = RankingRoutesDeps;

const slugInput = z.string().min(1).max(120);
const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z.union([item.transform((value) => [value]), z.array(item).max(50)]).optional();
const cents = z.number().int().min(0).max(10_000_000).optional();

const searchIdInput = z.string().refine(isUuid, "must be a lower-case UUID");

const queryInput = z.object({
  q: textInput({ max: 200 }).optional(),
  /** Slug, or several. */
  category: oneOrMore(slugInput),
  /** Slug or id, or several. */
  farm: oneOrMore(slugInput),
  marketId: idInput<MarketId>().optional(),
  organic: z.boolean().optional(),
  inSeason: z.boolean().optional(),
  snap: z.boolean().optional(),
  availableOnly: z.boolean().optional(),
  maxKm: z.number().positive().max(20_000).optional(),
  near: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  minPriceCents: cents,
  maxPriceCents: cents,
  marketDay: oneOrMore(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day such as 2025-08-16")),
  weekday: oneOrMore(z.number().int().min(1).max(7)),
  sort: z.enum(["best", "cheapest", "dearest", "nearest", "freshest"]).optional(),
  limit: limitInput(100, defaultSearchLimit),
  offset: z.number().int().min(0).max(100_000).default(0),
  correct: z.boolean().optional(),
  personalise: z.boolean().optional(),
  shownAs: searchIdInput.optional(),
});

export function searchRoutes(deps: SearchDeps) {
  const { search } = deps;
  return {
    admin: {
      ranking: rankingRoutes(deps),
      search: router({
        /** What was searched for, and what came of it. */
        report: procedure("analyse")
          .input(z.object({ days: z.number().int().min(1).max(searchesKeptDays).default(30) }).prefault({}))
          .query(({ ctx, input }) => searchReport(ctx.db, ctx.clock, input)),
      }),
    },
    search: router({
      query: procedure("public")
        .input(queryInput)
        .query(({ ctx, input }) => {
          const { category, farm, marketDay, weekday, ...rest } = input;
          return search.query(
            { ...rest, categories: category, farms: farm, marketDays: marketDay, weekdays: weekday },
            ctx.caller.shopperId ?? ctx.visitorId?.(),
          );
        }),
      suggest: procedure("public")
        .input(z.object({ q: textInput({ max: 200 }), limit: limitInput(20, 6) }))
        .query(({ ctx, input }) =>
          search.suggest(input.q, { limit: input.limit, shopperId: ctx.caller.shopperId }),
        ),
      /** The shopper opened a result. Answers whether it was noted. */
      click: procedure("public", { limit: "track" })
        .input(
          z.object({
            searchId: searchIdInput,
            productId: idInput<ProductId>(),
            position: z.number().int().min(1).max(100_100),
          }),
        )
        .mutation(async ({ ctx, input }) => ({
          isNoted: await search.click({ ...input, shopperId: ctx.caller.shopperId }),
        })),
    }),
  };
}
