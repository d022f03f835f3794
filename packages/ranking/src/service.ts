import { setImmediate } from "node:timers/promises";
import type { DatabaseHandle } from "@almanac/db";
import type { Team } from "@almanac/experiments";
import { newId } from "@almanac/kernel";
import type { CalendarDay, Clock, FarmId, GeoPoint, MarketId, ProductId, ShopperId } from "@almanac/kernel";
import { createDayBook } from "@almanac/signals/core";
import type { DayBook, Taste } from "@almanac/signals/core";
import type { ProductCard, ShopWindow, TasteReader } from "@almanac/signals";
import type { Logger } from "@almanac/trpc";
import { controlArm } from "./arms.ts";
import type { ArmContext, ChooseArm, RankingChoice, SearchArm } from "./arms.ts";
import { createBaseFinder, type SearchHealth } from "./base-finder.ts";
import type { CatalogFilters } from "./core/answer/facets.ts";
import type { RankingWeights } from "./core/score/final-score.ts";
import type { BaseResult } from "./core/answer/base-result.ts";
import type { CatalogAnswer, CatalogHit, SearchContext } from "./core/answer/search-catalog.ts";
import { rankCandidates } from "./core/answer/search-catalog.ts";
import { markMatches } from "./core/answer/mark-matches.ts";
import { suggest } from "./core/answer/suggest.ts";
import type { OutsideEngine } from "./engines/opensearch.ts";
import { toSearchFacets } from "./facets-view.ts";
import { followShop } from "./follow-shop.ts";
import { learnFromLog } from "./learned/learn-from-log.ts";
import { createSharedQueries } from "./shared-queries.ts";
import { createShopIndex } from "./shop-index.ts";
import type { ShopIndex } from "./shop-index.ts";
import { createRememberedSuggestions } from "./remembered-suggestions.ts";
import { rankByChoice, type ChosenRanking } from "./rank-by-choice.ts";
import { createSearchWriter } from "./search-writer.ts";
import { slotScorer } from "./slot-scorer.ts";
import { updateClick, type SearchClick } from "./store/search-log.ts";
import type { EmptyHint, SearchAnswer, SearchHit, SearchRequest, SearchSuggestions } from "./types.ts";
import { compareQuery, type ComparedQuery } from "./versions/compare-query.ts";
import type { LiveRanking } from "./versions/live-ranking.ts";
import { previewRanking, type RankingPreview } from "./versions/preview-ranking.ts";
import type { RankingVersion } from "./store/ranking-versions.ts";

export interface SearchServiceOptions {
  readonly shopWindow: ShopWindow;
  readonly tasteReader: TasteReader;
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly log: Logger;
  /** Which weights are live. */
  readonly ranking: LiveRanking;
  /** How an experiment would have this search ranked; without an answer it is the control. */
  readonly chooseArm?: ChooseArm;
  /** Finds words instead of the index in memory, which then answers when this one cannot. */
  readonly outsideEngine?: OutsideEngine;
}

export interface SearchService {
  /**
   * Searches what is on sale. The result is what everybody gets, arranged by the shopper's taste where that is allowed; stock
   * and prices of the page are read from the database at the end, and the search is written to the log.
   *
   * @param shopperId absent for a browser that is not known; one without a row yet is dealt its arms by it
   */
  query(request: SearchRequest, shopperId?: ShopperId): Promise<SearchAnswer>;
  /**
   * What a search box offers while somebody types. Reads memory only; the taste of a shopper, which their search will ask for,
   * is read meanwhile.
   */
  suggest(
    typed: string,
    options?: { readonly limit?: number; readonly shopperId?: ShopperId | undefined },
  ): SearchSuggestions;
  /** Reads again what many shoppers searched for; `suggest` does so by itself every ten minutes. */
  refreshSharedQueries(): Promise<void>;
  /** @returns whether it was noted: not for a search of somebody else, or of somebody who refused tracking */
  click(click: SearchClick): Promise<boolean>;
  /** Which queries would have other first places under other weights; see `previewRanking`. */
  previewRanking(weights: { before: RankingWeights; after: RankingWeights }): Promise<RankingPreview>;
  /** One query under two weightings, with the terms of each score. */
  compareRanking(input: Parameters<typeof compareQuery>[1]): ComparedQuery;
  /** Learns to re-rank from the log; a job does so each night. See `learnFromLog`. */
  learn(options?: Parameters<typeof learnFromLog>[1]): ReturnType<typeof learnFromLog>;
  /** Which engine finds words, and whether it is the one that should. */
  health(): SearchHealth;
  close(): void;
}

