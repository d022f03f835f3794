import type { Timers } from "./timers.ts";

export const pollEveryMs = 15_000;
export const pollHiddenEveryMs = 60_000;
/** A request that has no answer by then has failed. */
export const pollLimitMs = 10_000;

export interface PollAnswer {
  readonly messages: readonly unknown[];
  readonly cursor: string;
  /** The cursor asked with is of another life of the server's database. */
  readonly startsOver?: boolean;
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
  /** Asks if the last question is as long ago as it is in a tab that is looked at. */
  askIfDue(): void;
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
  let askedAtMs = 0;

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
    askedAtMs = options.timers.now();
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

  const hurry = (): void => {
    if (!isRunning) return;
    run += 1;
    giveUp?.();
    void ask(run);
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
    hurry,
    askIfDue() {
      if (options.timers.now() - askedAtMs >= pollEveryMs) hurry();
    },
  };
}
