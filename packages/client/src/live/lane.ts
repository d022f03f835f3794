import { reconnectDelayMs, stableAfterMs } from "./backoff.ts";
import type { Timers } from "./timers.ts";

export interface TransportEvents {
  readonly onOpen: () => void;
  readonly onData: (data: unknown) => void;
  /** The connection is gone, or never came; called at most once. */
  readonly onClose: () => void;
}

/** One way to receive a stream: WebSocket, or server-sent events. */
export interface LiveTransport {
  /** @returns closes it; nothing is called afterwards */
  open(options: { cursor: string | undefined } & TransportEvents): () => void;
}

/** A transport that is kept open: opened, and after a loss opened again. */
export interface Lane {
  readonly isOpen: boolean;
  /** It failed at least once since it was started. */
  readonly hasFailed: boolean;
  start(): void;
  stop(): void;
}

export interface LaneOptions {
  readonly transport: LiveTransport;
  readonly timers: Timers;
  readonly random: () => number;
  /** An attempt that is not open by then counts as failed. */
  readonly openTimeoutMs: number;
  readonly cursor: () => string | undefined;
  readonly onData: (data: unknown) => void;
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
  let close: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;

  const connect = (): void => {
    // Events of an attempt that was given up are nobody's.
    let isCurrent = true;
    const leave = (): void => {
      isCurrent = false;
      cancelTimer?.();
      closeTransport();
    };
    const fail = (): void => {
      if (!isCurrent) return;
      leave();
      close = undefined;
      isOpen = false;
      hasFailed = true;
      troubledSinceMs ??= timers.now();
      const delayMs = reconnectDelayMs(attempt, random(), timers.now() - troubledSinceMs);
      cancelTimer = timers.after(delayMs, connect);
      attempt += 1;
      options.onChange();
    };
    let closeTransport = (): void => undefined;
    close = leave;
    cancelTimer = timers.after(openTimeoutMs, fail);
    const closeOpened = transport.open({
      cursor: options.cursor(),
      onOpen() {
        if (!isCurrent || isOpen) return;
        isOpen = true;
        hasFailed = false;
        cancelTimer?.();
        cancelTimer = timers.after(stableAfterMs, () => {
          attempt = 0;
          troubledSinceMs = undefined;
        });
        options.onChange();
      },
      onData: (data) => {
        if (isCurrent) options.onData(data);
      },
      onClose: fail,
    });
    closeTransport = closeOpened;
    if (!isCurrent) closeOpened();
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
      close?.();
      close = undefined;
    },
  };
}
