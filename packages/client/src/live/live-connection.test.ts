import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "./backoff.ts";
import { pingAfterMs, pingLimitMs, type LiveTransport, type TransportEvents } from "./lane.ts";
import { createLiveConnection, type LiveMode } from "./live-connection.ts";
import { pollLimitMs } from "./poller.ts";
import { watchForSleep } from "./sleep.ts";
import { fakeTimers } from "./testing.ts";

type Attempt = TransportEvents & { cursor: string | undefined; isClosed: boolean; pings: number };

/** What is mute opens as usual, and answers no ping. */
interface Behaviour {
  blocked: boolean;
  mute?: boolean;
}

function fakeTransport(
  behaviour: Behaviour,
  { canBePinged }: { canBePinged: boolean },
): LiveTransport & { attempts: Attempt[] } {
  const attempts: Attempt[] = [];
  return {
    attempts,
    open(options) {
      const attempt: Attempt = { ...options, isClosed: false, pings: 0 };
      attempts.push(attempt);
      if (behaviour.blocked) queueMicrotask(() => attempt.onClose());
      else queueMicrotask(() => attempt.onOpen());
      return {
        close() {
          attempt.isClosed = true;
        },
        ...(canBePinged && {
          ping() {
            attempt.pings += 1;
            if (!behaviour.mute) queueMicrotask(() => attempt.onAlive());
          },
        }),
      };
    },
  };
}

const message = (id: string) => ({
  v: 1,
  id,
  type: "PRICE_DROP_ALERT",
  topic: "price_drops",
  ts: "2025-08-13T13:00:00Z",
  payload: {},
});

function setUp({ socketBlocked = false, streamBlocked = false, pollBlocked = false, chance = 0.5 } = {}) {
  const timers = fakeTimers();
  const net = {
    socket: { blocked: socketBlocked } as Behaviour,
    stream: { blocked: streamBlocked } as Behaviour,
    poll: { blocked: pollBlocked } as Behaviour,
  };
  const socket = fakeTransport(net.socket, { canBePinged: true });
  const stream = fakeTransport(net.stream, { canBePinged: false });
  const modes: { mode: LiveMode; atMs: number }[] = [];
  const received: string[] = [];
  const unknown: unknown[] = [];
  const waiting: unknown[] = [];
  const polls: number[] = [];
  const gaps: number[] = [];
  const pollSignals: AbortSignal[] = [];
  const view = { hidden: false };
  const connection = createLiveConnection({
    socket,
    stream,
    timers,
    random: () => chance,
    isHidden: () => view.hidden,
    async poll(cursor, signal) {
      polls.push(timers.now());
      pollSignals.push(signal);
      if (net.poll.mute) await new Promise(() => undefined);
      if (net.poll.blocked) throw new Error("no network");
      return { messages: cursor === undefined ? [] : waiting.splice(0), cursor: cursor ?? "10" };
    },
    onMode: (mode) => modes.push({ mode, atMs: timers.now() }),
    onMessage: ({ id }) => received.push(id),
    onUnknown: (data) => unknown.push(data),
    onGap: () => gaps.push(timers.now()),
  });
  return {
    timers,
    net,
    socket,
    stream,
    modes,
    received,
    unknown,
    waiting,
    polls,
    pollSignals,
    gaps,
    view,
    connection,
  };
}

