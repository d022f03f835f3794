import {
  buildFarm,
  buildMarket,
  buildPerson,
  buildProduct,
  farmIdOf,
  marketIdOf,
  productIdOf,
  shopperIdOf,
  testNow,
  variantIdOf,
} from "@almanac/catalog/testing";
import {
  actionEvents,
  cartLines,
  carts,
  farmFollows,
  hiddenRecommendations,
  notedChanges,
  products,
  shoppers,
  stockLevels,
  tasteProfiles,
  variants,
  wishes,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { newId, type CartId, type EventId } from "@almanac/kernel";
import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import type { LiveMemory } from "./core/live-memory.ts";
import { createNotedChanges, type NotedChanges } from "./noted-changes.ts";
import { removeNotedChanges } from "./store/noted-changes.ts";
import { stockProduct, writeOrder } from "./testing.ts";

const tomato = productIdOf("heirloom-tomato");
const maya = shopperIdOf("maya");
const cartId = newId<CartId>();

describeOnEveryDatabase("what the database says has changed", (test) => {
  let changes: NotedChanges;
  let memories: Record<"product" | "shopper", LiveMemory<string, true>>;
  const id = { product: tomato, shopper: maya };

  const remember = async (): Promise<void> => {
    await changes.catchUp();
    for (const kind of ["product", "shopper"] as const)
      await memories[kind].fill([id[kind]], () => Promise.resolve(new Map([[id[kind], true]])));
  };
  /** Which of the two is remembered after all that changed was told. */
  const remembered = async (): Promise<string[]> => {
    await changes.catchUp();
    return (["product", "shopper"] as const).filter((kind) => memories[kind].get(id[kind]));
  };

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildFarm(test.db);
    await buildProduct(test.db, { name: "Heirloom tomato" });
    await buildPerson(test.db, "maya");
    await stockProduct(test.db, tomato, 60_000);
    changes = createNotedChanges(test.handle);
    memories = { product: changes.remember("product"), shopper: changes.remember("shopper") };
  });

  it("is whatever lists show of a product or go by of a shopper, and nothing else", async () => {
    const { db } = test;
    const event = (action: string) => ({
      id: newId<EventId>(),
      action,
      shopperId: maya,
      traceId: "t",
      occurredAt: testNow,
    });
    const profile = { shopperId: maya, state: {}, updatedAt: testNow };
    const steps: readonly (readonly [left: string, change: () => PromiseLike<unknown>])[] = [
      [
        "product shopper",
        () =>
          db
            .update(shoppers)
            .set({ marketId: null })
            .where(eq(shoppers.id, shopperIdOf("nobody"))),
      ],
      ["shopper", () => db.update(products).set({ status: "hidden" })],
      ["shopper", () => db.update(variants).set({ unitPriceCents: 1 })],
      ["shopper", () => db.update(stockLevels).set({ reservedBase: 1 })],
      ["product", () => db.update(shoppers).set({ trackingConsent: "granted" })],
      [
        "product",
        () => db.insert(carts).values({ id: cartId, shopperId: maya, marketId: marketIdOf("riverside") }),
      ],
      [
        "product",
        () => db.insert(cartLines).values({ cartId, variantId: variantIdOf("heirloom-tomato"), quantity: 1 }),
      ],
      ["product", () => db.delete(cartLines)],
      ["product", () => db.insert(wishes).values({ shopperId: maya, productId: tomato })],
      ["product", () => db.insert(farmFollows).values({ shopperId: maya, farmId: farmIdOf("hollow-oak") })],
      [
        "product",
        () =>
          db.insert(hiddenRecommendations).values({ shopperId: maya, productId: tomato, hiddenAt: testNow }),
      ],
      ["product", () => db.delete(hiddenRecommendations)],
      ["product", () => db.insert(actionEvents).values([event("VIEW_PRODUCT"), event("VIEW_FARM")])],
      ["product shopper", () => db.insert(actionEvents).values(event("VIEW_RECOMMENDATIONS"))],
      ["product", () => db.delete(actionEvents)],
      ["product", () => db.insert(tasteProfiles).values(profile)],
      ["product shopper", () => db.update(tasteProfiles).set({ state: { actions: {} } })],
      ["product", () => db.update(tasteProfiles).set({ hidden: { categories: ["herbs"], farms: [] } })],
      [
        "product",
        () =>
          writeOrder(db, {
            shopperId: maya,
            marketId: marketIdOf("riverside"),
            productIds: [tomato],
            placedAt: testNow,
          }),
      ],
      ["", () => db.execute(sql`truncate wishes`)],
    ];
    for (const [left, change] of steps) {
      await remember();
      await change();
      expect((await remembered()).join(" "), String(change)).toBe(left);
    }
  });

  it("is both whose row it was and whose it is, when a row changes hands", async () => {
    await buildPerson(test.db, "tomas");
    await test.db.insert(wishes).values({ shopperId: maya, productId: tomato });
    await remember();
    await test.db.update(wishes).set({ shopperId: shopperIdOf("tomas") });
    expect(await remembered()).toEqual(["product"]);
  });

  it("is told once it is committed, by whichever transaction and however late", async () => {
    if (test.handle.driver !== "postgres") return;
    const isChanged = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    await remember();
    const slow = test.handle.transaction(async (tx) => {
      await tx.update(stockLevels).set({ onHandBase: 0 });
      isChanged.resolve();
      await mayCommit.promise;
    });
    await isChanged.promise;
    // A transaction that began later is committed and seen first.
    await test.db.update(shoppers).set({ trackingConsent: "denied" });
    expect(await remembered()).toEqual(["product"]);
    mayCommit.resolve();
    await slow;
    expect(await remembered()).toEqual([]);
  });

  /** Removes what has been there for a while. */
  const removeLater = async (): Promise<void> => {
    await test.db.update(notedChanges).set({ notedAt: sql`now() - interval '1 hour'` });
    await removeNotedChanges(test.db);
  };
  const isNoted = async (): Promise<boolean> =>
    (await test.db.$count(notedChanges, eq(notedChanges.kind, "product"))) > 0;

  it("is everything for who did not ask before it was removed", async () => {
    await remember();
    await test.db.update(products).set({ status: "hidden" });
    await removeNotedChanges(test.db);
    await removeLater();
    expect(await isNoted()).toBe(false);
    expect(await remembered()).toEqual([]);
    // It is told once.
    await remember();
    expect(await remembered()).toEqual(["product", "shopper"]);
  });

  it("is nothing for who was told of it before it was removed, each time", async () => {
    await removeNotedChanges(test.db);
    for (let time = 0; time < 3; time += 1) {
      await test.db.update(products).set({ status: "hidden" });
      await remember();
      await removeLater();
      expect(await remembered()).toEqual(["product", "shopper"]);
    }
    expect(await isNoted()).toBe(true);
    await removeLater();
    expect(await isNoted()).toBe(false);
    expect(await remembered()).toEqual(["product", "shopper"]);
    expect(await test.db.$count(notedChanges)).toBe(2);
  });

  it("is kept while whoever changed it has not committed, and told then", async () => {
    if (test.handle.driver !== "postgres") return;
    const isChanged = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const slow = test.handle.transaction(async (tx) => {
      await tx.update(stockLevels).set({ onHandBase: 0 });
      isChanged.resolve();
      await mayCommit.promise;
    });
    await isChanged.promise;
    await removeNotedChanges(test.db);
    await remember();
    await removeLater();
    expect(await remembered()).toEqual(["product", "shopper"]);
    mayCommit.resolve();
    await slow;
    await removeLater();
    expect(await remembered()).toEqual(["shopper"]);
  });

  it("is asked for once by all who ask at the same moment, and not again for an earlier one", async () => {
    await remember();
    const before = changes.now();
    await Promise.all(Array.from({ length: 20 }, () => changes.catchUp()));
    // The first goes alone, and the others together after it.
    expect(changes.now() - before).toBe(2);
    await changes.catchUp(before);
    expect(changes.now() - before).toBe(2);
  });
});
