import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toDelivery, type LiveDelivery } from "./hub.ts";
import { createOutlet } from "./outlet.ts";

const update = (seq: number, topic = "personalized"): LiveDelivery =>
  toDelivery({
    seq,
    channel: topic,
    type: "RECOMMENDATION_UPDATE",
    payload: { items: [] },
    at: new Date(0),
  });
const alert = (seq: number, text = "rain"): LiveDelivery =>
  toDelivery({
    seq,
    channel: "system",
    type: "SYSTEM_ALERT",
    payload: { level: "info", text },
    at: new Date(0),
  });

describe("what one connection is sent", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open() {
    const sent: number[] = [];
    const reader = { waiting: 0, isDropped: false };
    const outlet = createOutlet(
      {
        bufferedBytes: () => reader.waiting,
        write: ({ seq }) => void sent.push(seq),
        drop: () => void (reader.isDropped = true),
      },
      { monotonic: () => Date.now() },
    );
    return { sent, reader, outlet };
  }

  it("is the newest of many recommendations, every 250 ms at most", () => {
    const { sent, outlet } = open();
    for (let seq = 1; seq <= 100; seq++) {
      outlet.offer(update(seq));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(sent.at(-1)).toBe(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is the newest trend of each market, none in place of another's", () => {
    const { sent, outlet } = open();
    const trend = (seq: number, marketId: string): LiveDelivery =>
      toDelivery({
        seq,
        channel: "trending",
        type: "TRENDING_UPDATE",
        payload: { marketId, items: [] },
        at: new Date(0),
      });
    for (const [at, marketId] of ["riverside", "lakeside", "hilltop", "lakeside"].entries())
      outlet.offer(trend(at + 1, marketId));
    vi.advanceTimersByTime(250);
    expect(sent).toEqual([1, 3, 4]);
  });

  it("is every alert, at once and in order", () => {
    const { sent, outlet } = open();
    const items = [update(1), update(2), alert(3), alert(4), update(5), alert(6)];
    for (const item of items) outlet.offer(item);
    expect(sent).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is alerts alone while the reader is behind, and the newest recommendation when it has caught up", () => {
    const { sent, reader, outlet } = open();
    reader.waiting = 100_000;
    for (let seq = 1; seq <= 4; seq++) outlet.offer(update(seq));
    vi.advanceTimersByTime(10_000);
    expect(sent).toEqual([]);
    reader.waiting = 0;
    vi.advanceTimersByTime(250);
    expect(sent).toEqual([4]);
  });

  it("is nothing more once it would make the server keep over 1 MB", () => {
    const { sent, reader, outlet } = open();
    reader.waiting = 1_048_576 - 1_000;
    outlet.offer(alert(1));
    expect(reader.isDropped).toBe(false);
    outlet.offer(alert(2, "x".repeat(2_000)));
    expect(reader.isDropped).toBe(true);
    outlet.offer(alert(3));
    expect(sent).toEqual([1]);
  });

  it("is nothing after the end, and no timer stays", () => {
    const { sent, outlet } = open();
    outlet.offer(update(1));
    outlet.offer(update(2));
    outlet.close();
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
