import { createLiveConnection, type LiveMode } from "./live-connection.ts";
import type { LiveMessage } from "./message.ts";
import { watchForSleep } from "./sleep.ts";
import { joinTabGroup, type TabGroup } from "./tab-group.ts";
import { browserTimers } from "./timers.ts";
import { trpcTransports } from "./trpc-transports.ts";

export interface BrowserLiveOptions {
  readonly topics: readonly string[];
  /** Tabs of the same person share a connection; another person's tab has its own. */
  readonly identity: string;
  /** As the page's loader read it, before anything else: what was told since is told to the page. */
  readonly cursor?: string | undefined;
  readonly onMode: (mode: LiveMode) => void;
  readonly onMessage: (message: LiveMessage) => void;
  /** Nothing was heard for longer than can be replayed: what the page shows is to be read anew. */
  readonly onGap?: (() => void) | undefined;
}

/** The live lane for a page, shared with the other tabs of this browser. Browser only. */
export function openBrowserLive({
  topics,
  identity,
  cursor,
  onMode,
  onMessage,
  onGap,
}: BrowserLiveOptions): TabGroup {
  const { protocol, host } = window.location;
  const socketUrl = `${protocol === "https:" ? "wss:" : "ws:"}//${host}/trpc`;
  const name = `almanac-live:${identity}:${[...topics].sort().join(",")}`;
  const locks = "locks" in navigator ? navigator.locks : undefined;
  const canShare = locks !== undefined && typeof BroadcastChannel !== "undefined";
  const isHidden = (): boolean => document.visibilityState === "hidden";
  const group = joinTabGroup({
    timers: browserTimers,
    isHidden,
    cursor,
    onMode,
    onMessage,
    onGap,
    connect: (callbacks) =>
      createLiveConnection({
        ...trpcTransports({ url: "/trpc", socketUrl, topics }),
        ...callbacks,
        timers: browserTimers,
        random: Math.random,
        isHidden,
        onUnknown: (data) => console.info("A live message of another version was ignored.", data),
      }),
    ...(canShare && {
      channel: new BroadcastChannel(name),
      lead: (isLeader: () => void, signal: AbortSignal) => holdLock(locks, { name, signal, isLeader }),
    }),
  });
  const wake = (): void => {
    if (!isHidden()) group.wake();
  };
  const stopWatching = watchForSleep(browserTimers, () => group.wake());
  // Whether there really is none is found by trying: "offline" is also said of a machine that serves itself.
  const renew = (): void => group.renew();
  const network = ["online", "offline"] as const;
  const looks = ["visibilitychange", "resume"] as const;
  for (const event of looks) document.addEventListener(event, wake);
  window.addEventListener("pageshow", wake);
  for (const event of network) window.addEventListener(event, renew);
  return {
    get cursor() {
      return group.cursor;
    },
    restart: () => group.restart(),
    renew,
    wake,
    stop() {
      stopWatching();
      for (const event of looks) document.removeEventListener(event, wake);
      window.removeEventListener("pageshow", wake);
      for (const event of network) window.removeEventListener(event, renew);
      group.stop();
    },
  };
}

function holdLock(
  locks: LockManager,
  { name, signal, isLeader }: { name: string; signal: AbortSignal; isLeader: () => void },
): void {
  const held = async (): Promise<void> => {
    isLeader();
    await new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
  };
  locks.request(name, { signal }, held).catch((error: unknown) => {
    if (!signal.aborted) console.warn("This tab could not join the others.", error);
  });
}
