import { useCallback, useEffect, useState } from "react";
import type { LiveMessage } from "../live/message.ts";
import type { Item } from "./items.ts";
import { useLiveMessages, useLiveMode, useLiveSwitch, useTrackAction } from "./shop-provider.tsx";
import type { Tracker } from "./tracker.ts";
import { useHomeShelf } from "./use-shelf.ts";

const defaultTopics: readonly string[] = ["price_drops", "personalized"];
const keptAlerts = 20;

export interface RecommendationsOptions {
  /** Those alerts that are kept; the page's connection has to include them. */
  readonly topics?: readonly string[];
  readonly autoConnect?: boolean;
  readonly marketId?: Parameters<typeof useHomeShelf>[1]["marketId"];
  /** As the page's loader read them. */
  readonly loaded?: readonly Item[] | undefined;
  /** 8 unless told. */
  readonly size?: number;
}

export interface LiveRecommendations {
  readonly isConnected: boolean;
  /** `undefined` while they are read for the first time. */
  readonly recommendations: readonly Item[] | undefined;
  readonly hasFailed: boolean;
  /** The latest 20, newest first; each keeps its `type`. */
  readonly alerts: readonly LiveMessage[];
  readonly trackAction: Tracker["track"];
  readonly connect: () => void;
  readonly disconnect: () => void;
}

/** What is recommended to this shopper, and alerts, as they change, over the page's one connection. */
export function useRecommendations(options: RecommendationsOptions = {}): LiveRecommendations {
  const { topics = defaultTopics, autoConnect = true, marketId, loaded, size = 8 } = options;
  const [alerts, setAlerts] = useState<readonly LiveMessage[]>([]);
  const mode = useLiveMode();
  const trackAction = useTrackAction();
  const { connect, disconnect } = useLiveSwitch();
  const { items, hasFailed } = useHomeShelf("forYou", { marketId, loaded, size });

  useLiveMessages((message) => {
    if (!topics.includes(message.topic) || !message.type.endsWith("_ALERT")) return;
    setAlerts((now) => [message, ...now].slice(0, keptAlerts));
  });
  useEffect(() => {
    if (autoConnect) connect();
  }, [autoConnect, connect]);

  return {
    isConnected: mode === "live" || mode === "sse" || mode === "polling",
    recommendations: items,
    hasFailed,
    alerts,
    trackAction,
    connect: useCallback(connect, [connect]),
    disconnect,
  };
}
