export { detailsOf, reasonOf } from "../reason.ts";
export type { LiveMode } from "../live/live-connection.ts";
export { isRecord } from "../live/message.ts";
export type { LiveMessage } from "../live/message.ts";
export { quantityIn } from "./cart-change.ts";
export type { Cart, CartChange } from "./cart-change.ts";
export { readItems } from "./items.ts";
export type { Item } from "./items.ts";
export { newEventId } from "./new-event-id.ts";
export {
  ShopProvider,
  useLiveMessages,
  useLiveMode,
  useLiveSwitch,
  useTrackAction,
} from "./shop-provider.tsx";
export type { LiveListener, ShopProviderProps } from "./shop-provider.tsx";
export type { TrackedAction, UserAction } from "./tracker.ts";
export { trpc } from "./trpc.ts";
export type { Answers } from "./trpc.ts";
export { useCart, useCartChange } from "./use-cart.ts";
export type { CartChanged, CartChangeOptions } from "./use-cart.ts";
export { useDebounced } from "./use-debounced.ts";
export { useLiveTopics } from "./use-live-topics.ts";
export type { LiveTopicsOptions } from "./use-live-topics.ts";
export { useReadNews, useUnreadNews } from "./use-news.ts";
export type { NewsId } from "./use-news.ts";
export { useRecommendations } from "./use-recommendations.ts";
export type { LiveRecommendations, RecommendationsOptions } from "./use-recommendations.ts";
export { useSeed } from "./use-seed.ts";
export {
  homePlaces,
  useCartShelf,
  useHomeShelf,
  useInsteadShelf,
  useSimilarShelf,
  useTogetherShelf,
} from "./use-shelf.ts";
export type { HomeSection, Shelf } from "./use-shelf.ts";
export { useTrackOnce } from "./use-track-once.ts";
export { searchDelayMs, useSmartSearch } from "./use-smart-search.ts";
export { useExposure, useVariant, useVariantConfig, VariantsProvider } from "./use-variant.tsx";
export type { Variant, VariantsProviderProps } from "./use-variant.tsx";
export { useWishedIds, useWishChange } from "./use-wishes.ts";
export { forgetKeptPages } from "./kept-pages.ts";
