import type { Timers } from "./timers.ts";

/** Timers that only move when told to. */
export function fakeTimers(): Timers & { advance(ms: number): Promise<void> } {
  let nowMs = 0;
  let due: { atMs: number; run: () => void }[] = [];
  const settlePromises = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    now: () => nowMs,
    after(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      due.push(timer);
      return () => {
        due = due.filter((each) => each !== timer);
      };
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settlePromises();
      for (;;) {
        const [next] = due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        due = due.filter((each) => each !== next);
        nowMs = next.atMs;
        next.run();
        await settlePromises();
      }
      nowMs = untilMs;
    },
  };
}