export const defaultSearchLimit = 24;

export function createSearchService(options: SearchServiceOptions): SearchService {
  const { shopWindow, tasteReader, handle, clock, log, ranking } = options;
  const shopIndex = createShopIndex(shopWindow);
  const { outsideEngine: outside } = options;
  const finder = createBaseFinder({ handle, shopIndex, shopWindow, log, ...(outside && { outside }) });
  const stopFollowing = outside && followShop(outside, shopWindow, log);
  const dayBook = createDayBook();
  const sharedQueries = createSharedQueries({ handle, clock, log });
  const remembered = createRememberedSuggestions(shopWindow);
  const searches = createSearchWriter({ handle, clock, log, index: shopIndex.index });

  const versionOf = async ({ rankingVersion }: RankingChoice): Promise<RankingVersion> =>
    rankingVersion === undefined ? ranking.current() : ranking.version(rankingVersion);

  /** An experiment that fails costs nobody a search: everybody then gets the control. */
  const chosen = async (context: ArmContext): Promise<ChosenRanking> => {
    const live = ranking.current();
    try {
      const arm = (await options.chooseArm?.(context)) ?? controlArm;
      const { interleavedWith } = arm;
      const other = interleavedWith && { ...interleavedWith, version: await versionOf(interleavedWith) };
      return { arm, version: await versionOf(arm), ...(other && { other }) };
    } catch (err) {
      log.error({ err }, "an arm could not be chosen; the control serves");
      return { arm: controlArm, version: live };
    }
  };

  const ranked = (
    base: BaseResult,
    context: SearchContext,
    how: { query: string; choice: ChosenRanking },
  ) => {
    const by = (choice: ChosenRanking) => ({
      ...rankByChoice(shopIndex.index, base, context, { ...how, choice }),
      ...choice,
    });
    if (how.choice.arm === controlArm) return by(how.choice);
    try {
      return by(how.choice);
    } catch (err) {
      log.error({ err, arm: how.choice.arm.arm }, "an arm could not rank; the control serves");
      return by({ arm: controlArm, version: ranking.current() });
    }
  };

  /** A page as a taste would have it, with its stock and prices as the database has them. */
  const draftPage = async (
    { request, query, now, readBase, choice }: Asked,
    taste: Taste | undefined,
  ): Promise<Draft> => {
    const personalise = request.personalise !== false && choice.arm.isPersonal !== false;
    const context = contextOf({ ...request, personalise }, taste, { shopIndex, shopWindow, dayBook, now });
    const base = readBase();
    const { answer: found, teams, arm, version } = ranked(base, context, { query, choice });
    const shownIds = found.hits.map((hit) => hit.productId as ProductId);
    const cards = await shopWindow.checkedCards(handle.db, shownIds, {
      now,
      ...(context.near && { location: context.near }),
      ...(request.marketId && { marketId: request.marketId }),
    });
    return { context, base, found, teams, arm, version, cards };
  };

  const suggestNow = (
    typed: string,
    { limit, now, today }: { limit: number; now: Date; today: CalendarDay },
  ): SearchSuggestions => {
    const found = suggest(shopIndex.index, typed, { limit, today });
    const words = found.correctedQuery ?? typed;
    const marked = (name: string) => ({ name, marks: markMatches(name, words) });
    return {
      products: shopWindow
        .cards(
          found.products.map(({ id }) => id as ProductId),
          { now },
        )
        .map(({ id, slug, name, picture, isAvailable, season: { returnsOn } }) => ({
          id,
          slug,
          ...marked(name),
          picture,
          isAvailable,
          ...(!isAvailable && returnsOn !== undefined && { returnsOn }),
        })),
      categories: found.categories.map(({ name, count }) => ({
        slug: shopIndex.categorySlug(name) ?? name,
        ...marked(name),
        count,
      })),
      farms: found.farms.map(({ id, name, count }) => ({
        id: id as FarmId,
        slug: shopIndex.farmSlug(id) ?? id,
        ...marked(name),
        count,
      })),
      queries: sharedQueries.beginningWith(typed, limit),
      ...(found.correctedQuery !== undefined && { correctedTo: found.correctedQuery }),
    };
  };

  return {
    async query(request, shopperId) {
      const startedAt = performance.now();
      const now = clock.now();
      const query = request.q?.trim() ?? "";
      const ask = async (): Promise<Asked> => {
        const [readBase, choice] = await Promise.all([
          finder.find(query, { fuzzy: request.correct !== false }),
          chosen({
            query,
            now,
            ...(shopperId && { shopperId }),
            ...(request.marketId && { marketId: request.marketId }),
          }),
        ]);
        return { request, query, now, readBase, choice };
      };
      // What is remembered of a shopper holds more often than not: the page by it is made while the database is asked.
      const expected = shopperId && tasteReader.recall(shopperId, now);
      const loading = shopperId && tasteReader.load(handle.db, shopperId, now);
      // The words are matched while the database reads, not before it is asked.
      const asking = loading && !expected ? isSent().then(ask) : ask();
      const [taste, asked, early] = await Promise.all([
        loading || undefined,
        asking,
        expected && asking.then((question) => draftPage(question, expected)),
      ]);
      const draft = early && taste === expected ? early : await draftPage(asked, taste);
      const { context, base, found, teams, arm, version } = draft;
      const cards = new Map(draft.cards.map((card) => [card.id, card]));
      const hits = found.hits.flatMap((hit) => toHit(hit, cards.get(hit.productId as ProductId)) ?? []);
      const isAnyAvailable = hits.some(({ card }) => card.isAvailable);
      const emptyHint =
        query === "" || isAnyAvailable
          ? undefined
          : findHint(base, { ...context, weights: version.weights }, { shopIndex, shopWindow });
      const answer: SearchAnswer = {
        searchId: newId(now.getTime()),
        query,
        ...(found.correctedQuery !== undefined && { correctedTo: found.correctedQuery }),
        ...(found.offeredQuery !== undefined && { didYouMean: found.offeredQuery }),
        ...(found.unmet && { unmet: found.unmet }),
        total: found.total,
        hits,
        facets: toSearchFacets(found.facets, shopIndex),
        ...(emptyHint && { emptyHint }),
        personalised: found.personalized,
        rankingVersion: version.number,
        arm: arm.arm,
        tookMs: Math.round((performance.now() - startedAt) * 10) / 10,
      };
      if (taste && !taste.mayTrack) return answer;
      const searchId = await searches.write({ request, answer, arm, teams, shopperId: taste?.shopperId });
      return { ...answer, searchId };
    },

    suggest(typed, { limit = 6, shopperId } = {}) {
      const now = clock.now();
      if (shopperId)
        tasteReader.warm(handle.db, shopperId, now).catch((err: unknown) => {
          log.warn({ err }, "a taste could not be read ahead");
        });
      const today = dayOf(marketOf(shopWindow, undefined), dayBook, now);
      const indexRevision = shopIndex.index.revision;
      const ground = { now, today, indexRevision, queriesRevision: sharedQueries.revision() };
      return remembered.find({ typed, limit }, ground, () => suggestNow(typed, { limit, now, today }));
    },

    refreshSharedQueries: () => sharedQueries.refresh(),

    async click(click) {
      const noted = await updateClick(handle.db, click);
      if (noted && click.shopperId) tasteReader.drop(click.shopperId);
      return noted;
    },

    previewRanking: (weights) => previewRanking({ handle, clock, shopWindow, shopIndex }, weights),

    compareRanking: (input) => compareQuery({ shopIndex, shopWindow, clock }, input),

    learn(learnOptions) {
      const { index } = shopIndex;
      return learnFromLog({ handle, clock, index, weights: ranking.current().weights }, learnOptions);
    },

    health: () => finder.health(),

    close() {
      stopFollowing?.();
      shopIndex.close();
    },
  };
}

