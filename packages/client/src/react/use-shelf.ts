import type { LiveMessage } from "../live/message.ts";
import { isOfAnotherMarket, mergeItems, readItems, type Item } from "./items.ts";
import { useLiveMessages } from "./shop-provider.tsx";
import { trpc, type Answers } from "./trpc.ts";
import { useCart } from "./use-cart.ts";
import { useSeed } from "./use-seed.ts";

export type HomeSection = Exclude<
  keyof Answers["recsys"]["home"],
  "algorithms" | "timestamp" | "userId" | "arm" | "slateId"
>;
type MarketId = NonNullable<Answers["cart"]["get"]["marketId"]>;

export interface Shelf {
  /** `undefined` while it is read for the first time. */
  readonly items: readonly Item[] | undefined;
  readonly hasFailed: boolean;
}

/** Items that messages of these types bring are shown at once. */
const bringing: Partial<Record<HomeSection, readonly string[]>> = {
  forYou: ["RECOMMENDATION_UPDATE", "PERSONALIZED_SUGGESTION"],
  trending: ["TRENDING_UPDATE"],
};
/** After messages of these types a list is read again. */
const outdating: Partial<Record<HomeSection, readonly string[]>> = {
  priceDrops: ["PRICE_DROP_ALERT"],
  newArrivals: ["NEW_ARRIVAL_ALERT"],
};

/** A list that does not know of the news yet is read once more, this much later. */
const askAgainMs = 1_500;

/** Places of the whole home page: what a list of it has in proportion. Who loads the page first asks for as many. */
export const homePlaces = 48;

/**
 * One list of the home page, by a query of its own: as the loader read it, then as live messages change it. The list keeps
 * its length; new items come first.
 *
 * @param size items that are shown
 */
export function useHomeShelf(
  section: HomeSection,
  {
    marketId,
    loaded,
    size,
  }: { marketId: MarketId | undefined; loaded: readonly Item[] | undefined; size: number },
): Shelf {
  const input = {
    ...(marketId && { marketId }),
    limit: homePlaces,
    sections: [section],
    // What is not shown is not asked for either: each place counts as seen.
    ...(section === "forYou" && { forYouPlaces: size }),
  };
  const utils = trpc.useUtils();
  const answerWith = (items: readonly Item[], before?: Home): Home => ({
    ...(before ?? emptyHome),
    [section]: [...items],
  });
  const put = (items: readonly Item[]): void =>
    utils.recsys.home.setData(input, (before) => answerWith(items, before));
  useSeed(loaded, put);
  const query = trpc.recsys.home.useQuery(input, loaded && { initialData: () => answerWith(loaded) });
  const items = query.data?.[section];

  const readAgain = async (productId: unknown): Promise<void> => {
    await utils.recsys.home.invalidate(input);
    const knows = utils.recsys.home.getData(input)?.[section].some(({ card }) => card.id === productId);
    if (knows || typeof productId !== "string") return;
    await new Promise((later) => setTimeout(later, askAgainMs));
    await utils.recsys.home.invalidate(input);
  };
  useLiveMessages(({ type, payload }: LiveMessage) => {
    if (bringing[section]?.includes(type)) {
      if (isOfAnotherMarket(payload, marketId)) return;
      const news = readItems(payload["items"]);
      if (news.length > 0) put(mergeItems(news, items ?? [], size));
    } else if (outdating[section]?.includes(type)) {
      void readAgain(payload["productId"]);
    }
  });
  return { items: items?.slice(0, size), hasFailed: query.isError };
}

type Home = Answers["recsys"]["home"];

const emptyHome: Home = {
  forYou: [],
  trending: [],
  inSeason: [],
  newArrivals: [],
  priceDrops: [],
  coming: [],
  ending: [],
  algorithms: [],
  timestamp: "",
  userId: null,
};

type List = Answers["recsys"]["similarItems"];

interface ListShelfOptions {
  readonly loaded: List | undefined;
  readonly marketId: MarketId | undefined;
  readonly size: number;
}

/** What is like a product; while it is looked at, what the shopper's looks at it set off and is like it comes first. */
export function useSimilarShelf(
  productId: Item["card"]["id"],
  { loaded, marketId, size }: ListShelfOptions,
): Shelf {
  const input = { productId, limit: size, ...(marketId && { marketId }) };
  const utils = trpc.useUtils();
  const put = (list: List): void => utils.recsys.similarItems.setData(input, list);
  useSeed(loaded, put);
  const query = trpc.recsys.similarItems.useQuery(input, loaded && { initialData: loaded });
  useLiveMessages(({ type, payload }) => {
    if (type !== "RECOMMENDATION_UPDATE" || payload["trigger"] !== "VIEW_PRODUCT") return;
    // Another tab may look at something else: only the page that is looked at follows its view.
    if (!query.data || document.visibilityState !== "visible") return;
    const news = readItems(payload["items"]).filter(
      ({ card, reason }) => card.id !== productId && reason === "SIMILAR_PRODUCTS",
    );
    if (news.length > 0) put({ ...query.data, items: mergeItems(news, query.data.items, size) });
  });
  return { items: query.data?.items, hasFailed: query.isError };
}

export function useTogetherShelf(
  productId: Item["card"]["id"],
  { loaded, marketId, size }: ListShelfOptions,
): Shelf {
  const input = { productId, limit: size, ...(marketId && { marketId }) };
  const utils = trpc.useUtils();
  useSeed(loaded, (list) => utils.recsys.boughtTogether.setData(input, list));
  const query = trpc.recsys.boughtTogether.useQuery(input, loaded && { initialData: loaded });
  return { items: query.data?.items, hasFailed: query.isError };
}

/** So many more are asked for: some may be in the cart already. */
const instead = 8;

/** What can be had instead of a product that is sold out; only what is not in the cart yet. */
export function useInsteadShelf(
  productId: Item["card"]["id"],
  { marketId, size }: Omit<ListShelfOptions, "loaded">,
): Shelf {
  const inCart = new Set<string>(useCart()?.lines.map((line) => line.productId));
  const input = { productId, limit: size + instead, ...(marketId && { marketId }) };
  const query = trpc.recsys.substitutes.useQuery(input);
  const items = query.data?.items.filter(({ card }) => !inCart.has(card.id)).slice(0, size);
  return { items, hasFailed: query.isError };
}

/** What completes the cart: read again after each change, and as the live lane brings it. */
export function useCartShelf({ loaded, marketId, size }: ListShelfOptions): Shelf {
  const input = { limit: size, ...(marketId && { marketId }) };
  const utils = trpc.useUtils();
  const put = (list: List): void => utils.recsys.forCart.setData(input, list);
  useSeed(loaded, put);
  const query = trpc.recsys.forCart.useQuery(input, loaded && { initialData: loaded });
  useLiveMessages(({ type, payload }) => {
    if (type !== "CART_RECOMMENDATION" || !query.data) return;
    const inCart = new Set<string>(utils.cart.get.getData()?.lines.map((line) => line.productId));
    const isFresh = ({ card }: Item): boolean => !inCart.has(card.id);
    const news = readItems(payload["items"]).filter(isFresh);
    put({ ...query.data, items: mergeItems(news, query.data.items.filter(isFresh), size) });
  });
  return { items: query.data?.items, hasFailed: query.isError };
}
