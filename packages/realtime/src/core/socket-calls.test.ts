import { expect, it } from "vitest";
import { createSocketCalls } from "./socket-calls.ts";

const limits = { maxSubscriptions: 2, maxCalls: 5 };
const started = (id: number) => ({ id, result: { type: "started" } });
const stopped = (id: number) => ({ id, result: { type: "stopped" } });
const subscribe = (id: number) => ({ id, method: "subscription" });
const query = (id: number) => ({ id, method: "query" });

it("lets one that is at its limit swap a subscription in one message, and counts the stopped one once", () => {
  const calls = createSocketCalls(limits);
  for (const id of [1, 2]) {
    expect(calls.begin(subscribe(id))).toBeUndefined();
    calls.answered(started(id));
  }
  expect(calls.begin(subscribe(3))).toContain("At most 2");
  expect(calls.stop(1)).toBe(true);
  expect(calls.begin(subscribe(3))).toBeUndefined();
  expect(calls.begin(subscribe(1))).toContain("this id");
  calls.answered(stopped(1));
  expect(calls.begin(subscribe(4))).toContain("At most 2");
});

it("counts a subscription that is asked to stop before it has started until it has stopped", () => {
  const calls = createSocketCalls({ ...limits, maxSubscriptions: 1 });
  calls.begin(subscribe(1));
  calls.stop(1);
  expect(calls.begin(subscribe(2))).toContain("At most 1");
  calls.answered(started(1));
  expect(calls.stop(1)).toBe(true);
  calls.answered(stopped(1));
  expect(calls.begin(subscribe(2))).toBeUndefined();
});

it("stops one that was to be stopped before it had started when it has", () => {
  const calls = createSocketCalls(limits);
  calls.begin(subscribe(1));
  expect(calls.stop(1)).toBe(false);
  expect(calls.answered(started(1))).toBe(true);
  expect(calls.answered({ id: 1, result: { type: "data" } })).toBe(false);
});

it("lets no second call have an id, whose end would look like that of the first", () => {
  const calls = createSocketCalls(limits);
  calls.begin(subscribe(1));
  calls.answered(started(1));
  expect(calls.begin(subscribe(1))).toContain("this id");
  expect(calls.begin(query(1))).toContain("this id");
  calls.begin(query(2));
  expect(calls.begin(subscribe(2))).toContain("this id");
  calls.answered({ id: 2, result: { type: "data" } });
  expect(calls.begin(subscribe(2))).toBeUndefined();
});

it("keeps no more calls than so many, and no long ids", () => {
  const calls = createSocketCalls(limits);
  for (let id = 1; id <= 5; id += 1) expect(calls.begin(query(id))).toBeUndefined();
  expect(calls.begin(query(6))).toContain("At most 5");
  calls.answered({ id: 3, error: {} });
  expect(calls.begin(query(6))).toBeUndefined();
  expect(createSocketCalls(limits).begin({ id: "x".repeat(101), method: "query" })).toContain("too long");
});
