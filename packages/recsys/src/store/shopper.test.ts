import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { buildPerson, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { appendAction, type ActionInput } from "@almanac/events";
import { days, newId, type EventId } from "@almanac/kernel";
import { epochDay } from "../service/shop-product.ts";
import { readShoppers } from "./shopper.ts";

const maya = shopperIdOf("maya");
const today = epochDay(testNow.toISOString().slice(0, 10));

describeOnEveryDatabase("a shopper as the database knows them", (test) => {
  const did = (action: string, daysAgo: number, about: Pick<ActionInput, "entityId" | "metadata">) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action: action as ActionInput["action"],
      shopperId: maya,
      entityType: "PRODUCT",
      traceId: "test",
      occurredAt: new Date(testNow.getTime() - days(daysAgo)),
      ...about,
    });
  const tastes = async () => {
    const [state] = await readShoppers(test.db, [{ shopperId: maya, ordersAfter: testNow }]);
    return state?.tastes;
  };

  beforeEach(() => buildPerson(test.db, "maya"));

  it("tells what was done, the latest first, with the words of searches and filters", async () => {
    expect(await tastes()).toEqual([]);
    await did("VIEW_PRODUCT", 9, { entityId: "brie", metadata: { query: "came from here" } });
    await did("SEARCH", 3, { entityId: "tomato", metadata: { q: 'ripe "tomato"', category: "vegetables" } });
    await did("VIEW_CART", 2, {});
    await did("FILTER_CATEGORY", 1, { metadata: { category: "herbs" } });
    expect(await tastes()).toEqual([
      { action: "FILTER_CATEGORY", entityId: null, query: null, category: "herbs", day: today - 1 },
      {
        action: "SEARCH",
        entityId: "tomato",
        query: 'ripe "tomato"',
        category: "vegetables",
        day: today - 3,
      },
      { action: "VIEW_PRODUCT", entityId: "brie", query: null, category: null, day: today - 9 },
    ]);
  });

  it("tells nothing of who does not want to be profiled", async () => {
    await did("VIEW_PRODUCT", 1, { entityId: "brie" });
    await test.db.update(shoppers).set({ personalise: false }).where(eq(shoppers.id, maya));
    expect(await tastes()).toEqual([]);
    await test.db
      .update(shoppers)
      .set({ personalise: true, trackingConsent: "denied" })
      .where(eq(shoppers.id, maya));
    expect(await tastes()).toEqual([]);
  });
});
