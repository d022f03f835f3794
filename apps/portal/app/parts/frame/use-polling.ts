import { useLiveTopics, type LiveMode } from "@almanac/client/react";
import { useRevalidator } from "@remix-run/react";
import { useCallback, useEffect, useRef } from "react";

/** Whether asking again now would disturb nobody: the page is seen, nobody types in it, and the network is there. */
function isCalm(): boolean {
  const isTyping = document.activeElement?.matches("input:not([type=hidden]), textarea, select") ?? false;
  const isAsked = document.querySelector("dialog[open]") !== null;
  return !isAsked && document.visibilityState === "visible" && navigator.onLine && !isTyping;
}

/**
 * Asks the page's loaders again every so often, while that disturbs nobody.
 *
 * @param periodMs milliseconds between the end of one and the start of the next
 */
export function usePolling(periodMs: number): void {
  const { revalidate, state } = useRevalidator();
  const again = useRef(revalidate);
  again.current = revalidate;
  useEffect(() => {
    if (state !== "idle") return;
    const timer = setInterval(() => {
      if (isCalm()) again.current();
    }, periodMs);
    return () => clearInterval(timer);
  }, [periodMs, state]);
}

export interface LivePageOptions {
  identity: string;
  topics: readonly string[];
  /** From the page's loader. */
  cursor: string;
  /** How often to ask when no news come by themselves. */
  fallbackMs: number;
}

/** While news come by push, the page is still asked again now and then: for what no topic tells. */
const backgroundMs = 60_000;
/** News of one moment are read together. */
const gatherMs = 150;
/** News that came while somebody typed are read soon after. */
const retryMs = 1_000;

/** Reads the page again when its topics have news, and every so often where no push comes through. @returns for the badge */
export function useLivePage({ identity, topics, cursor, fallbackMs }: LivePageOptions): LiveMode {
  const { revalidate } = useRevalidator();
  const again = useRef(revalidate);
  again.current = revalidate;
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const readSoon = useCallback((delayMs: number) => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (isCalm()) again.current();
      else readSoon(retryMs);
    }, delayMs);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onNews = (): void => readSoon(gatherMs);
  const mode = useLiveTopics({ identity, topics, cursor, onMessage: onNews, onGap: onNews });
  usePolling(mode === "live" || mode === "sse" ? backgroundMs : fallbackMs);
  return mode;
}
