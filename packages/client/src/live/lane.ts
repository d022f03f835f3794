import { reconnectDelayMs, stableAfterMs } from "./backoff.ts";
import type { Timers } from "./timers.ts";

export interface TransportEvents {
  readonly onOpen: () => void;
  readonly onData: (data: unknown) => void;
  /** An answer to a ping, or anything else that came. */
  readonly onAlive: () => void;
  /** The connection is gone, or never came; called at most once. */
  readonly onClose: () => void;
}

export interface OpenTransport {
  /** Nothing is called afterwards. */
  close(): void;
  /** Asks the other side for a sign of life. Absent where nobody can be asked. */
  readonly ping?: () => void;
}

/** One way to receive a stream: WebSocket, or server-sent events. */
export interface LiveTransport {
  open(options: { cursor: string | undefined } & TransportEvents): OpenTransport;
}

/** Who is pinged and says nothing for so long is gone: a socket may be dead for long before the browser says so. */
export const pingLimitMs = 3_000;
/** Who has said nothing for so long is pinged. */
export const pingAfterMs = 20_000;
/** A stream that cannot be pinged is believed for so long after its last word. */
const quietMs = 15_000;

/** A transport that is kept open: opened, and after a loss opened again. */
export interface Lane {
  readonly isOpen: boolean;
  /** It failed at least once since it was started. */
  readonly hasFailed: boolean;
  start(): void;
  stop(): void;
  /** The machine may have slept: what is open may be dead, and what waits for its next attempt need not wait. */
  check(): void;
}

export interface LaneOptions {
  readonly transport: LiveTransport;
  readonly timers: Timers;
  readonly random: () => number;
  /** An attempt that is not open by then counts as failed. */
  readonly openTimeoutMs: number;
  readonly cursor: () => string | undefined;
  readonly onData: (data: unknown) => void;
  /** It was opened, or something came. */
  readonly onAlive: () => void;
  readonly onChange: () => void;
}

export function createLane(options: LaneOptions): Lane {
  const { transport, timers, random, openTimeoutMs } = options;
  let isStarted = false;
  let isOpen = false;
  let hasFailed = false;
  let attempt = 0;
  /** When it was first lost since it was last stable. */
  let troubledSinceMs: number | undefined;
  let heardAtMs = 0;
  /** The attempt under way, or what is open. */
  let current: { leave: () => void; ping: (() => void) | undefined; die: () => void } | undefined;
  let cancelTimer: (() => void) | undefined;
  let cancelPing: (() => void) | undefined;
  let isAsked = false;

  const hear = (): void => {
    heardAtMs = timers.now();
    isAsked = false;
    cancelPing?.();
    cancelPing = current?.ping && timers.after(pingAfterMs, ask);
    options.onAlive();
  };
  const ask = (): void => {
    if (!current?.ping) return;
    isAsked = true;
    cancelPing?.();
    cancelPing = timers.after(pingLimitMs, current.die);
    current.ping();
  };

  const connect = (limitMs = openTimeoutMs): void => {
    // Events of an attempt that was given up are nobody's.
    let isCurrent = true;
    let opened: OpenTransport | undefined;
    const leave = (): void => {
      isCurrent = false;
      current = undefined;
      cancelTimer?.();
      cancelPing?.();
      isAsked = false;
      opened?.close();
    };
    const fail = (isAtOnce = false): void => {
      if (!isCurrent) return;
      leave();
      isOpen = false;
      hasFailed = true;
      troubledSinceMs ??= timers.now();
      const delayMs = isAtOnce ? 0 : reconnectDelayMs(attempt, random(), timers.now() - troubledSinceMs);
      cancelTimer = timers.after(delayMs, () => connect());
      attempt += 1;
      options.onChange();
    };
    current = { leave, ping: undefined, die: () => fail(true) };
    cancelTimer = timers.after(limitMs, () => fail());
    opened = transport.open({
      cursor: options.cursor(),
      onOpen() {
        if (!isCurrent || isOpen) return;
        isOpen = true;
        hasFailed = false;
        hear();
        cancelTimer?.();
        cancelTimer = timers.after(stableAfterMs, () => {
          attempt = 0;
          troubledSinceMs = undefined;
        });
        options.onChange();
      },
      onAlive: () => {
        if (isCurrent) hear();
      },
      onData: (data) => {
        if (!isCurrent) return;
        hear();
        options.onData(data);
      },
      onClose: () => fail(),
    });
    if (isCurrent && current) current.ping = opened.ping;
    else opened.close();
  };

  return {
    get isOpen() {
      return isOpen;
    },
    get hasFailed() {
      return hasFailed;
    },
    start() {
      if (isStarted) return;
      isStarted = true;
      connect();
    },
    stop() {
      if (!isStarted) return;
      isStarted = false;
      isOpen = false;
      hasFailed = false;
      cancelTimer?.();
      current?.leave();
    },
    check() {
      if (!isStarted) return;
      if (!current) {
        cancelTimer?.();
        connect();
      } else if (!isOpen || isAsked) {
        // It is being found out.
      } else if (current.ping) {
        ask();
      } else if (timers.now() - heardAtMs >= quietMs) {
        current.leave();
        isOpen = false;
        connect(pingLimitMs);
      }
    },
  };
}