describe("waiting before the next attempt", () => {
  it("doubles from one second to thirty and takes anything below", () => {
    const longOutage = 600_000;
    expect([0, 1, 2, 3, 4, 5, 6].map((attempt) => reconnectDelayMs(attempt, 1, longOutage))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(reconnectDelayMs(9, 0, longOutage)).toBe(0);
  });

  it("is at most twice as long as the trouble has lasted, so that a short restart is over soon for everybody", () => {
    expect([0, 900, 5_000, 40_000].map((troubledMs) => reconnectDelayMs(5, 1, troubledMs))).toEqual([
      1_000, 1_800, 10_000, 30_000,
    ]);
  });
});

describe("a thousand pages whose server is away", () => {
  it.each([1_000, 5_000, 60_000])("for %i ms are all back within a minute, not in one moment", (awayMs) => {
    // Park and Miller's generator: the package has none of its own.
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const back = Array.from({ length: 1_000 }, () => {
      let atMs = 0;
      for (let attempt = 0; atMs < awayMs; attempt += 1) atMs += reconnectDelayMs(attempt, random(), atMs);
      return atMs - awayMs;
    });
    expect(Math.max(...back)).toBeLessThan(60_000);
    const tenths = Map.groupBy(back, (lateMs) => Math.floor(lateMs / 100));
    expect(Math.max(...[...tenths.values()].map(({ length }) => length))).toBeLessThan(150);
  });
});

describe("the live connection", () => {
  it("is live over a WebSocket without opening anything else", async () => {
    const { connection, timers, modes, stream } = setUp();
    connection.start();
    await timers.advance(5_000);
    expect(modes.map(({ mode }) => mode)).toEqual(["live"]);
    expect(stream.attempts).toHaveLength(0);
  });

  it("falls back to server-sent events within five seconds when WebSocket is blocked", async () => {
    const { connection, timers, modes } = setUp({ socketBlocked: true });
    connection.start();
    await timers.advance(5_000);
    expect(modes.map(({ mode }) => mode)).toEqual(["sse"]);
  });

  it("loses an open WebSocket and is on server-sent events within five seconds, from the last message on", async () => {
    const { connection, timers, net, socket, stream, modes } = setUp();
    connection.start();
    await timers.advance(1_000);
    socket.attempts[0]?.onData(message("17"));
    net.socket.blocked = true;
    socket.attempts[0]?.onClose();
    await timers.advance(5_000);
    expect(modes.at(-1)?.mode).toBe("sse");
    expect(stream.attempts[0]?.cursor).toBe("17");
  });

  it.each([
    [0.1, 2_200],
    [0.5, 3_000],
    [0.9, 3_800],
  ])(
    "does not open its stream in the moment in which all others do: by a chance of %d after %i ms",
    async (chance, afterMs) => {
      const { connection, timers, net, socket, stream } = setUp({ chance });
      connection.start();
      await timers.advance(0);
      net.socket.blocked = true;
      socket.attempts[0]?.onClose();
      await timers.advance(afterMs - 1);
      expect(stream.attempts).toHaveLength(0);
      await timers.advance(1);
      expect(stream.attempts).toHaveLength(1);
    },
  );

  it("says at once that there is no network, and is live at once when it is back, from the last message on", async () => {
    const { connection, timers, net, socket, modes } = setUp();
    connection.start();
    await timers.advance(1_000);
    socket.attempts[0]?.onData(message("17"));
    for (const way of Object.values(net)) way.blocked = true;
    // A socket whose network went is open for as long as nobody asks.
    connection.renew();
    await timers.advance(0);
    expect(modes.at(-1)).toEqual({ mode: "offline", atMs: 1_000 });
    expect(socket.attempts[0]?.isClosed).toBe(true);
    await timers.advance(60_000);
    for (const way of Object.values(net)) way.blocked = false;
    connection.renew();
    await timers.advance(0);
    expect(modes.at(-1)).toEqual({ mode: "live", atMs: 61_000 });
    expect(socket.attempts.at(-1)?.cursor).toBe("17");
  });

  it("asks every fifteen seconds when both streams are blocked, every sixty in a hidden tab", async () => {
    const { connection, timers, modes, polls, view } = setUp({ socketBlocked: true, streamBlocked: true });
    connection.start();
    await timers.advance(6_000);
    expect(modes.at(-1)?.mode).toBe("polling");
    const before = polls.length;
    await timers.advance(30_000);
    expect(polls.length - before).toBe(2);
    view.hidden = true;
    await timers.advance(15_000);
    const hiddenFrom = polls.length;
    await timers.advance(50_000);
    expect(polls.length - hiddenFrom).toBe(0);
  });

  it("passes on what a poll brings", async () => {
    const { connection, timers, waiting, received } = setUp({ socketBlocked: true, streamBlocked: true });
    connection.start();
    await timers.advance(6_000);
    waiting.push(message("11"));
    await timers.advance(15_000);
    expect(received).toEqual(["11"]);
  });

  it("goes up again by itself when nothing is blocked any more, and closes the lesser ways", async () => {
    const { connection, timers, net, stream, modes, polls } = setUp({
      socketBlocked: true,
      streamBlocked: true,
    });
    connection.start();
    await timers.advance(10_000);
    net.stream.blocked = false;
    await timers.advance(31_000);
    expect(modes.at(-1)?.mode).toBe("sse");
    net.socket.blocked = false;
    await timers.advance(31_000);
    expect(modes.at(-1)?.mode).toBe("live");
    expect(stream.attempts.every((attempt) => attempt.isClosed)).toBe(true);
    const asked = polls.length;
    await timers.advance(120_000);
    expect(polls).toHaveLength(asked);
  });

  it("says offline when nothing answers", async () => {
    const { connection, timers, modes } = setUp({
      socketBlocked: true,
      streamBlocked: true,
      pollBlocked: true,
    });
    connection.start();
    await timers.advance(10_000);
    expect(modes.at(-1)?.mode).toBe("offline");
  });

  it("passes each message on once, though both ways bring it", async () => {
    const { connection, timers, net, socket, stream, received } = setUp({ socketBlocked: true });
    connection.start();
    await timers.advance(5_000);
    stream.attempts[0]?.onData(message("11"));
    net.socket.blocked = false;
    await timers.advance(31_000);
    socket.attempts.at(-1)?.onData(message("11"));
    socket.attempts.at(-1)?.onData(message("12"));
    expect(received).toEqual(["11", "12"]);
  });

  it("ignores another version and says so", async () => {
    const { connection, timers, socket, received, unknown } = setUp();
    connection.start();
    await timers.advance(100);
    socket.attempts[0]?.onData({ ...message("11"), v: 2 });
    expect(received).toEqual([]);
    expect(unknown).toHaveLength(1);
  });

  it("begins with the shortest wait again after a minute without a loss", async () => {
    const { connection, timers, net, socket } = setUp({ socketBlocked: true });
    connection.start();
    await timers.advance(60_000);
    net.socket.blocked = false;
    await timers.advance(31_000);
    await timers.advance(61_000);
    const opened = socket.attempts.length;
    socket.attempts.at(-1)?.onClose();
    await timers.advance(1_000);
    expect(socket.attempts).toHaveLength(opened + 1);
  });

  it("asks a socket at once when it is looked at again, and opens another within seconds when it is dead", async () => {
    const { connection, timers, net, socket, modes } = setUp();
    connection.start();
    await timers.advance(1_000);
    socket.attempts[0]?.onData(message("17"));
    connection.wake();
    await timers.advance(pingLimitMs);
    expect(socket.attempts).toHaveLength(1);
    net.socket.mute = true;
    connection.wake();
    connection.wake();
    await timers.advance(pingLimitMs);
    expect(socket.attempts).toMatchObject([
      { pings: 2, isClosed: true },
      { cursor: "17", isClosed: false },
    ]);
    expect(modes.at(-1)?.mode).toBe("live");
  });

  it("finds a dead socket by itself, without waiting for the browser to close it", async () => {
    const { connection, timers, net, socket } = setUp();
    net.socket.mute = true;
    connection.start();
    await timers.advance(pingAfterMs + pingLimitMs);
    expect(socket.attempts).toMatchObject([{ isClosed: true }, { isClosed: false }]);
  });

  it("does not call itself live while everything hangs", async () => {
    const { connection, timers, net, modes, pollSignals } = setUp();
    connection.start();
    await timers.advance(1_000);
    net.socket.blocked = true;
    net.stream.blocked = true;
    net.poll.mute = true;
    net.socket.mute = true;
    connection.wake();
    await timers.advance(pingLimitMs + 4_000);
    expect(modes.at(-1)?.mode).toBe("connecting");
    await timers.advance(pollLimitMs);
    expect(modes.at(-1)?.mode).toBe("offline");
    expect(pollSignals.map(({ aborted }) => aborted)).toEqual([true]);
    // The next request is made all the same.
    net.poll.mute = false;
    await timers.advance(15_000);
    expect(modes.at(-1)?.mode).toBe("polling");
  });

  it("opens a quiet stream anew when it is looked at again, and asks at once for a socket", async () => {
    const { connection, timers, stream, socket, modes } = setUp({ socketBlocked: true });
    connection.start();
    await timers.advance(40_000);
    expect(modes.at(-1)?.mode).toBe("sse");
    const tried = socket.attempts.length;
    connection.wake();
    await timers.advance(0);
    expect(stream.attempts).toMatchObject([{ isClosed: true }, { isClosed: false }]);
    expect(socket.attempts).toHaveLength(tried + 1);
    connection.wake();
    await timers.advance(0);
    // It has just been opened.
    expect(stream.attempts).toHaveLength(2);
    expect(modes.at(-1)?.mode).toBe("sse");
  });

  it("tells of a gap when it was away for longer than the lane can replay, and only then", async () => {
    const { connection, timers, net, gaps } = setUp();
    connection.start();
    await timers.advance(600_000);
    const blockAll = (blocked: boolean) => {
      for (const way of Object.values(net)) Object.assign(way, { blocked, mute: blocked });
    };
    blockAll(true);
    await timers.advance(200_000);
    blockAll(false);
    await timers.advance(31_000);
    expect(gaps).toEqual([]);
    blockAll(true);
    await timers.advance(320_000);
    blockAll(false);
    await timers.advance(31_000);
    expect(gaps).toHaveLength(1);
  });

  it("reads all anew and goes on from there when the server's numbers begin below its own, however it is told", async () => {
    const told: (string | undefined)[] = [];
    const timers = fakeTimers();
    const behaviour: Behaviour = { blocked: false };
    const socket = fakeTransport(behaviour, { canBePinged: true });
    const asked: (string | undefined)[] = [];
    const received: string[] = [];
    const connection = createLiveConnection({
      socket,
      stream: fakeTransport({ blocked: true }, { canBePinged: false }),
      timers,
      random: () => 0.5,
      isHidden: () => false,
      cursor: "900",
      poll(cursor) {
        asked.push(cursor);
        return Promise.resolve(
          asked.length > 1
            ? { messages: [message("3")], cursor: "3" }
            : { messages: [], cursor: "2", startsOver: true },
        );
      },
      onMode: () => undefined,
      onMessage: ({ id, type }) => void (type === "CONNECTION_ACK" || received.push(id)),
      onGap: (startsAt) => told.push(startsAt),
    });
    connection.start();
    await timers.advance(0);
    socket.attempts[0]?.onData(message("3"));
    const greeting = { ...message("2"), type: "CONNECTION_ACK" };
    socket.attempts[0]?.onData({ ...greeting, payload: { resumeFrom: "2", startsOver: true } });
    expect([told, connection.cursor]).toEqual([["2"], "2"]);
    socket.attempts[0]?.onData(message("3"));
    socket.attempts[0]?.onData(greeting);
    expect([told, connection.cursor, received]).toEqual([["2"], "3", ["3", "3"]]);

    behaviour.blocked = true;
    socket.attempts[0]?.onClose();
    await timers.advance(60_000);
    expect(asked.slice(0, 2)).toEqual(["3", "2"]);
    expect([told, connection.cursor, received]).toEqual([["2", "2"], "3", ["3", "3", "3"]]);
  });

  it("polls for whoever looks at another tab when it would be due there, and not more often", async () => {
    const { connection, timers, polls, view } = setUp({ socketBlocked: true, streamBlocked: true });
    view.hidden = true;
    connection.start();
    await timers.advance(10_000);
    const atFirst = polls.length;
    expect(atFirst).toBeGreaterThan(0);
    const sinceMs = timers.now() - (polls.at(-1) ?? 0);
    await timers.advance(14_999 - sinceMs);
    connection.pollIfDue();
    expect(polls).toHaveLength(atFirst);
    await timers.advance(1);
    connection.pollIfDue();
    expect(polls).toHaveLength(atFirst + 1);
  });

  it("knows of a sleep by a timer that comes much too late", async () => {
    const timers = fakeTimers();
    let sleptMs = 0;
    let awoken = 0;
    const stop = watchForSleep({ ...timers, now: () => timers.now() + sleptMs }, () => (awoken += 1));
    await timers.advance(60_000);
    expect(awoken).toBe(0);
    sleptMs = 3_600_000;
    await timers.advance(5_000);
    expect(awoken).toBe(1);
    await timers.advance(60_000);
    stop();
    sleptMs *= 2;
    await timers.advance(60_000);
    expect(awoken).toBe(1);
  });

  it("is silent after it was stopped", async () => {
    const { connection, timers, socket, received } = setUp();
    connection.start();
    await timers.advance(100);
    connection.stop();
    socket.attempts[0]?.onData(message("11"));
    await timers.advance(120_000);
    expect(received).toEqual([]);
    expect(socket.attempts).toHaveLength(1);
    expect(socket.attempts[0]?.isClosed).toBe(true);
  });
});
