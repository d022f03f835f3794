import { describe, expect, it } from "vitest";
import { createCoalescer, type Passing } from "./coalesce.ts";

const state = (seq: number, key = "updates"): Passing => ({ seq, key });
const alert = (seq: number): Passing => ({ seq, key: undefined });
const seqs = (items: readonly Passing[]): number[] => items.map(({ seq }) => seq);

describe("coalescing what one reader is sent", () => {
  it("makes five of 100 updates in a second, and the last one sent is the newest", () => {
    const coalescer = createCoalescer<Passing>(250);
    const sent: number[] = [];
    let dueAt: number | undefined;
    for (let ms = 0; ms <= 1_250; ms += 10) {
      if (dueAt !== undefined && ms >= dueAt) {
        sent.push(...seqs(coalescer.flush(ms)));
        dueAt = undefined;
      }
      if (ms < 1_000) sent.push(...seqs(coalescer.offer(state(ms / 10 + 1), ms, false)));
      if (coalescer.isHolding()) dueAt ??= ms + 250 - (ms % 250);
    }
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(sent.at(-1)).toBe(100);
  });

  it("never holds an alert, and sends what waits before it, so that the order stays", () => {
    const coalescer = createCoalescer<Passing>(250);
    expect(seqs(coalescer.offer(state(1), 0, false))).toEqual([1]);
    expect(seqs(coalescer.offer(state(2), 10, false))).toEqual([]);
    expect(seqs(coalescer.offer(alert(3), 20, false))).toEqual([2, 3]);
    expect(seqs(coalescer.offer(alert(4), 21, true))).toEqual([4]);
    expect(coalescer.isHolding()).toBe(false);
  });

  it("keeps the newest of each key, in the order of their last ones", () => {
    const coalescer = createCoalescer<Passing>(250);
    coalescer.offer(state(1), 0, false);
    for (const item of [state(2, "a"), state(3, "b"), state(4, "a")]) coalescer.offer(item, 10, false);
    expect(seqs(coalescer.flush(250))).toEqual([3, 4]);
  });

  it("lets states wait while the reader is behind", () => {
    const coalescer = createCoalescer<Passing>(250);
    expect(coalescer.offer(state(1), 0, true)).toEqual([]);
    expect(coalescer.offer(state(2), 1_000, true)).toEqual([]);
    expect(seqs(coalescer.flush(1_250))).toEqual([2]);
  });
});
