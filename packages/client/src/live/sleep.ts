import type { Timers } from "./timers.ts";

const lookEveryMs = 5_000;
/** Later than that is no busy moment. Timers of a hidden tab may be so late as well: then it is looked for nothing. */
const lateMs = 10_000;

/**
 * Timers stand still while a machine sleeps, and its clock does not: one that comes much too late tells of it.
 *
 * @returns ends it
 */
export function watchForSleep(timers: Timers, onAwake: () => void): () => void {
  let cancel: () => void;
  const look = (dueMs: number): void => {
    if (timers.now() - dueMs > lateMs) onAwake();
    wait();
  };
  const wait = (): void => {
    const dueMs = timers.now() + lookEveryMs;
    cancel = timers.after(lookEveryMs, () => look(dueMs));
  };
  wait();
  return () => cancel();
}
