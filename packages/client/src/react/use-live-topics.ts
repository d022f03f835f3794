import { useEffect, useRef, useState } from "react";
import { openBrowserLive } from "../live/browser-live.ts";
import type { LiveMode } from "../live/live-connection.ts";
import type { LiveMessage } from "../live/message.ts";

export interface LiveTopicsOptions {
  /** Changes when another person uses the browser: the connection is then opened anew. */
  identity: string;
  topics: readonly string[];
  onMessage: (message: LiveMessage) => void;
}

/** A live connection for a page that only listens; tabs that follow the same share it. @returns how news come in */
export function useLiveTopics({ identity, topics, onMessage }: LiveTopicsOptions): LiveMode {
  const [mode, setMode] = useState<LiveMode>("connecting");
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  const names = topics.join(" ");
  useEffect(() => {
    const opened = openBrowserLive({
      identity,
      topics: names.split(" "),
      onMode: setMode,
      onMessage: (message) => latest.current(message),
    });
    return () => opened.stop();
  }, [identity, names]);
  return mode;
}
