import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Clock, Milliseconds, ProductId, ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import type { StartBuilder } from "./building/builder.ts";
import { arms, type Arm } from "./core/arms/arms.ts";
import { substitutesFor } from "./core/arms/substitutes.ts";
import type { ServingArm } from "./core/arms/names.ts";
import type { Measure } from "./core/lists/recommend.ts";
import { triggers, type TriggerAction, type TriggeredSection } from "./core/lists/triggers.ts";
import type { AlgorithmName } from "./core/types.ts";
import { homeSections, type recommendationContexts } from "./shapes.ts";
import type { ShopView } from "./shop.ts";
import { comingSoon } from "./service/calendar-lists.ts";
import { confirm } from "./service/gate.ts";
import { calendarPlaces, draftHome, noSlate } from "./service/home.ts";
import { createImpressionLog, type ShownSlate } from "./service/impressions.ts";
import { presentItems, type RecommendationItem } from "./service/present.ts";
import { assertKnown } from "./service/known-product.ts";
import { createShopperReader } from "./service/shopper-reader.ts";
import { interleave, sectionQueries } from "./service/sections.ts";
import { situate, type RecommendationAsk, type Situation } from "./service/situation.ts";
import { listBuyAgain, type BuyAgainList } from "./service/buy-again.ts";
import { recsysChannel } from "./service/freshness.ts";
import { findTargets, nameTarget } from "./workflows.ts";
import type { StoredRule } from "./store/rules.ts";
import { createTally, latencyCounter, type RequestKind } from "./service/tally.ts";
import { createWorldKeeper, type BuildHealth } from "./service/world-keeper.ts";

export interface RecsysServiceOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  /** Loaded before `start`. */
  readonly shopWindow: ShopView;
  /** 15 minutes unless set otherwise. */
  readonly buildEveryMs?: Milliseconds;
  /** How a building thread is started; another one in tests. */
  readonly startBuilder?: StartBuilder;
  /** Which arm recommends for whom; the owner's five for everybody unless an experiment says otherwise. */
  readonly chooseArm?: ChooseArm;
}

/** Who asks, for whoever assigns arms: to the same shopper the same arm. */
export interface ArmContext {
  readonly shopperId?: ShopperId;
}

/** "none" leaves every list empty that is personal or made by a model; what everybody sees alike stays, in its plain order. */
export type ChooseArm = (context: ArmContext) => ServingArm | Promise<ServingArm>;

/** An answer of REC-14: what, why, by which algorithms, when, for whom. */
export interface Recommendations {
  readonly items: RecommendationItem[];
  readonly algorithms: AlgorithmName[];
  /** ISO time. */
  readonly timestamp: string;
  readonly userId: string | null;
  readonly trigger?: string;
  readonly productId?: string;
  readonly context?: (typeof recommendationContexts)[number];
  /** Which arm made the list, where several could; "none" where the shopper is held out of it. */
  readonly arm?: ServingArm;
  /** Under which its impressions are kept; absent where they are not. */
  readonly slateId?: string;
}

/** The home page's lists; see `draftHome` for who chooses first. */
export interface HomeRecommendations {
  readonly forYou: RecommendationItem[];
  readonly trending: RecommendationItem[];
  readonly inSeason: RecommendationItem[];
  readonly newArrivals: RecommendationItem[];
  readonly priceDrops: RecommendationItem[];
  readonly coming: RecommendationItem[];
  readonly ending: RecommendationItem[];
  readonly algorithms: AlgorithmName[];
  readonly timestamp: string;
  readonly userId: string | null;
  readonly arm?: ServingArm;
  readonly slateId?: string;
}

/**
 * Recommendations of one process: reads everything in bulk at start and every 15 minutes, serves from memory, and confirms
 * with the database what it is about to show. Nothing sold out, delisted, outside the order window, excluded or in the
 * cart is answered; `coming`, which announces harvests, is the one list that is not on sale.
 *
 * Asked about a product, it throws AppError `product_not_found` where that was never on sale; what an action sets off
 * (`triggered`) goes by what it finds.
 */
