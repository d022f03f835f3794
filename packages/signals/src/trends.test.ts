import { buildMarket, marketIdOf, productIdOf, testNow } from "@almanac/catalog/testing";
import { shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { appendActions } from "@almanac/events";
import { days, newId, type EventId, type ShopperId } from "@almanac/kernel";
import { expect, it } from "vitest";
import { readTrends } from "./store/trends.ts";

const tomato = productIdOf("heirloom-tomato");
const basil = productIdOf("basil");

describeOnEveryDatabase("what trends", (test) => {
  it("counts views of seven days by product and market, and leaves out what names no product", async () => {
    await buildMarket(test.db);
    const marketId = marketIdOf("riverside");
    const [maya, visitor] = [newId<ShopperId>(), newId<ShopperId>()];
    await test.db.insert(shoppers).values([{ id: maya, marketId }, { id: visitor }]);
    const view = (shopperId: ShopperId, entityId: string, occurredAt = testNow) => ({
      input: {
        id: newId<EventId>(),
        action: "VIEW_PRODUCT" as const,
        shopperId,
        entityType: "PRODUCT" as const,
        entityId,
        traceId: "test",
        occurredAt,
      },
    });
    const longAgo = new Date(testNow.getTime() - days(8));
    await appendActions(test.db, [
      view(maya, tomato),
      view(maya, tomato),
      view(visitor, tomato),
      view(visitor, basil),
      view(maya, basil, longAgo),
      view(maya, "heirloom-tomato"),
    ]);
    const trends = await readTrends(test.db, testNow);
    const found = trends.map(({ productId, marketId: at, views }) => [productId, at ?? "all", views]);
    expect(new Map(found.map(([product, at, views]) => [`${product} ${at}`, views]))).toEqual(
      new Map([
        [`${tomato} all`, 3],
        [`${tomato} ${marketId}`, 2],
        [`${basil} all`, 1],
      ]),
    );
  });
});
