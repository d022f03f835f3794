import { useEffect, useRef, useState } from "react";
import { openBrowserLive } from "../live/browser-live.ts";
import type { LiveMode } from "../live/live-connection.ts";
import type { LiveMessage } from "../live/message.ts";

export interface LiveTopicsOptions {
  /** Changes when another person uses the browser: the connection is then opened anew. */
  identity: string;
  topics: readonly string[];
  /** As the page's loader read it: what was told since then is told to the page. */
  cursor: string;
  onMessage: (message: LiveMessage) => void;
  /** More was missed than can be told: what the page shows is to be read anew. */
  onGap?: () => void;
}

/** A live connection for a page that only listens; tabs that follow the same share it. @returns how news come in */
export function useLiveTopics({ identity, topics, cursor, onMessage, onGap }: LiveTopicsOptions): LiveMode {
  const [mode, setMode] = useState<LiveMode>("connecting");
  const latest = useRef({ onMessage, onGap });
  const loadedAt = useRef(cursor);
  useEffect(() => {
    latest.current = { onMessage, onGap };
    loadedAt.current = cursor;
  });
  const names = topics.join(" ");
  useEffect(() => {
    const opened = openBrowserLive({
      identity,
      topics: names.split(" "),
      cursor: loadedAt.current,
      onMode: setMode,
      onMessage: (message) => latest.current.onMessage(message),
      onGap: () => latest.current.onGap?.(),
    });
    return () => opened.stop();
  }, [identity, names]);
  return mode;
}
