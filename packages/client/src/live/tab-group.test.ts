import { describe, expect, it } from "vitest";
import type { LiveConnection, LiveMode } from "./live-connection.ts";
import type { LiveMessage } from "./message.ts";
import { pollEveryMs } from "./poller.ts";
import { joinTabGroup, type TabChannel } from "./tab-group.ts";
import { fakeTimers } from "./testing.ts";

const message = (id: string): LiveMessage => ({
  v: 1,
  id,
  type: "TRENDING_UPDATE",
  topic: "trending",
  ts: "2025-08-13T13:00:00Z",
  payload: {},
});

interface Opened {
  cursor: string | undefined;
  onMode: (mode: LiveMode) => void;
  onMessage: (message: LiveMessage) => void;
  onGap: (startsAt?: string) => void;
  isStopped: boolean;
  wakes: number;
  asks: number;
}

function browser() {
  const channels = new Set<TabChannel>();
  const queue: { signal: AbortSignal; isLeader: () => void }[] = [];
  const opened: Opened[] = [];
  const timers = fakeTimers();
  const promote = (): void => queue[0]?.isLeader();
  const openTab = (loadedAt?: string) => {
    const received: string[] = [];
    const modes: LiveMode[] = [];
    const told = { gaps: 0 };
    const view = { isHidden: false };
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of channels) if (other !== channel) other.onmessage?.({ data } as MessageEvent);
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    const group = joinTabGroup({
      timers,
      isHidden: () => view.isHidden,
      cursor: loadedAt,
      channel,
      onMode: (mode) => modes.push(mode),
      onMessage: ({ id }) => received.push(id),
      onGap: () => (told.gaps += 1),
      connect(callbacks): LiveConnection {
        const connection: Opened = { ...callbacks, isStopped: false, wakes: 0, asks: 0 };
        const { cursor, onMode } = callbacks;
        opened.push(connection);
        const stop = () => {
          connection.isStopped = true;
        };
        return {
          mode: "live",
          cursor,
          start: () => onMode("live"),
          stop,
          restart() {},
          renew() {},
          wake() {
            connection.wakes += 1;
          },
          pollIfDue() {
            connection.asks += 1;
          },
        };
      },
      lead(isLeader, signal) {
        const place = { signal, isLeader };
        queue.push(place);
        signal.addEventListener("abort", () => {
          const wasFirst = queue[0] === place;
          queue.splice(queue.indexOf(place), 1);
          if (wasFirst) promote();
        });
        if (queue.length === 1) isLeader();
      },
    });
    return { group, received, modes, told, view };
  };
  return { openTab, opened, timers };
}

describe("tabs of one browser", () => {
  it("have one connection between five of them, and all receive", () => {
    const { openTab, opened } = browser();
    const tabs = [openTab(), openTab(), openTab(), openTab(), openTab()];
    opened[0]?.onMessage(message("3"));
    expect(opened).toHaveLength(1);
    expect(tabs.map(({ received }) => received)).toEqual([["3"], ["3"], ["3"], ["3"], ["3"]]);
    expect(tabs.map(({ modes }) => modes.at(-1))).toEqual(["live", "live", "live", "live", "live"]);
  });

  it("leave one connection when a page is mounted twice, and none when it is left", () => {
    const { openTab, opened } = browser();
    // As React's StrictMode does: mounted, taken away, mounted again.
    openTab().group.stop();
    const page = openTab();
    expect(opened.map(({ isStopped }) => isStopped)).toEqual([true, false]);
    page.group.stop();
    expect(opened.map(({ isStopped }) => isStopped)).toEqual([true, true]);
  });

  it("hand the connection on when the leading tab is closed, from the last message on", () => {
    const { openTab, opened } = browser();
    const first = openTab();
    openTab();
    opened[0]?.onMessage(message("7"));
    first.group.stop();
    expect(opened[0]?.isStopped).toBe(true);
    expect(opened[1]?.cursor).toBe("7");
  });

  it("go on from where the first page stood when it was loaded", () => {
    const { openTab, opened } = browser();
    openTab("12");
    expect(opened[0]?.cursor).toBe("12");
  });

  it("have the connection looked after by whichever of them is looked at, and all hear of a gap", () => {
    const { openTab, opened } = browser();
    const tabs = [openTab(), openTab(), openTab()];
    for (const { group } of tabs) group.wake();
    expect(opened).toMatchObject([{ wakes: 3 }]);
    opened[0]?.onGap();
    expect(tabs.map(({ told }) => told.gaps)).toEqual([1, 1, 1]);
  });

  it("tell a page what came while it was loading, and nothing that it was loaded with", () => {
    const { openTab, opened } = browser();
    const first = openTab("12");
    for (const id of ["13", "14", "15"]) opened[0]?.onMessage(message(id));
    const late = openTab("13");
    expect(late.received).toEqual(["14", "15"]);
    expect(first.received).toEqual(["13", "14", "15"]);
    opened[0]?.onMessage(message("16"));
    expect(late.received).toEqual(["14", "15", "16"]);
    first.group.stop();
    expect(opened[1]?.cursor).toBe("16");
  });

  it("ask the leading one to poll as often as whoever is looked at needs it, and only while it can do no better", async () => {
    const { openTab, opened, timers } = browser();
    const leading = openTab();
    const [shown, hidden] = [openTab(), openTab()];
    leading.view.isHidden = true;
    hidden.view.isHidden = true;
    await timers.advance(2 * pollEveryMs);
    expect(opened).toMatchObject([{ asks: 0 }]);
    opened[0]?.onMode("polling");
    await timers.advance(4 * pollEveryMs);
    expect(opened).toMatchObject([{ asks: 4 }]);
    opened[0]?.onMode("live");
    await timers.advance(2 * pollEveryMs);
    expect(opened).toMatchObject([{ asks: 4 }]);
    opened[0]?.onMode("polling");
    shown.group.stop();
    await timers.advance(2 * pollEveryMs);
    expect(opened).toMatchObject([{ asks: 4 }]);
  });

  it("all go on from below what they had heard when the server's numbers begin anew, and hear those numbers again", () => {
    const { openTab, opened } = browser();
    const tabs = [openTab("900"), openTab("900")];
    for (const id of ["5", "901"]) opened[0]?.onMessage(message(id));
    opened[0]?.onGap("4");
    expect(tabs.map(({ told, group }) => [told.gaps, group.cursor])).toEqual([
      [1, "4"],
      [1, "4"],
    ]);
    opened[0]?.onMessage(message("5"));
    expect(tabs.map(({ received }) => received)).toEqual([
      ["5", "901", "5"],
      ["5", "901", "5"],
    ]);
    expect(openTab("4").received).toEqual(["5"]);
  });
});