export interface RecsysService {
  /** Listens to the other processes and builds for the first time. */
  start(): Promise<void>;
  build(): Promise<void>;
  stop(): Promise<void>;
  /** How the building of what is served goes. */
  health(): BuildHealth;
  /** Adds to a counter that operators see: one unless told. */
  count(name: string, by?: number): void;
  /** An operator changed the rules: this process reads them now, the others when they hear of it. */
  rulesChanged(): Promise<void>;
  /** What is for sale by that id, slug or name, as rules keep it; several where a name is not unique. */
  findTargets(target: Pick<StoredRule, "target" | "targetId">): string[];
  /** What a rule is about, in words. */
  nameTarget(target: Pick<StoredRule, "target" | "targetId">): string;
  productCount(): number;
  /** Ids of the farms that are new or small. */
  newFarms(): Promise<string[]>;
  /** 4 unless asked otherwise. */
  substitutes(ask: RecommendationAsk & { readonly productId: string }): Promise<Recommendations>;
  /** What is bought again and again, the likeliest to be wanted now first; 12 unless asked otherwise. */
  buyAgain(ask: RecommendationAsk): Promise<BuyAgainList>;
  /** Writes the counts and the impressions that are still in memory. */
  flushCounts(): Promise<void>;
  forShopper(ask: RecommendationAsk): Promise<Recommendations>;
  /** Like the product on the page; 8 unless asked otherwise. */
  similarItems(ask: RecommendationAsk & { readonly productId: string }): Promise<Recommendations>;
  /** 5 unless asked otherwise. */
  boughtTogether(ask: RecommendationAsk & { readonly productId: string }): Promise<Recommendations>;
  /** What completes the shopper's cart; 4 unless asked otherwise. */
  forCart(ask: RecommendationAsk): Promise<Recommendations>;
  trending(ask: RecommendationAsk): Promise<Recommendations>;
  home(ask: RecommendationAsk): Promise<HomeRecommendations>;
  /**
   * What an action sets off, by the trigger table.
   *
   * @returns `undefined` for a shopper who asked not to be tracked: nothing may be pushed to them
   */
  triggered(action: TriggerAction, ask: RecommendationAsk): Promise<Recommendations | undefined>;
}

