import { describe, expect, it } from "vitest";
import { fakeTimers } from "../live/testing.ts";
import { createTracker, type TrackedAction } from "./tracker.ts";

function setUp() {
  const timers = fakeTimers();
  const sent: (readonly TrackedAction[])[] = [];
  const last: (readonly TrackedAction[])[] = [];
  const state = { isAllowed: true, fails: 0 };
  let count = 0;
  const tracker = createTracker({
    async send(batch) {
      sent.push(batch);
      if (state.fails-- > 0) throw new Error("no network");
    },
    sendLast: (batch) => last.push(batch),
    newId: () => `id-${(count += 1)}`,
    now: () => new Date(timers.now()),
    after: timers.after,
    isAllowed: () => state.isAllowed,
    device: "phone",
  });
  return { timers, sent, last, state, tracker };
}

describe("telling what a shopper does", () => {
  it("sends three views within a moment as one batch of three", async () => {
    const { tracker, timers, sent } = setUp();
    for (const entityId of ["tomato", "basil", "tomato"]) tracker.track({ action: "VIEW_PRODUCT", entityId });
    await timers.advance(200);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.map(({ entityId }) => entityId)).toEqual(["tomato", "basil", "tomato"]);
    expect(new Set(sent[0]?.map(({ id }) => id)).size).toBe(3);
    expect(new Set(sent[0]?.map(({ device }) => device))).toEqual(new Set(["phone"]));
  });

  it("tries a lost batch again with the same ids, once", async () => {
    const { tracker, timers, sent, state } = setUp();
    state.fails = 2;
    tracker.track({ action: "SEARCH" });
    await timers.advance(30_000);
    expect(sent.map((batch) => batch.map(({ id }) => id))).toEqual([["id-1"], ["id-1"]]);
  });

  it("sends nothing for a shopper who said no", async () => {
    const { tracker, timers, sent, last, state } = setUp();
    state.isAllowed = false;
    tracker.track({ action: "SEARCH" });
    await timers.advance(1_000);
    tracker.leave();
    expect(sent).toEqual([]);
    expect(last).toEqual([]);
  });

  it("hands over what waits when the page goes away", () => {
    const { tracker, last } = setUp();
    tracker.track({ action: "SHARE_PRODUCT" });
    tracker.leave();
    expect(last[0]?.map(({ action }) => action)).toEqual(["SHARE_PRODUCT"]);
  });
});
