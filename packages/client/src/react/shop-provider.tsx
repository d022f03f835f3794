import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { openBrowserLive } from "../live/browser-live.ts";
import type { LiveMode } from "../live/live-connection.ts";
import type { LiveMessage } from "../live/message.ts";
import type { TabGroup } from "../live/tab-group.ts";
import { browserTimers } from "../live/timers.ts";
import { QueryClientProvider, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { Cart } from "./cart-change.ts";
import { deviceOf } from "./device.ts";
import { newEventId } from "./new-event-id.ts";
import { createTracker, type Tracker } from "./tracker.ts";
import { createPageClient, createQueryClient, trpc, type Answers, type Loaded } from "./trpc.ts";
import { cartScope, isCartChanging } from "./cart-changing.ts";
import { takeIn } from "./loader-answers.ts";
import { newsScope } from "./news-scope.ts";
import { useSeed } from "./use-seed.ts";
import { wishScope } from "./wish-scope.ts";

export type LiveListener = (message: LiveMessage) => void;

interface Shop {
  readonly mode: LiveMode;
  readonly track: Tracker["track"];
  /** @returns ends it */
  readonly listen: (listener: LiveListener) => () => void;
  readonly connect: () => void;
  readonly disconnect: () => void;
}

const silent: Shop = {
  mode: "connecting",
  track: () => undefined,
  listen: () => () => undefined,
  connect: () => undefined,
  disconnect: () => undefined,
};

const ShopContext = createContext<Shop>(silent);

export interface ShopProviderProps {
  /** Changes when another person uses the browser: the connection is then opened anew. */
  identity: string;
  /** Of the shopper: nothing is tracked after "denied". */
  consent: "unset" | "granted" | "denied";
  topics: readonly string[];
  /** Where the live lane stood before the frame's loader read anything: what was told since is told to the page. */
  liveCursor?: string | undefined;
  /** As the frame's loader read them: the first rendering has them. */
  cart?: Loaded<Cart> | undefined;
  wishedIds?: Answers["wishes"]["ids"] | undefined;
  unreadNews?: Loaded<Answers["news"]["unread"]> | undefined;
  children: ReactNode;
}

/** One cache, one live connection and one tracker for the page below it. */
export function ShopProvider({ cart, wishedIds, unreadNews, children, ...live }: ShopProviderProps) {
  const [client] = useState(createPageClient);
  const [queries] = useState(() => {
    const fresh = createQueryClient();
    putCart(fresh, cart);
    putWishes(fresh, wishedIds);
    putUnreadNews(fresh, unreadNews);
    return fresh;
  });
  useSeed(cart, (loaded) => putCart(queries, loaded));
  useSeed(wishedIds, (loaded) => putWishes(queries, loaded));
  useSeed(unreadNews, (loaded) => putUnreadNews(queries, loaded));
  return (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>
        <LiveProvider {...live}>
          <LiveCache />
          {children}
        </LiveProvider>
      </QueryClientProvider>
    </trpc.Provider>
  );
}

function putCart(queries: QueryClient, cart: Loaded<Cart> | undefined): void {
  takeIn(queries, { key: getQueryKey(trpc.cart.get, undefined, "query"), data: cart, scope: cartScope.id });
}

function putWishes(queries: QueryClient, ids: Answers["wishes"]["ids"] | undefined): void {
  takeIn(queries, { key: getQueryKey(trpc.wishes.ids, undefined, "query"), data: ids, scope: wishScope.id });
}

function putUnreadNews(queries: QueryClient, unread: Loaded<Answers["news"]["unread"]> | undefined): void {
  takeIn(queries, {
    key: getQueryKey(trpc.news.unread, undefined, "query"),
    data: unread,
    scope: newsScope.id,
  });
}

/** Live messages say which answers are out of date: those on show are read again, in place. */
function LiveCache() {
  const utils = trpc.useUtils();
  const queries = useQueryClient();
  useLiveMessages(({ type, payload }) => {
    switch (type) {
      case "CART_UPDATE":
        if (payload["version"] === utils.cart.get.getData()?.version || isCartChanging(queries)) return;
        void utils.cart.get.invalidate();
        void utils.recsys.forCart.invalidate();
        return;
      case "NEWS_UPDATE":
        void utils.news.unread.invalidate();
        return;
      case "STOCK_ALERT":
      case "PRICE_DROP_ALERT":
        void utils.cart.get.invalidate();
        void utils.shop.card.invalidate();
        void utils.products.get.invalidate();
        void utils.wishes.list.invalidate();
        return;
      default:
    }
  });
  return null;
}

function LiveProvider({
  identity,
  consent,
  topics,
  liveCursor,
  children,
}: Pick<ShopProviderProps, "identity" | "consent" | "topics" | "liveCursor" | "children">) {
  const [mode, setMode] = useState<LiveMode>("connecting");
  const [isWanted, setWanted] = useState(true);
  const queries = useQueryClient();
  const listeners = useRef(new Set<LiveListener>());
  const group = useRef<TabGroup>();
  const isAllowed = useRef(true);
  const loadedAt = useRef(liveCursor);
  loadedAt.current = liveCursor;
  isAllowed.current = consent !== "denied";
  const topicNames = topics.join(" ");
  // A connection that is opened again goes on from where the one before it was.
  const place = useRef({ identity, cursor: liveCursor });

  const tracker = useMemo(
    () =>
      createTracker({
        newId: newEventId,
        now: () => new Date(),
        after: browserTimers.after,
        isAllowed: () => isAllowed.current,
        ...(typeof window !== "undefined" && { device: deviceOf(window) }),
        async send(events) {
          await post({ events });
          // The first action makes a new browser somebody; before that the lane knew no shopper to send to.
          if (isFirstOf(identity)) group.current?.restart();
        },
        sendLast: (events) => void navigator.sendBeacon(trackAddress, asJson({ events })),
      }),
    [identity],
  );

  useEffect(() => {
    const leave = (): void => tracker.leave();
    const leaveWhenHidden = (): void => {
      if (document.visibilityState === "hidden") leave();
    };
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", leaveWhenHidden);
    return () => {
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", leaveWhenHidden);
      leave();
    };
  }, [tracker]);

  useEffect(() => {
    if (!isWanted) {
      setMode("offline");
      return undefined;
    }
    if (place.current.identity !== identity) place.current = { identity, cursor: loadedAt.current };
    const opened = openBrowserLive({
      identity,
      cursor: place.current.cursor,
      topics: topicNames.split(" "),
      onMode: setMode,
      onMessage: (message) => {
        for (const listener of listeners.current) listener(message);
      },
      onGap: () => void queries.invalidateQueries(),
    });
    group.current = opened;
    return () => {
      group.current = undefined;
      place.current = { identity, cursor: opened.cursor };
      opened.stop();
    };
  }, [identity, topicNames, isWanted, queries]);

  const shop = useMemo<Shop>(
    () => ({
      mode,
      track: tracker.track,
      listen(listener) {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
      connect: () => setWanted(true),
      disconnect: () => setWanted(false),
    }),
    [mode, tracker],
  );
  return <ShopContext.Provider value={shop}>{children}</ShopContext.Provider>;
}

/** How the page learns of news right now. */
export function useLiveMode(): LiveMode {
  return useContext(ShopContext).mode;
}

/** Tells the platform what the shopper does, as far as the shopper agreed. The function stays the same. */
export function useTrackAction(): Tracker["track"] {
  return useContext(ShopContext).track;
}

/** Calls the latest listener for every message of the live lane. */
export function useLiveMessages(listener: LiveListener): void {
  const { listen } = useContext(ShopContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((message) => latest.current(message)), [listen]);
}

export function useLiveSwitch(): Pick<Shop, "connect" | "disconnect"> {
  const { connect, disconnect } = useContext(ShopContext);
  return { connect, disconnect };
}

const trackAddress = "/trpc/events.track";

function asJson(body: unknown): Blob {
  return new Blob([JSON.stringify(body)], { type: "application/json" });
}

async function post(body: unknown): Promise<void> {
  const response = await fetch(trackAddress, { method: "POST", body: asJson(body), keepalive: true });
  // A refusal stays one; only a server that is away is worth another try.
  if (response.status >= 500 || response.status === 429)
    throw new Error(`Tracking answered ${response.status}.`);
}

/** Whether this is the first time that this browser session acts as this person. */
function isFirstOf(identity: string): boolean {
  const key = `almanac-acted:${identity}`;
  try {
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, "1");
    return true;
  } catch {
    // Storage is switched off: the connection stays as it is.
    return false;
  }
}
