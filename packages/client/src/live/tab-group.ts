import type { LiveConnection, LiveMode } from "./live-connection.ts";
import { createOnceFilter, isLaterCursor, isRecord, readLiveMessage, type LiveMessage } from "./message.ts";
import { pollEveryMs } from "./poller.ts";
import type { Timers } from "./timers.ts";

/** The part of `BroadcastChannel` that is used. */
export interface TabChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

export interface TabGroupOptions {
  /** Where to go on from, as the page was loaded; without one from what is told once the tab has joined. */
  readonly cursor?: string | undefined;
  /** Makes the connection of the tab that leads. */
  readonly connect: (options: {
    cursor: string | undefined;
    onMode: (mode: LiveMode) => void;
    onMessage: (message: LiveMessage) => void;
    onGap: (startsAt?: string) => void;
  }) => LiveConnection;
  readonly onMode: (mode: LiveMode) => void;
  readonly onMessage: (message: LiveMessage) => void;
  /** Nothing was heard for longer than can be replayed, or the server's data are another: what the page shows is to be read anew. */
  readonly onGap?: (() => void) | undefined;
  readonly timers: Timers;
  readonly isHidden: () => boolean;
  readonly channel?: TabChannel;
  /**
   * Waits for the right to lead, holds it until the signal is aborted. Absent where the browser has no locks: then every
   * tab has a connection of its own.
   */
  readonly lead?: (isLeader: () => void, signal: AbortSignal) => void;
}

export interface TabGroup {
  /** The last message that this tab has seen. */
  readonly cursor: string | undefined;
  stop(): void;
  /** Opens the connection anew, in whichever tab it is. */
  restart(): void;
  /** Each tab hears that the network went or came; the one that has the connection acts. */
  renew(): void;
  /** This tab is looked at again, or the machine may have slept: the tab that has the connection looks whether it still holds. */
  wake(): void;
}

/** How many messages each tab keeps for the tabs that are loading meanwhile. */
const keptForLoading = 200;

/**
 * The tabs of a browser share one connection: one of them leads, has it, and tells the others what came. When it is closed
 * the next one leads and goes on from the last message that all have seen. A tab that joins is told what came since it was
 * loaded. While the leader can only poll, and is not looked at, whoever is looked at asks it to poll.
 */
export function joinTabGroup(options: TabGroupOptions): TabGroup {
  const { channel, onMode } = options;
  const stopped = new AbortController();
  let isFirstTime = createOnceFilter();
  let kept: LiveMessage[] = [];
  let { cursor } = options;
  let connection: LiveConnection | undefined;
  let mode: LiveMode = "connecting";
  let cancelAsking: (() => void) | undefined;

  const tell = (news: Record<string, unknown>): void => {
    if (!stopped.signal.aborted) channel?.postMessage(news);
  };
  const take = (message: LiveMessage): void => {
    if (message.id !== "" && isLaterCursor(message.id, cursor)) cursor = message.id;
    if (!isFirstTime(message)) return;
    if (message.id !== "" && kept.push(message) > keptForLoading) kept.shift();
    options.onMessage(message);
  };
  /** @param startsAt where the server's numbers begin now, if they are not those that were heard */
  const readAnew = (startsAt: unknown): void => {
    if (typeof startsAt === "string") {
      cursor = startsAt;
      isFirstTime = createOnceFilter();
      kept = [];
    }
    options.onGap?.();
  };
  const askOnAndOn = (): void => {
    cancelAsking?.();
    if (connection || stopped.signal.aborted || (mode !== "polling" && mode !== "offline")) return;
    cancelAsking = options.timers.after(pollEveryMs, () => {
      if (!options.isHidden()) tell({ kind: "poll" });
      askOnAndOn();
    });
  };
  const lead = (): void => {
    if (stopped.signal.aborted) return;
    cancelAsking?.();
    connection = options.connect({
      cursor,
      onMode(next) {
        mode = next;
        onMode(next);
        tell({ kind: "mode", mode });
      },
      onMessage(message) {
        take(message);
        tell({ kind: "message", message });
      },
      onGap(startsAt) {
        readAnew(startsAt);
        tell({ kind: "gap", startsAt });
      },
    });
    connection.start();
  };

  const welcome = (since: unknown): void => {
    tell({ kind: "mode", mode });
    if (typeof since !== "string") return;
    for (const message of kept) if (isLaterCursor(message.id, since)) tell({ kind: "message", message });
  };

  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isRecord(data)) return;
      if (data["kind"] === "hello" && connection) welcome(data["cursor"]);
      else if (data["kind"] === "restart") connection?.restart();
      else if (data["kind"] === "wake") connection?.wake();
      else if (data["kind"] === "poll") connection?.pollIfDue();
      else if (data["kind"] === "gap") readAnew(data["startsAt"]);
      else if (data["kind"] === "mode" && !connection && isMode(data["mode"])) {
        mode = data["mode"];
        onMode(mode);
        askOnAndOn();
      } else if (data["kind"] === "message") {
        const message = readLiveMessage(data["message"]);
        if (message) take(message);
      }
    };
  }
  if (options.lead) {
    options.lead(lead, stopped.signal);
    tell({ kind: "hello", cursor });
  } else {
    lead();
  }

  return {
    get cursor() {
      return cursor;
    },
    stop() {
      connection?.stop();
      cancelAsking?.();
      stopped.abort();
      channel?.close();
    },
    restart() {
      if (connection) connection.restart();
      else tell({ kind: "restart" });
    },
    renew: () => connection?.renew(),
    wake() {
      if (connection) connection.wake();
      else tell({ kind: "wake" });
    },
  };
}

function isMode(value: unknown): value is LiveMode {
  return ["connecting", "live", "sse", "polling", "offline"].includes(String(value));
}
