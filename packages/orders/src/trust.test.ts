import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { addLot } from "@almanac/catalog";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { carts, orders, outbox, products, ratings, stockEntries } from "@almanac/db/schema";
import { days, type ShiftedClock, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { createPaymentSimulator } from "./payment-simulator.ts";
import { ordersEraseStep, ordersExportStep, ordersMergeSteps } from "./personal-data.ts";
import { checkBooks } from "./store/books.ts";
import { listOrders } from "./store/order-views.ts";
import { readRatingAverages, readRatingSummary } from "./store/ratings.ts";
import { listStockEntries, listStockLevels } from "./store/stock-views.ts";
import { availableNow, maxOnHandBase } from "./store/stock.ts";
import { addShoppers, openStall, refusalOf, stall, stallClock, type StallProductName } from "./testing.ts";
import type { Trade } from "./trade.ts";
import { addToCart } from "./workflows/cart.ts";
import { viewCart } from "./workflows/cart-view.ts";
import { startCheckout } from "./workflows/checkout.ts";
import { placeOrder } from "./workflows/place.ts";
import { rateFarm, rateProduct } from "./workflows/rate.ts";
import { recordStock, type RecordStockRequest } from "./workflows/record-stock.ts";

describeOnEveryDatabase("trust", (test) => {
  let clock: ShiftedClock;
  let trade: Trade;
  let maya: ShopperId;
  let visitor: ShopperId;

  beforeEach(async () => {
    clock = stallClock();
    const { handle } = test;
    trade = { handle, clock, payments: createPaymentSimulator({ handle, clock }), log: silentLogger };
    await test.fill("the stall", () => openStall(test.db));
    [maya, visitor] = (await addShoppers(test.db, 2)) as [ShopperId, ShopperId];
  });

  const put = (shopperId: ShopperId, name: StallProductName, quantity: number) =>
    addToCart(trade, { shopperId, variantId: stall.variantId(name), quantity });
  const place = (shopperId: ShopperId, idempotencyKey: string) =>
    placeOrder(trade, { shopperId, pickupSlotId: stall.slotId(11), idempotencyKey });
  const booksAreRight = async () => expect((await checkBooks(test.db)).problems).toEqual([]);

  describe("a farm's stock record", () => {
    const record = (over: Partial<RecordStockRequest>) =>
      recordStock(trade, {
        farmId: stall.farmId("fern-bank"),
        productId: stall.productId("basil"),
        reason: "harvest",
        idempotencyKey: "record-1",
        ...over,
      });

    it("moves stock once per key and says what is there now", async () => {
      expect(await record({ deltaBase: 12 })).toEqual({ onHandBase: 62, availableBase: 62, isRepeat: false });
      expect(await record({ deltaBase: 12 })).toEqual({ onHandBase: 62, availableBase: 62, isRepeat: true });
      expect((await refusalOf(record({ deltaBase: 13 }))).code).toBe("idempotency_key_reused");
      const topics = await test.db
        .select({ payload: outbox.payload })
        .from(outbox)
        .where(eq(outbox.topic, "stock.changed"));
      expect(topics.map((row) => row.payload)).toEqual([
        { productId: stall.productId("basil"), availableBase: 62, previousAvailableBase: 50 },
      ]);
      await booksAreRight();
    });

    it("of a harvest is what the shop tells as the latest one, unless it names a lot, and of anything else is not", async () => {
      const lastHarvest = async () => {
        const [row] = await test.db
          .select({ at: products.lastHarvestAt })
          .from(products)
          .where(eq(products.id, stall.productId("basil")));
        return row?.at?.toISOString();
      };
      await record({ reason: "restock", deltaBase: 3 });
      expect(await lastHarvest()).toBeUndefined();
      await record({ deltaBase: 12, idempotencyKey: "record-2" });
      const harvested = clock.now().toISOString();
      expect(await lastHarvest()).toBe(harvested);
      clock.advance(days(2));
      const { lotId } = await test.handle.transaction((tx) =>
        addLot(
          tx,
          stall.farmId("fern-bank"),
          { productId: stall.productId("basil"), harvestedOn: "2025-01-01", quantityBase: 5 },
          { now: clock.now() },
        ),
      );
      await record({ deltaBase: 5, lotId, idempotencyKey: "record-3" });
      expect(await lastHarvest()).toBe(harvested);
    });

    it("never takes what is not there or is promised to a checkout", async () => {
      await put(maya, "basil", 10);
      await startCheckout(trade, { shopperId: maya, pickupSlotId: stall.slotId(11) });
      expect((await refusalOf(record({ reason: "waste", deltaBase: -41 }))).code).toBe(
        "stock_would_be_negative",
      );
      await record({ reason: "waste", deltaBase: -40 });
      expect(
        (await refusalOf(record({ reason: "recount", countedBase: 9, idempotencyKey: "record-2" }))).code,
      ).toBe("stock_would_be_negative");
      await place(maya, "maya-key");
      await booksAreRight();
    });

    it("never holds more than its ledger can sum", async () => {
      const more = record({ reason: "harvest", deltaBase: maxOnHandBase });
      expect((await refusalOf(more)).code).toBe("input_invalid");
      await booksAreRight();
    });

    it("takes a recount as what is there, and refuses signs that do not fit and other farms' products", async () => {
      expect(await record({ reason: "recount", countedBase: 7 })).toMatchObject({ onHandBase: 7 });
      expect((await refusalOf(record({ reason: "waste", deltaBase: 1 }))).code).toBe("input_invalid");
      expect((await refusalOf(record({ reason: "harvest", deltaBase: -1 }))).code).toBe("input_invalid");
      expect((await refusalOf(record({}))).code).toBe("input_invalid");
      const other = record({ productId: stall.productId("tomato"), deltaBase: 1 });
      expect((await refusalOf(other)).code).toBe("product_not_found");
    });

    it("can be read back as a ledger with what was on hand after each row", async () => {
      await put(maya, "basil", 2);
      const { number } = await place(maya, "maya-key");
      const rows = await listStockEntries(test.db, { productId: stall.productId("basil"), limit: 10 });
      expect(rows).toMatchObject([
        { reason: "sale", deltaBase: -2, onHandBase: 48, orderNumber: number },
        { reason: "harvest", deltaBase: 50, onHandBase: 50, orderNumber: null },
      ]);
      expect(await listStockLevels(test.db, stall.farmId("fern-bank"))).toMatchObject([
        { onHandBase: 48, availableBase: 48 },
      ]);
    });

    it("is added up right by many writers at once", async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          i % 2 === 0
            ? record({ deltaBase: 5, idempotencyKey: `many-${i}` })
            : record({ reason: "waste", deltaBase: -5, idempotencyKey: `many-${i}` }),
        ),
      );
      expect((await availableNow(test.db, [stall.productId("basil")])).get(stall.productId("basil"))).toBe(
        50,
      );
      await booksAreRight();
    });
  });

  it("notices a ledger that was tampered with", async () => {
    await put(maya, "basil", 2);
    await place(maya, "maya-key");
    await test.db
      .insert(stockEntries)
      .values({ productId: stall.productId("basil"), deltaBase: -1, reason: "waste" });
    await test.db.update(orders).set({ totalCents: 1 });
    const { problems } = await checkBooks(test.db);
    expect(problems.map((problem) => problem.kind).toSorted()).toEqual(["sales_differ", "stock_differs"]);
  });

  describe("ratings", () => {
    it("are for buyers, one each, and the last word counts", async () => {
      const rate = (stars: number) =>
        rateProduct(trade, { shopperId: maya, productId: stall.productId("tomato"), stars });
      expect((await refusalOf(rate(5))).code).toBe("not_a_buyer");
      await put(maya, "tomato", 1);
      await place(maya, "maya-key");
      await rate(3);
      await rate(5);
      await rateFarm(trade, { shopperId: maya, farmId: stall.farmId("hollow-oak"), stars: 4, body: "Kind." });
      expect(
        (await refusalOf(rateFarm(trade, { shopperId: maya, farmId: stall.farmId("fern-bank"), stars: 4 })))
          .code,
      ).toBe("not_a_buyer");
      expect(await readRatingSummary(test.db, { productId: stall.productId("tomato") })).toEqual({
        average: 5,
        count: 1,
        histogram: [0, 0, 0, 0, 1],
      });
      expect(await readRatingAverages(test.db)).toEqual(
        new Map([[stall.productId("tomato"), { stars: 5, count: 1 }]]),
      );
    });
  });

  describe("signing in with a basket", () => {
    const merge = () =>
      test.handle.transaction(async (tx) => {
        for (const step of ordersMergeSteps)
          await step.merge(tx, visitor, maya, { tracking: "granted", clock });
      });

    it("joins both baskets without a line twice and frees what the visitor held", async () => {
      await put(maya, "basil", 1);
      await put(visitor, "basil", 2);
      await put(visitor, "tomato", 1);
      await startCheckout(trade, { shopperId: visitor, pickupSlotId: stall.slotId(11) });
      await merge();
      const cart = await viewCart(test.db, { shopperId: maya, now: clock.now() });
      expect(cart.lines.map((line) => [line.name, line.quantity])).toEqual([
        ["Basil", 3],
        ["Heirloom tomato", 1],
      ]);
      expect(await test.db.select().from(carts)).toHaveLength(1);
      expect((await availableNow(test.db, [stall.productId("basil")])).get(stall.productId("basil"))).toBe(
        50,
      );
      await booksAreRight();
    });

    it("brings the visitor's orders along, even those placed with a key that the account used too", async () => {
      await put(maya, "basil", 1);
      await put(visitor, "basil", 1);
      await place(maya, "same-key");
      await place(visitor, "same-key");
      await rateProduct(trade, { shopperId: maya, productId: stall.productId("basil"), stars: 4 });
      await rateProduct(trade, { shopperId: visitor, productId: stall.productId("basil"), stars: 2 });
      await merge();
      expect(await listOrders(test.db, { shopperId: maya, limit: 10, now: clock.now() })).toHaveLength(2);
      expect(await test.db.select().from(ratings)).toMatchObject([{ stars: 4, shopperId: maya }]);
    });
  });

  it("exports what it keeps about a person and forgets what is theirs alone", async () => {
    await put(maya, "basil", 1);
    await placeOrder(trade, {
      shopperId: maya,
      pickupSlotId: stall.slotId(11),
      idempotencyKey: "maya-key",
      contactName: "Maya",
    });
    await put(maya, "tomato", 1);
    const exported = JSON.stringify(await ordersExportStep.export(test.db, { shopperId: maya }));
    expect(exported).toContain("A-10000");
    await test.handle.transaction((tx) => ordersEraseStep.erase(tx, { shopperId: maya }, { clock }));
    expect(await test.db.select().from(carts)).toEqual([]);
    expect(await test.db.select().from(orders)).toMatchObject([{ contactName: "" }]);
    await booksAreRight();
  });
});