/** A statement that was made just now is on its way: the driver sends what it was given in the turn after. */
async function isSent(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** A search, and what is found whoever asks. */
interface Asked {
  readonly request: SearchRequest;
  readonly query: string;
  readonly now: Date;
  /** Off the index as it is then. */
  readonly readBase: () => BaseResult;
  readonly choice: ChosenRanking;
}

interface Draft {
  readonly context: SearchContext;
  readonly base: BaseResult;
  readonly found: CatalogAnswer;
  readonly teams: ReadonlyMap<string, Team> | undefined;
  readonly arm: SearchArm;
  readonly version: RankingVersion;
  readonly cards: readonly ProductCard[];
}

interface Shop {
  readonly shopIndex: ShopIndex;
  readonly shopWindow: ShopWindow;
}

function contextOf(
  request: SearchRequest,
  taste: Taste | undefined,
  { shopIndex, shopWindow, dayBook, now }: Shop & { dayBook: DayBook; now: Date },
): SearchContext {
  const market = marketOf(shopWindow, request.marketId ?? taste?.marketId);
  const near = request.near ?? taste?.location ?? market?.place;
  const scorer =
    taste === undefined || request.personalise === false ? undefined : slotScorer(shopIndex, taste, now);
  return {
    now: now.getTime(),
    today: dayOf(market, dayBook, now),
    filters: filtersOf(request, shopIndex),
    limit: request.limit ?? defaultSearchLimit,
    ...(near && { near }),
    ...(request.sort && { sort: request.sort }),
    ...(request.offset !== undefined && { offset: request.offset }),
    ...(scorer && { personalize: scorer }),
  };
}

const dayOf = (market: { timeZone: string } | undefined, dayBook: DayBook, now: Date): CalendarDay =>
  market ? dayBook.dayAt(now, market.timeZone) : now.toISOString().slice(0, 10);

/** The market asked for, else the first there is: whose calendar decides what is in season, and from where it is far. */
function marketOf(
  shopWindow: ShopWindow,
  marketId: MarketId | undefined,
): { place: GeoPoint | undefined; timeZone: string } | undefined {
  const named = marketId && shopWindow.findMarket(marketId)?.market;
  const market = named || shopWindow.markets()[0]?.market;
  return (
    market && {
      place: named ? { latitude: market.latitude, longitude: market.longitude } : undefined,
      timeZone: market.timeZone,
    }
  );
}

/** What names nothing finds nothing, rather than everything: an unknown farm is a farm without products. */
function filtersOf(request: SearchRequest, shopIndex: ShopIndex): CatalogFilters {
  const { marketId, organic, inSeason, snap, availableOnly, maxKm, marketDays, weekdays } = request;
  return {
    ...(request.categories?.length && {
      categories: request.categories.map((slug) => shopIndex.categoryName(slug) ?? slug),
    }),
    ...(request.farms?.length && { farmIds: request.farms.map((farm) => shopIndex.farmId(farm) ?? farm) }),
    ...(marketId && { marketIds: [marketId] }),
    ...(organic && { organic }),
    ...(inSeason && { inSeason }),
    ...(snap && { snapEligible: snap }),
    ...(availableOnly && { availableOnly }),
    ...(maxKm !== undefined && { maxDistanceKm: maxKm }),
    ...(request.minPriceCents !== undefined && { minPriceCents: request.minPriceCents }),
    ...(request.maxPriceCents !== undefined && { maxPriceCents: request.maxPriceCents }),
    ...(marketDays?.length && { pickupWindows: marketDays }),
    ...(weekdays?.length && { weekdays }),
  };
}

function toHit({ score, explain, rank }: CatalogHit, card: ProductCard | undefined): SearchHit | undefined {
  if (!card) return undefined;
  const terms = Object.fromEntries(
    explain.map(({ term, value, weight, contribution }) => [term, { value, weight, contribution }]),
  ) as SearchHit["explain"];
  return { card, score, explain: terms, position: rank };
}

/** How many of the best matches are looked through for one that comes back. */
const hintCandidates = 20;

/**
 * Of what the words match, filters or not, the best that will be back: with the first day of its next harvest if
 * that is known, else the best that is sold out. Nothing while any of them can be had.
 */
function findHint(
  base: BaseResult,
  context: SearchContext,
  { shopIndex, shopWindow }: Shop,
): EmptyHint | undefined {
  const { filters: _filters, ...unfiltered } = context;
  const { hits } = rankCandidates(shopIndex.index, base, { ...unfiltered, offset: 0, limit: hintCandidates });
  const cards = shopWindow.cards(
    hits.map((hit) => hit.productId as ProductId),
    { now: new Date(context.now) },
  );
  if (cards.some((card) => card.isAvailable)) return undefined;
  const chosen = cards.find((card) => card.season.returnsOn !== undefined) ?? cards[0];
  if (!chosen) return undefined;
  const { id, slug, name, season } = chosen;
  return {
    productId: id,
    slug,
    name,
    reason: season.phase === "off" || season.phase === "coming" ? "off_season" : "sold_out",
    ...(season.returnsOn !== undefined && { returnsOn: season.returnsOn }),
  };
}
