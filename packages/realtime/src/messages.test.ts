import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { clientMessageSchema, livePayloads, parseLiveMessage, type LiveMessageType } from "./messages.ts";

const card = { id: "p", slug: "tomato", name: "Tomato", priceCents: 490 };
const items = [{ card, reason: "in_season", score: 0.5 }];
const product = { productId: "p", slug: "tomato", name: "Tomato" };
const examples: Record<LiveMessageType, Record<string, unknown>> = {
  RECOMMENDATION_UPDATE: { trigger: "VIEW_PRODUCT", items },
  CART_RECOMMENDATION: { items },
  PERSONALIZED_SUGGESTION: { items, title: "For you" },
  TRENDING_UPDATE: { items },
  PRICE_DROP_ALERT: { ...product, oldPriceCents: 490, newPriceCents: 390 },
  STOCK_ALERT: { ...product, kind: "BACK_IN_SEASON" },
  NEW_ARRIVAL_ALERT: product,
  NEWS_UPDATE: {},
  CART_UPDATE: { version: 3 },
  INVENTORY_ALERT: { productId: "p", name: "Tomato", availableBase: 1_500 },
  SALES_UPDATE: { orderId: "o", totalCents: 1_200 },
  NOWCAST_UPDATE: { productId: "p", name: "Basil", soldBase: 12, leftBase: 8, p50: 18.5 },
  VARIANT_CHANGED: { key: "words", surface: "search", status: "stopped" },
  MONITOR_UPDATE: { events: 3 },
  SYSTEM_ALERT: { level: "info", text: "Back soon." },
  AI_INSIGHT: { title: "Rain", text: "Bring less lettuce." },
  CONNECTION_ACK: { serverTime: "2025-08-14T12:00:00.000Z", sessionId: "s", resumeFrom: "12" },
  HEARTBEAT: { serverTime: "2025-08-14T12:00:00.000Z" },
  ACK: { reqId: "1", request: "SUBSCRIBE" },
  ERROR: { reqId: null, code: "input_invalid", message: "no" },
};

const envelope = (type: string, payload: unknown) => ({
  v: 1,
  id: "7",
  type,
  topic: "trending",
  ts: "2025-08-14T12:00:00.000Z",
  payload,
});

describe("messages of the live lane", () => {
  it.each(Object.keys(livePayloads) as LiveMessageType[])(
    "reads a %s, from text too, with fields it does not know",
    (type) => {
      const message = envelope(type, { ...examples[type], later: "field" });
      expect(parseLiveMessage(JSON.stringify(message))).toEqual(message);
    },
  );

  it.each([
    ["another version", { ...envelope("TRENDING_UPDATE", { items: [] }), v: 2 }],
    ["an unknown type", envelope("GOSSIP", {})],
    ["a payload of another type", envelope("STOCK_ALERT", { ...product, kind: "GONE" })],
    ["no JSON", "{"],
    ["nothing", null],
  ])("passes over %s", (_, data) => {
    expect(parseLiveMessage(data)).toBeUndefined();
  });

  it("bounds what clients can ask for", () => {
    const topics = Array.from({ length: 101 }, (_, i) => `t${i}`);
    expect(clientMessageSchema.safeParse({ type: "SUBSCRIBE", payload: { topics } }).success).toBe(false);
    expect(
      clientMessageSchema.safeParse({ type: "SUBSCRIBE", payload: { topics: ["trending"] } }).success,
    ).toBe(true);
    expect(
      clientMessageSchema.safeParse({ type: "REQUEST_RECOMMENDATIONS", payload: { limit: 51 } }).success,
    ).toBe(false);
  });

  it("needs nothing of Node, so that a browser can use it", async () => {
    const source = await readFile(new URL("./messages.ts", import.meta.url), "utf8");
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    expect(imports).toEqual(["zod"]);
  });
});
