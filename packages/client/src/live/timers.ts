/** The browser's clock and timers, given so that tests can hold them. */
export interface Timers {
  readonly now: () => number;
  /** @returns cancels it */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export const browserTimers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return () => clearTimeout(handle);
  },
};
