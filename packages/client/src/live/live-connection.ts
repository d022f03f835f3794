import { createLane, type Lane, type LiveTransport } from "./lane.ts";
import { createOnceFilter, isGreeting, isLaterCursor, readLiveMessage, type LiveMessage } from "./message.ts";
import { createPoller, type Poll } from "./poller.ts";
import type { Timers } from "./timers.ts";

/** How news come in: WebSocket, server-sent events, asking every 15 s, not at all, or not yet decided. */
export type LiveMode = "connecting" | "live" | "sse" | "polling" | "offline";

/**
 * Without a WebSocket for so long, and up to twice as long, server-sent events are opened; without those for so long again,
 * it polls. Chance keeps the pages that lost one server from all opening their streams at the next in the same moment.
 */
export const failoverMs = 2_000;
const openTimeoutMs = 8_000;
/** The lane replays five minutes; a little less, as clocks and timers are no closer. */
export const replayedMs = 280_000;

export interface LiveConnectionOptions {
  readonly socket: LiveTransport;
  readonly stream: LiveTransport;
  readonly poll: Poll;
  readonly timers: Timers;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly isHidden: () => boolean;
  readonly onMode: (mode: LiveMode) => void;
  readonly onMessage: (message: LiveMessage) => void;
  /**
   * Nothing was heard for longer than can be replayed, or the server's data are another: what a page shows is to be read anew.
   *
   * @param startsAt the cursor to go on from, where the server's numbers begin below those that were heard
   */
  readonly onGap?: (startsAt?: string) => void;
  /** Told of messages that are not understood. */
  readonly onUnknown?: (data: unknown) => void;
  /** Where to go on from; without one the newest. */
  readonly cursor?: string;
}

export interface LiveConnection {
  readonly mode: LiveMode;
  readonly cursor: string | undefined;
  start(): void;
  stop(): void;
  /** Opens everything anew: the caller became somebody else. */
  restart(): void;
  /** The network went or came back: what is open may be dead, and what waits need not wait. */
  renew(): void;
  /** It is looked at again, or the machine may have slept: what seems open is asked, and what waits need not wait. */
  wake(): void;
  /** Somebody is looking, though perhaps not at this tab: a poll that would be due then is made now. */
  pollIfDue(): void;
}

/**
 * Keeps one connection to the live lane by the best way there is. The WebSocket is always tried, in the background too, so
 * a page that fell back goes up again by itself. Each message is passed on once, whatever way it came.
 */
export function createLiveConnection(options: LiveConnectionOptions): LiveConnection {
  const { timers, random, isHidden } = options;
  let { cursor } = options;
  let mode: LiveMode = "connecting";
  let isStarted = false;
  let isFirstTime = createOnceFilter();
  let cancelFailover: (() => void) | undefined;

  const onData = (data: unknown): void => {
    const message = readLiveMessage(data);
    if (!message) {
      options.onUnknown?.(data);
      return;
    }
    if (isGreeting(message) && message.payload["startsOver"] === true) startOver(message.id);
    if (message.id !== "" && isLaterCursor(message.id, cursor)) cursor = message.id;
    if (isFirstTime(message)) options.onMessage(message);
  };
  /** What was heard is of another life of the server's database: its numbers say nothing any more. */
  const startOver = (startsAt: string): void => {
    cursor = startsAt;
    isFirstTime = createOnceFilter();
    options.onGap?.(startsAt);
  };
  let heardAtMs = timers.now();
  const onAlive = (): void => {
    const quietMs = timers.now() - heardAtMs;
    heardAtMs = timers.now();
    if (quietMs > replayedMs) options.onGap?.();
  };
  const common = { timers, random, openTimeoutMs, cursor: () => cursor, onData, onAlive };
  const socket = createLane({ ...common, transport: options.socket, onChange: () => settle() });
  const stream = createLane({ ...common, transport: options.stream, onChange: () => settle() });
  const poller = createPoller({
    poll: options.poll,
    timers,
    isHidden,
    cursor: () => cursor,
    onAnswer(answer) {
      onAlive();
      if (answer.startsOver) startOver(answer.cursor);
      for (const message of answer.messages) onData(message);
      if (isLaterCursor(answer.cursor, cursor)) cursor = answer.cursor;
    },
    onChange: () => settle(),
  });

  const say = (next: LiveMode): void => {
    if (next === mode) return;
    mode = next;
    options.onMode(next);
  };

  /** At once when the first attempt fails, else after a while: a short loss needs no other way. */
  const failOver = (from: Lane, to: () => void): void => {
    const go = (): void => {
      endFailover();
      if (!isStarted || from.isOpen) return;
      // What was lost a while ago is not called live any more.
      say("connecting");
      to();
      settle();
    };
    if (from.hasFailed && mode === "connecting") go();
    else cancelFailover ??= timers.after(failoverMs * (1 + random()), go);
  };
  const endFailover = (): void => {
    cancelFailover?.();
    cancelFailover = undefined;
  };

  let isStreamWanted = false;

  const settle = (): void => {
    if (!isStarted) return;
    if (socket.isOpen) {
      isStreamWanted = false;
      stream.stop();
      poller.stop();
      endFailover();
      say("live");
    } else if (stream.isOpen) {
      poller.stop();
      endFailover();
      say("sse");
    } else if (!isStreamWanted) {
      failOver(socket, () => {
        isStreamWanted = true;
        stream.start();
      });
    } else if (!poller.isRunning) {
      failOver(stream, () => poller.start());
    } else if (poller.hasFailed) {
      say("offline");
    } else if (poller.hasAnswered) {
      say("polling");
    }
  };

  const start = (): void => {
    if (isStarted) return;
    isStarted = true;
    isStreamWanted = false;
    socket.start();
    settle();
  };
  const stop = (): void => {
    isStarted = false;
    endFailover();
    socket.stop();
    stream.stop();
    poller.stop();
  };

  return {
    get mode() {
      return mode;
    },
    get cursor() {
      return cursor;
    },
    start,
    stop,
    restart() {
      stop();
      isFirstTime = createOnceFilter();
      start();
    },
    renew() {
      if (!isStarted) return;
      stop();
      say("connecting");
      start();
    },
    wake() {
      if (!isStarted) return;
      socket.check();
      if (isStreamWanted) stream.check();
      poller.hurry();
    },
    pollIfDue: () => poller.askIfDue(),
  };
}
