import { useCallback, useEffect, useState } from "react";
import { isRecord, type LiveMessage } from "../live/message.ts";
import { useLiveMessages, useLiveMode, useLiveSwitch, useTrackAction } from "./shop-provider.tsx";
import type { Tracker } from "./tracker.ts";

const defaultTopics: readonly string[] = ["price_drops", "personalized"];
const keptAlerts = 20;

export interface LiveRecommendations {
  readonly isConnected: boolean;
  /** Items of the latest update, as the server sent them. */
  readonly recommendations: readonly Record<string, unknown>[];
  /** The latest 20, newest first; each keeps its `type`. */
  readonly alerts: readonly LiveMessage[];
  readonly trackAction: Tracker["track"];
  readonly connect: () => void;
  readonly disconnect: () => void;
}

/**
 * Recommendations and alerts as they change, over the page's one connection (see `ShopProvider`, whose topics have to
 * include these).
 */
export function useRecommendations({
  topics = defaultTopics,
  autoConnect = true,
}: { topics?: readonly string[]; autoConnect?: boolean } = {}): LiveRecommendations {
  const [recommendations, setRecommendations] = useState<readonly Record<string, unknown>[]>([]);
  const [alerts, setAlerts] = useState<readonly LiveMessage[]>([]);
  const mode = useLiveMode();
  const trackAction = useTrackAction();
  const { connect, disconnect } = useLiveSwitch();

  useLiveMessages((message) => {
    if (!topics.includes(message.topic)) return;
    if (message.type.endsWith("_ALERT")) {
      setAlerts((now) => [message, ...now].slice(0, keptAlerts));
    } else if (Array.isArray(message.payload["items"])) {
      setRecommendations(message.payload["items"].filter(isRecord));
    }
  });
  useEffect(() => {
    if (autoConnect) connect();
  }, [autoConnect, connect]);

  const isConnected = mode === "live" || mode === "sse" || mode === "polling";
  return {
    isConnected,
    recommendations,
    alerts,
    trackAction,
    connect: useCallback(connect, [connect]),
    disconnect,
  };
}