export function createRecsysService(options: RecsysServiceOptions): RecsysService {
  const { handle, clock, shopWindow } = options;
  const keeper = createWorldKeeper(options);
  const tally = createTally(options);
  const measure: Measure = (algorithm, work) => tally.time(algorithm, work);

  /** Counts the request as done or failed, with its time. */
  async function counted<Result>(kind: RequestKind, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    try {
      const result = await work();
      tally.succeeded();
      tally.add(latencyCounter(kind), (performance.now() - startedAt) * 1_000);
      return result;
    } catch (error) {
      tally.failed();
      throw error;
    }
  }

  const impressions = createImpressionLog(options);
  const chooseArm: ChooseArm = options.chooseArm ?? (() => "control");

  /** @returns `undefined` for a shopper who is held out */
  async function armFor({ shopperId }: RecommendationAsk): Promise<Arm | undefined> {
    const name = await chooseArm({ shopperId });
    return name === "none" ? undefined : arms[name];
  }

  /** What is answered to a shopper who is held out. */
  const nothingFor = ({ shopperId }: RecommendationAsk): Recommendations => ({
    items: [],
    algorithms: [],
    timestamp: clock.now().toISOString(),
    userId: shopperId ?? null,
    arm: "none",
  });

  /** Remembers what is shown; `arm` and, where it is remembered, `slateId` belong to the answer. */
  function remember(
    where: Situation,
    ask: RecommendationAsk,
    shown: Pick<ShownSlate, "place" | "arm" | "items">,
  ): Pick<Recommendations, "arm" | "slateId"> {
    const { arm } = shown;
    const { shopperId } = ask;
    if (!where.mayRemember || shopperId === undefined || shown.items.length === 0) return { arm };
    const { productIndex, columns } = where.world.snapshot;
    const slateId = impressions.add({
      ...shown,
      shopperId,
      marketId: where.cardOptions.marketId,
      isNewFarm: ({ card }) => columns.isNewFarm[productIndex.get(card.id) ?? -1] === 1,
    });
    return { arm, slateId };
  }

  const reading = { db: handle.db, shop: shopWindow };
  const readShopper = createShopperReader({ handle, changes: shopWindow.changes });

  async function situation(ask: RecommendationAsk, isPlain = false): Promise<Situation> {
    return situate(ask, { world: await keeper.current(), readShopper, clock, shop: shopWindow, isPlain });
  }

  async function answer(
    where: Situation,
    ask: RecommendationAsk,
    { sections, limit }: { sections: readonly TriggeredSection[]; limit: number },
  ): Promise<Recommendations> {
    const { world } = where;
    const request = { ...where.request, limit };
    const { slates, cards } = await confirm(
      where,
      (slateOptions) => ({
        list: interleave(
          sections.map((section) => sectionQueries[section](world.snapshot, request, slateOptions, measure)),
          limit,
        ),
      }),
      reading,
    );
    return {
      items: presentItems(slates.list.items, world, cards),
      algorithms: [...slates.list.algorithms],
      timestamp: where.cardOptions.now.toISOString(),
      userId: ask.shopperId ?? null,
    };
  }

  function serve(kind: RequestKind, section: TriggeredSection, fallbackLimit: number) {
    return about((ask: RecommendationAsk) =>
      counted(kind, async () => {
        const isHeldOut = (await armFor(ask)) === undefined;
        if (isHeldOut && section !== "trendingNow") return nothingFor(ask);
        const where = await situation(ask, isHeldOut);
        return answer(where, ask, { sections: [section], limit: ask.limit ?? fallbackLimit });
      }),
    );
  }

  /** Nothing is answered about what was never on sale; such a question is not a recommendation that failed. */
  function about<Ask extends RecommendationAsk, Answer>(work: (ask: Ask) => Promise<Answer>) {
    return async (ask: Ask): Promise<Answer> => {
      if (ask.productId !== undefined) await assertKnown(ask.productId, reading);
      return work(ask);
    };
  }

  async function forShopper(ask: RecommendationAsk): Promise<Recommendations> {
    const arm = await armFor(ask);
    if (!arm) return nothingFor(ask);
    const where = await situation(ask);
    const request = { ...where.request, limit: ask.limit ?? 20 };
    const { slates, cards } = await confirm(
      where,
      (slateOptions) => ({
        list: arm.recommend(where.world.snapshot, request, { ...slateOptions, measure }),
      }),
      reading,
    );
    const items = presentItems(slates.list.items, where.world, cards);
    return {
      items,
      algorithms: [...slates.list.algorithms],
      timestamp: where.cardOptions.now.toISOString(),
      userId: ask.shopperId ?? null,
      ...remember(where, ask, { place: "for-shopper", arm: arm.name, items }),
    };
  }

  return {
    start: () => keeper.start(),
    async build() {
      await keeper.build();
    },
    async stop() {
      await keeper.stop();
      await tally.stop();
      await impressions.stop();
    },
    health: () => keeper.health(),
    count: (name, by) => tally.count(name, by),
    flushCounts: async () => {
      await tally.flush();
      await impressions.flush();
    },
    async rulesChanged() {
      await keeper.refreshRules();
      await options.bus.publish(recsysChannel, { kind: "rules" });
    },
    nameTarget: (target) => nameTarget(shopWindow, target),
    async newFarms() {
      const { newFarms, farmIds } = (await keeper.current()).snapshot;
      return [...newFarms].map((farm) => farmIds[farm]!);
    },
    productCount: () => shopWindow.all().length,
    findTargets: (target) => findTargets(shopWindow, target),
    substitutes: about((ask) =>
      counted("similar", async () => {
        const { productId } = ask;
        if (!(await armFor(ask))) return { ...nothingFor(ask), productId };
        const where = await situation(ask);
        const request = { ...where.request, productId, limit: ask.limit ?? 4 };
        const { slates, cards } = await confirm(
          where,
          (slateOptions) => ({ list: substitutesFor(where.world.snapshot, request, slateOptions) }),
          reading,
        );
        return {
          items: presentItems(slates.list.items, where.world, cards),
          algorithms: [...slates.list.algorithms],
          timestamp: where.cardOptions.now.toISOString(),
          userId: ask.shopperId ?? null,
          productId,
        };
      }),
    ),
    buyAgain: (ask) =>
      counted("hybrid", async () => {
        if (!(await armFor(ask))) return { items: [] };
        return listBuyAgain(await situation(ask), ask, reading);
      }),
    forShopper: about((ask) => counted("hybrid", () => forShopper(ask))),
    similarItems: serve("similar", "similarProducts", 8),
    boughtTogether: serve("together", "boughtTogether", 5),
    forCart: serve("cart", "cartComplements", 4),
    trending: serve("trends", "trendingNow", 20),
    home: (ask) =>
      counted("home", async () => {
        const arm = await armFor(ask);
        const where = await situation(ask, !arm);
        const { world, cardOptions } = where;
        const asked = ask.sections ?? homeSections;
        const wanted = arm ? asked : asked.filter((section) => section !== "forYou");
        const draft = draftHome(
          where,
          { limit: ask.limit ?? 20, forYouPlaces: ask.forYouPlaces, wanted },
          (snapshot, request, slateOptions) =>
            arm?.recommend(snapshot, request, { ...slateOptions, measure }) ?? noSlate,
        );
        const { slates, cards } = await confirm(where, draft, reading);
        const coming = wanted.includes("coming") ? comingSoon(where, calendarPlaces).items : [];
        const present = (section: keyof typeof slates) => presentItems(slates[section].items, world, cards);
        const forYou = present("forYou");
        return {
          forYou,
          trending: present("trending"),
          inSeason: present("inSeason"),
          newArrivals: present("newArrivals"),
          priceDrops: present("priceDrops"),
          coming: presentItems(coming, world, {
            get: (productId) => shopWindow.card(productId as ProductId, cardOptions),
          }),
          ending: present("ending"),
          algorithms: [...new Set(Object.values(slates).flatMap(({ algorithms }) => algorithms))],
          timestamp: cardOptions.now.toISOString(),
          userId: ask.shopperId ?? null,
          // What was not asked for is not seen either.
          ...(arm && wanted.includes("forYou")
            ? remember(where, ask, { place: "home", arm: arm.name, items: forYou })
            : !arm && { arm: "none" as const }),
        };
      }),
    triggered: (action, ask) =>
      counted("triggered", async () => {
        const { productId } = ask;
        const isHeldOut = (await armFor(ask)) === undefined;
        const where = isHeldOut ? undefined : await situation(ask);
        if (where && !where.mayPush) return undefined;
        const { sections, limit } = triggers[action];
        const answered = where
          ? await answer(where, ask, { sections, limit: ask.limit ?? limit })
          : nothingFor(ask);
        return { ...answered, trigger: action, context: contextOf[action], ...(productId && { productId }) };
      }),
  };
}

const contextOf = {
  VIEW_PRODUCT: "PRODUCT_DETAIL",
  ADD_TO_CART: "CART",
  SEARCH: "SEARCH",
  ADD_TO_WISHLIST: "WISHLIST",
  COMPLETE_PURCHASE: "CHECKOUT",
} as const satisfies Record<TriggerAction, (typeof recommendationContexts)[number]>;
