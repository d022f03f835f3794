import { count, eq, ne } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  actionEvents,
  checkouts,
  orders,
  outbox,
  payments,
  reservations,
  shoppers,
  simulatedCharges,
  subOrders,
  variants,
} from "@almanac/db/schema";
import {
  idFromName,
  isAppError,
  minutes,
  type ShiftedClock,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { createPaymentSimulator } from "./payment-simulator.ts";
import { checkBooks } from "./store/books.ts";
import { availableNow } from "./store/stock.ts";
import {
  addShoppers,
  fillCarts,
  openStall,
  refusalOf,
  stall,
  stallClock,
  type StallProductName,
} from "./testing.ts";
import type { Trade } from "./trade.ts";
import { addToCart, setCartQuantity } from "./workflows/cart.ts";
import { viewCart } from "./workflows/cart-view.ts";
import { startCheckout } from "./workflows/checkout.ts";
import { expireHolds } from "./workflows/expire-holds.ts";
import { placeOrder } from "./workflows/place.ts";

describeOnEveryDatabase("placing an order", (test) => {
  let clock: ShiftedClock;
  let trade: Trade;
  let maya: ShopperId;

  beforeEach(async () => {
    clock = stallClock();
    const { handle } = test;
    trade = { handle, clock, payments: createPaymentSimulator({ handle, clock }), log: silentLogger };
  });

  const fill = async (shopperId: ShopperId, basket: Partial<Record<StallProductName, number>>) => {
    for (const [name, quantity] of Object.entries(basket)) {
      await addToCart(trade, { shopperId, variantId: stall.variantId(name as StallProductName), quantity });
    }
  };
  const place = (shopperId: ShopperId, idempotencyKey = "key-1", hour: 8 | 9 | 10 | 11 | 12 = 11) =>
    placeOrder(trade, { shopperId, pickupSlotId: stall.slotId(hour), idempotencyKey });
  const booksAreRight = async () => {
    const books = await checkBooks(test.db);
    expect(books.problems).toEqual([]);
  };
  const countOf = async (table: Parameters<ReturnType<typeof test.db.select>["from"]>[0]) => {
    const [row] = await test.db.select({ value: count() }).from(table as typeof orders);
    return row!.value;
  };

  describe("Maya's basket", () => {
    beforeEach(async () => {
      await test.fill("the stall", () => openStall(test.db));
      [maya] = (await addShoppers(test.db, 1, "maya")) as [ShopperId];
      await fill(maya, { tomato: 2, basil: 1, mozzarella: 1 });
    });

    it("shows 15.85 and a hold of 16.96 before it is paid", async () => {
      const cart = await viewCart(test.db, { shopperId: maya, now: clock.now() });
      expect(cart).toMatchObject({ subtotalCents: 1585, holdCents: 1696, count: 4 });
      expect(cart.groups).toHaveLength(3);
      expect(cart.weighedNote).toContain("16.96");
    });

    it("becomes one order, three sub-orders and one authorisation of 16.96", async () => {
      const order = await place(maya);
      const [row] = await test.db.select().from(orders).where(eq(orders.id, order.id));
      expect(row).toMatchObject({
        number: "A-10000",
        subtotalCents: 1585,
        totalCents: 1585,
        holdCents: 1696,
      });
      const parts = await test.db.select().from(subOrders).where(eq(subOrders.orderId, order.id));
      expect(parts.map((part) => part.feeCents).toSorted((a, b) => a - b)).toEqual([13, 30, 37]);
      const charges = await test.db.select().from(simulatedCharges);
      expect(charges).toMatchObject([{ status: "authorised", authorisedCents: 1696 }]);
      const available = await availableNow(test.db, [stall.productId("tomato"), stall.productId("basil")]);
      expect([...available.values()]).toEqual([58_500, 49]);
      expect((await viewCart(test.db, { shopperId: maya, now: clock.now() })).lines).toEqual([]);
      await booksAreRight();
    });

    it("gives the same order to a second press, also at the same moment", async () => {
      const presses = await Promise.all([place(maya), place(maya), place(maya)]);
      expect(new Set(presses.map((order) => order.id)).size).toBe(1);
      expect(presses.filter((order) => !order.isRepeat)).toHaveLength(1);
      expect(await place(maya)).toMatchObject({ id: presses[0].id, isRepeat: true });
      expect(await countOf(orders)).toBe(1);
      expect(await countOf(simulatedCharges)).toBe(1);
      await booksAreRight();
    });

    it("refuses the key when it comes again with another basket", async () => {
      await place(maya);
      await fill(maya, { basil: 5 });
      expect((await refusalOf(place(maya))).code).toBe("idempotency_key_reused");
      expect((await place(maya, "key-2")).number).toBe("A-10001");
    });

    it("refuses a cart that changed since it was shown, and one that is empty", async () => {
      const { version } = await viewCart(test.db, { shopperId: maya, now: clock.now() });
      await fill(maya, { basil: 1 });
      const request = { shopperId: maya, pickupSlotId: stall.slotId(11), idempotencyKey: "k" };
      expect((await refusalOf(placeOrder(trade, { ...request, cartVersion: version }))).code).toBe(
        "cart_changed",
      );
      await place(maya);
      expect((await refusalOf(place(maya, "key-2"))).code).toBe("cart_empty");
    });

    it("is told to those who react, and remembered only with consent", async () => {
      await place(maya);
      const topics = (await test.db.select({ topic: outbox.topic }).from(outbox)).map((row) => row.topic);
      expect(topics.filter((topic) => topic === "order.placed")).toHaveLength(1);
      expect(topics.filter((topic) => topic === "stock.changed")).toHaveLength(3);
      expect(await test.db.select().from(actionEvents)).toMatchObject([
        { action: "COMPLETE_PURCHASE", shopperId: maya },
      ]);

      const [bo] = (await addShoppers(test.db, 1, "bo")) as [ShopperId];
      await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, bo));
      await fill(bo, { basil: 1 });
      await place(bo);
      expect(await countOf(actionEvents)).toBe(1);
    });

    it("keeps its hold, its prices and its place for ten minutes, and sells after that only what is still there", async () => {
      const { checkout } = await startCheckout(trade, { shopperId: maya, pickupSlotId: stall.slotId(11) });
      expect(checkout.expiresAt).toEqual(new Date(clock.now().getTime() + minutes(10)));
      expect((await availableNow(test.db, [stall.productId("basil")])).get(stall.productId("basil"))).toBe(
        49,
      );
      clock.advance(minutes(10));
      expect(await expireHolds(test.handle, clock)).toBe(1);
      expect((await availableNow(test.db, [stall.productId("basil")])).get(stall.productId("basil"))).toBe(
        50,
      );
      await place(maya);
      expect(await test.db.select().from(reservations).where(eq(reservations.status, "active"))).toEqual([]);
      await booksAreRight();
    });

    it("declines without an order and frees nothing that was promised", async () => {
      const strict = {
        ...trade,
        payments: createPaymentSimulator({ handle: test.handle, clock, declines: () => true }),
      };
      const request = { shopperId: maya, pickupSlotId: stall.slotId(11), idempotencyKey: "k" };
      expect((await refusalOf(placeOrder(strict, request))).code).toBe("payment_declined");
      expect((await refusalOf(placeOrder(strict, request))).code).toBe("payment_declined");
      expect(await countOf(orders)).toBe(0);
      await place(maya, "another card");
      await booksAreRight();
    });

    it("finds out what became of a payment whose answer was lost, and never asks twice", async () => {
      let asked = 0;
      const simulator = trade.payments;
      const lossy: Trade = {
        ...trade,
        payments: {
          ...simulator,
          async authorise(request) {
            asked += 1;
            await simulator.authorise(request);
            throw new Error("connection reset");
          },
        },
      };
      const request = { shopperId: maya, pickupSlotId: stall.slotId(11), idempotencyKey: "k" };
      expect((await refusalOf(placeOrder(lossy, request))).code).toBe("payment_provider_down");
      const order = await placeOrder(lossy, request);
      expect(asked).toBe(1);
      expect(await test.db.select().from(payments)).toMatchObject([
        { orderId: order.id, status: "authorised" },
      ]);
      expect(await countOf(simulatedCharges)).toBe(1);
    });
  });

  describe("scarce stock", () => {
    it("names the line that is sold out and sells the rest when that is accepted", async () => {
      await openStall(test.db, { stockBase: { basil: 1 } });
      const [first, second] = (await addShoppers(test.db, 2)) as [ShopperId, ShopperId];
      await fill(first, { basil: 1 });
      await fill(second, { basil: 1, mozzarella: 1 });
      await place(first);
      const cart = await viewCart(test.db, { shopperId: second, now: clock.now() });
      expect(cart.lines.map((line) => line.problem)).toEqual(["sold_out", undefined]);
      const refused = await refusalOf(place(second));
      expect(refused).toMatchObject({
        code: "sold_out",
        details: { variantIds: [stall.variantId("basil")] },
      });
      const order = await placeOrder(trade, {
        shopperId: second,
        pickupSlotId: stall.slotId(11),
        idempotencyKey: "key-1",
        acceptRemovals: [stall.variantId("basil")],
      });
      const [row] = await test.db.select().from(orders).where(eq(orders.id, order.id));
      expect(row?.subtotalCents).toBe(600);
      await booksAreRight();
    });

    it("sells 0.75 kg of 0.8 kg and then says how much is left", async () => {
      await openStall(test.db, { stockBase: { tomato: 800 } });
      const [first, second] = (await addShoppers(test.db, 2)) as [ShopperId, ShopperId];
      await fill(first, { tomato: 1 });
      await fill(second, { tomato: 1 });
      await place(first);
      expect((await refusalOf(place(second))).details).toMatchObject({
        lines: [{ requestedQuantity: 1, availableQuantity: 0 }],
      });
    });

    it("does not oversell to a basket whose two lines share one product's stock, and sells 0.25 kg of 0.5 kg", async () => {
      await openStall(test.db, { stockBase: { tomato: 1_000 } });
      const quarter = idFromName<VariantId>("orders/testing/variant", "a quarter");
      const [tomato] = await test.db
        .select()
        .from(variants)
        .where(eq(variants.id, stall.variantId("tomato")));
      await test.db
        .insert(variants)
        .values({ ...tomato!, id: quarter, name: "250 g", unitQuantityBase: 250 });
      const [first, second] = (await addShoppers(test.db, 2)) as [ShopperId, ShopperId];
      await fill(first, { tomato: 1 });
      await addToCart(trade, { shopperId: first, variantId: quarter, quantity: 2 });
      const refused = await refusalOf(place(first));
      expect(refused.details).toMatchObject({ variantIds: [quarter], lines: [{ availableQuantity: 1 }] });
      await setCartQuantity(trade, { shopperId: first, variantId: stall.variantId("tomato"), quantity: 0 });
      await place(first);
      await addToCart(trade, { shopperId: second, variantId: quarter, quantity: 1 });
      await place(second);
      expect((await availableNow(test.db, [stall.productId("tomato")])).get(stall.productId("tomato"))).toBe(
        250,
      );
      await booksAreRight();
    });

    it("sells exactly 50 of 50 to 200 shoppers at once", { timeout: 120_000 }, async () => {
      await openStall(test.db, { stockBase: { basil: 50 }, capacityOrders: 1_000 });
      const crowd = await addShoppers(test.db, 200);
      await fillCarts(test.db, crowd, ["basil"]);
      const results = await Promise.allSettled(crowd.map((shopperId) => place(shopperId)));
      const refused = results
        .filter((result) => result.status === "rejected")
        .map((result): unknown => result.reason);
      expect(refused.filter((error) => !isAppError(error, "sold_out"))).toEqual([]);
      expect(refused).toHaveLength(150);
      expect(await countOf(orders)).toBe(50);
      expect(await test.db.select().from(payments).where(ne(payments.status, "authorised"))).toEqual([]);
      await booksAreRight();
    });
  });

  describe("scarce places", () => {
    it(
      "gives the last of 40 places to exactly one and offers the others the neighbours",
      { timeout: 120_000 },
      async () => {
        await openStall(test.db, { capacityOrders: 40, stockBase: { basil: 1_000 } });
        const crowd = await addShoppers(test.db, 100);
        await fillCarts(test.db, crowd, ["basil"]);
        const results = await Promise.allSettled(crowd.map((shopperId) => place(shopperId)));
        const refused = results
          .filter((result) => result.status === "rejected")
          .map((result): unknown => result.reason);
        expect(refused).toHaveLength(60);
        expect(refused.every((error) => isAppError(error, "slot_full"))).toBe(true);
        const [first] = refused as { details: { alternatives: { id: string }[] } }[];
        expect(first!.details.alternatives.map((slot) => slot.id).slice(0, 2)).toEqual([
          stall.slotId(10),
          stall.slotId(12),
        ]);
        await booksAreRight();
      },
    );

    it("counts a checkout under way and frees its place when its time is over", async () => {
      await openStall(test.db, { capacityOrders: 1 });
      const [first, second] = (await addShoppers(test.db, 2)) as [ShopperId, ShopperId];
      await fill(first, { basil: 1 });
      await fill(second, { basil: 1 });
      await startCheckout(trade, { shopperId: first, pickupSlotId: stall.slotId(11) });
      expect((await refusalOf(place(second))).code).toBe("slot_full");
      clock.advance(minutes(10));
      await place(second);
      expect((await refusalOf(place(first))).code).toBe("slot_full");
      await booksAreRight();
    });
  });

  describe("the cut-off", () => {
    beforeEach(async () => {
      await test.fill("the stall", () => openStall(test.db));
      [maya] = (await addShoppers(test.db, 1, "maya")) as [ShopperId];
      await fill(maya, { basil: 1 });
    });
    const advanceTo = (at: Date, offsetMs: number) =>
      clock.advance(at.getTime() + offsetMs - clock.now().getTime());

    it("lets a checkout begun a second before it be paid within 15 minutes, even after its hold ran out", async () => {
      advanceTo(stall.closesAt, -1_000);
      await startCheckout(trade, { shopperId: maya, pickupSlotId: stall.slotId(11) });
      advanceTo(stall.closesAt, minutes(14));
      await expireHolds(test.handle, clock);
      expect((await place(maya)).isRepeat).toBe(false);
      expect(await test.db.select().from(checkouts).where(eq(checkouts.status, "placed"))).toHaveLength(1);
    });

    it("refuses one begun after it, and one that took longer", async () => {
      advanceTo(stall.closesAt, 0);
      expect(await refusalOf(place(maya))).toMatchObject({
        code: "window_closed",
        details: { marketDay: "2025-08-16" },
      });
      expect(
        (await refusalOf(startCheckout(trade, { shopperId: maya, pickupSlotId: stall.slotId(11) }))).code,
      ).toBe("window_closed");
    });

    it("refuses a checkout that took longer than 15 minutes past it", async () => {
      advanceTo(stall.closesAt, -1_000);
      await startCheckout(trade, { shopperId: maya, pickupSlotId: stall.slotId(11) });
      advanceTo(stall.closesAt, minutes(15));
      expect((await refusalOf(place(maya))).code).toBe("window_closed");
    });
  });

  it("keeps one line per variant whatever is added", async () => {
    await test.fill("the stall", () => openStall(test.db));
    [maya] = (await addShoppers(test.db, 1, "maya")) as [ShopperId];
    await fill(maya, { basil: 1 });
    await fill(maya, { basil: 2 });
    await setCartQuantity(trade, { shopperId: maya, variantId: stall.variantId("tomato"), quantity: 1 });
    await setCartQuantity(trade, { shopperId: maya, variantId: stall.variantId("tomato"), quantity: 0 });
    const cart = await viewCart(test.db, { shopperId: maya, now: clock.now() });
    expect(cart.lines.map((line) => [line.name, line.quantity])).toEqual([["Basil", 3]]);
    expect(cart.version).toBe(4);
  });
});
