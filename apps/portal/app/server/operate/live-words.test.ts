import { expect, it } from "vitest";
import { listenersInWords, notPushedInWords, requestInWords, transportsInWords } from "./live-words.ts";

it("says what is listened to, one bar for the same of all farms and products", () => {
  const farm = "01980000-0000-7000-8000-0000000000f";
  const listeners = {
    "operate:monitor": 1,
    price_drops: 3,
    [`farm:${farm}1:sales`]: 2,
    [`farm:${farm}2:sales`]: 2,
    [`product:${farm}3`]: 1,
  };
  expect(listenersInWords(listeners)).toEqual([
    { label: "a farm's sales", value: 4 },
    { label: "price drops", value: 3 },
    { label: "this monitor", value: 1 },
    { label: "a product", value: 1 },
  ]);
  expect(transportsInWords({ websocket: 0, trpc: 12, sse: 1 })).toBe(
    "0 by plain sockets, 12 by pages, 1 by event streams",
  );
  expect(["hybrid", "new-kind"].map(requestInWords)).toEqual(["for a shopper", "new-kind"]);
});

it("says why actions were answered with no push", () => {
  expect(notPushedInWords({ unread: 1_204, throttled: 0, late: 3 })).toBe(
    "Not pushed: 1,204 as no page was open, 3 as it was too late.",
  );
  expect(notPushedInWords({ unread: 0, throttled: 0, late: 0 })).toBe("");
});
