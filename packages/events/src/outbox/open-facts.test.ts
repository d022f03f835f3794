import { expect, it } from "vitest";
import { createOpenFacts } from "./open-facts.ts";

function counted(openNow: number) {
  const state = { openNow, counts: 0, nowMs: 0 };
  const openFacts = createOpenFacts(
    (limit) => {
      state.counts += 1;
      return Promise.resolve(Math.min(state.openNow, limit));
    },
    () => state.nowMs,
  );
  return { state, openFacts };
}

it("counts anew each time while that is cheap", async () => {
  const { state, openFacts } = counted(999);
  expect(await openFacts.count(10_000)).toBe(999);
  state.openNow = 0;
  expect(await openFacts.count(10_000)).toBe(0);
});

it("knows of a long outbox for a quarter of a second, and of what was added meanwhile, up to the limit", async () => {
  const { state, openFacts } = counted(9_950);
  expect(await openFacts.count(10_000)).toBe(9_950);
  openFacts.added(49);
  state.nowMs = 249;
  expect(await openFacts.count(10_000)).toBe(9_999);
  openFacts.added(2);
  expect(await openFacts.count(10_000)).toBe(10_000);
  expect(state.counts).toBe(1);
  state.nowMs = 250;
  state.openNow = 20;
  expect(await openFacts.count(10_000)).toBe(20);
});

it("counts again for another limit", async () => {
  const { state, openFacts } = counted(50_000);
  expect(await openFacts.count(2_000)).toBe(2_000);
  expect(await openFacts.count(10_000)).toBe(10_000);
  expect(await openFacts.count(1_500)).toBe(1_500);
  expect(state.counts).toBe(3);
});
