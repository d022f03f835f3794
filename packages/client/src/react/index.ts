export type { LiveMode } from "../live/live-connection.ts";
export { isRecord } from "../live/message.ts";
export type { LiveMessage } from "../live/message.ts";
export { browserClient } from "./browser-client.ts";
export type { BrowserClient } from "./browser-client.ts";
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
export { useDebounced } from "./use-debounced.ts";
export { useRecommendations } from "./use-recommendations.ts";
export type { LiveRecommendations } from "./use-recommendations.ts";
export { searchDelayMs, useSmartSearch } from "./use-smart-search.ts";
