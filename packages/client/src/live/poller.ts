import type { Timers } from "./timers.ts";

export const pollEveryMs = 15_000;
export const pollHiddenEveryMs = 60_000;
/** A request that has no answer by then has failed. */
export const pollLimitMs = 10_000;

export interface PollAnswer {
  readonly messages: readonly unknown[];
  readonly cursor: string;
}

/** Asks for what is new since a cursor; without one it answers where to begin. */
export type Poll = (cursor: string | undefined, signal: AbortSignal) => Promise<PollAnswer>;

export interface Poller {
  readonly isRunning: boolean;
  /** The last answer was a failure. */
  readonly hasFailed: boolean;
  readonly hasAnswered: boolean;
  start(): void;
  stop(): void;
  /** Asks at once, for instance when the tab is looked at again. */
  hurry(): void;
}

export interface PollerOptions {
  readonly poll: Poll;
  readonly timers: Timers;
  readonly isHidden: () => boolean;
  readonly cursor: () => string | undefined;
  readonly onAnswer: (answer: PollAnswer) => void;
  readonly onChange: () => void;
}

/** Every 15 s, every 60 s in a tab that is not looked at. */
export function createPoller(options: PollerOptions): Poller {
  let run = 0;
  let isRunning = false;
  let hasFailed = false;
  let hasAnswered = false;
  let cancelTimer: (() => void) | undefined;
  let giveUp: (() => void) | undefined;

  /** The answer to one request, which is ended when it takes too long or is not wanted any more. */
  const answerInTime = async (): Promise<PollAnswer> => {
    const asking = new AbortController();
    const tooLate = Promise.withResolvers<never>();
    const end = (): void => {
      asking.abort();
      tooLate.reject(new Error("No answer came in time."));
    };
    const cancelLimit = options.timers.after(pollLimitMs, end);
    giveUp = end;
    try {
      return await Promise.race([options.poll(options.cursor(), asking.signal), tooLate.promise]);
    } finally {
      cancelLimit();
    }
  };

  const ask = async (mine: number): Promise<void> => {
    cancelTimer?.();
    try {
      const answer = await answerInTime();
      if (mine !== run) return;
      hasFailed = false;
      hasAnswered = true;
      options.onAnswer(answer);
    } catch {
      // Not reached: the badge says offline, and the next round tries again.
      if (mine !== run) return;
      hasFailed = true;
    }
    options.onChange();
    if (mine !== run) return;
    const delayMs = options.isHidden() ? pollHiddenEveryMs : pollEveryMs;
    cancelTimer = options.timers.after(delayMs, () => void ask(mine));
  };

  const stop = (): void => {
    run += 1;
    isRunning = false;
    hasFailed = false;
    hasAnswered = false;
    cancelTimer?.();
    giveUp?.();
  };

  return {
    get isRunning() {
      return isRunning;
    },
    get hasFailed() {
      return hasFailed;
    },
    get hasAnswered() {
      return hasAnswered;
    },
    start() {
      if (isRunning) return;
      isRunning = true;
      run += 1;
      void ask(run);
    },
    stop,
    hurry() {
      if (!isRunning) return;
      run += 1;
      giveUp?.();
      void ask(run);
    },
  };
}
