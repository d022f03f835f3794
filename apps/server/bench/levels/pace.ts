import { setTimeout as pause } from "node:timers/promises";

/**
 * Calls so many times a second for so long, whether or not earlier calls have been answered, and times each from the moment
 * that it was due: a server that stalls makes all wait that were due meanwhile, as people would.
 *
 * @returns milliseconds of each call, in the order in which they were due
 */
export async function atPace(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  call: (turn: number) => Promise<unknown>,
): Promise<number[]> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  const waits: Promise<number>[] = [];
  while (waits.length < total) {
    const dueAt = startedAt + (waits.length * 1_000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await pause(waitMs);
    waits.push(call(waits.length).then(() => performance.now() - dueAt));
  }
  return Promise.all(waits);
}

/** @returns how many calls so many callers made in so many milliseconds, each of whom waits for an answer before asking again */
export async function asFastAs(
  { callers, seconds }: { readonly callers: number; readonly seconds: number },
  call: (turn: number, caller: number) => Promise<unknown>,
): Promise<{ answered: number; ms: number }> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let turn = 0;
  let answered = 0;
  const go = async (caller: number): Promise<void> => {
    while (performance.now() < endsAt) {
      await call(turn++, caller);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => go(caller)));
  return { answered, ms: performance.now() - startedAt };
}
