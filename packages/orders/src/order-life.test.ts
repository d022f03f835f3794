import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { ledgerEntries, orders, payments, simulatedCharges, stockEntries } from "@almanac/db/schema";
import { hours, type OrderId, type ShiftedClock, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { owedToFarms, sumOf } from "./core/ledger.ts";
import { createPaymentSimulator } from "./payment-simulator.ts";
import type { PaymentProvider } from "./payments.ts";
import { checkBooks } from "./store/books.ts";
import { readMarketSales, readSlotOrders } from "./store/market-sales.ts";
import { viewOrder } from "./store/order-views.ts";
import { readLedger } from "./store/orders.ts";
import { availableNow } from "./store/stock.ts";
import { addShoppers, openStall, refusalOf, stall, stallClock } from "./testing.ts";
import type { Trade } from "./trade.ts";
import { cancelOrder } from "./workflows/cancel-order.ts";
import { addToCart } from "./workflows/cart.ts";
import { changeOrderLine, changeOrderSlot } from "./workflows/change-order.ts";
import { markCollected, undoCollected } from "./workflows/collect.ts";
import { placeOrder } from "./workflows/place.ts";
import { reconcilePayments } from "./workflows/reconcile-payments.ts";
import { weighLine } from "./workflows/weigh.ts";

describeOnEveryDatabase("the life of an order", (test) => {
  let clock: ShiftedClock;
  let trade: Trade;
  let maya: ShopperId;
  let number: string;
  let orderId: OrderId;

  const advanceTo = (at: Date) => clock.advance(at.getTime() - clock.now().getTime());
  const view = async () => (await viewOrder(test.db, { number, shopperId: maya, now: clock.now() }))!;
  const charge = async () => (await test.db.select().from(simulatedCharges))[0]!;
  const free = async (name: "tomato" | "basil" | "mozzarella") =>
    (await availableNow(test.db, [stall.productId(name)])).get(stall.productId(name));
  const booksAreRight = async () => expect((await checkBooks(test.db)).problems).toEqual([]);
  const partOf = async (slug: "hollow-oak" | "fern-bank" | "whey-street") =>
    (await view()).subOrders.find((part) => part.farm.slug === slug)!;
  const weighTomatoes = async (weighedBase: number) => {
    const part = await partOf("hollow-oak");
    await weighLine(trade, { farmId: stall.farmId("hollow-oak"), lineId: part.lines[0]!.id, weighedBase });
  };
  const change = (name: "tomato" | "basil" | "mozzarella", quantity: number) =>
    changeOrderLine(trade, { shopperId: maya, number, variantId: stall.variantId(name), quantity });

  beforeEach(async () => {
    clock = stallClock();
    const { handle } = test;
    trade = { handle, clock, payments: createPaymentSimulator({ handle, clock }), log: silentLogger };
    await test.fill("the stall", () => openStall(test.db));
    [maya] = (await addShoppers(test.db, 1, "maya")) as [ShopperId];
    for (const [name, quantity] of [
      ["tomato", 2],
      ["basil", 1],
      ["mozzarella", 1],
    ] as const) {
      await addToCart(trade, { shopperId: maya, variantId: stall.variantId(name), quantity });
    }
    const placed = await placeOrder(trade, {
      shopperId: maya,
      pickupSlotId: stall.slotId(11),
      idempotencyKey: "maya-1",
    });
    ({ number, id: orderId } = placed);
  });

  it("goes from 15.85 over 18.35 to 18.42 taken and 1.04 freed, and pays each farm its part", async () => {
    advanceTo(new Date(stall.closesAt.getTime() - 600_000));
    await change("basil", 2);
    expect(await view()).toMatchObject({ number, subtotalCents: 1835, holdCents: 1946, isEditable: true });
    expect(await charge()).toMatchObject({ status: "authorised", authorisedCents: 1946 });

    advanceTo(new Date("2025-08-16T11:00:00Z"));
    await weighTomatoes(1515);
    expect(await view()).toMatchObject({
      status: "ready",
      totalCents: 1842,
      payment: { status: "captured", authorisedCents: 1946, capturedCents: 1842 },
    });
    const ledger = await readLedger(test.db, orderId);
    expect(Object.fromEntries(owedToFarms(ledger))).toEqual({
      [stall.farmId("hollow-oak")]: 705,
      [stall.farmId("fern-bank")]: 475,
      [stall.farmId("whey-street")]: 570,
    });
    expect(sumOf(ledger.filter((row) => row.account === "market"))).toBe(-92);
    const weighing = await test.db.select().from(stockEntries).where(eq(stockEntries.reason, "weighing"));
    expect(weighing).toMatchObject([{ deltaBase: -15, productId: stall.productId("tomato") }]);
    const { timeline } = await view();
    expect(timeline.map((event) => event.kind)).toEqual([
      "placed",
      "line_changed",
      "weighed",
      "ready",
      "paid",
    ]);
    expect(timeline.at(-1)?.details).toEqual({ capturedCents: 1842, releasedCents: 104 });
    await booksAreRight();
  });

  describe("changing it", () => {
    it("is possible until the last second and refused with the reason at the cut-off", async () => {
      advanceTo(new Date(stall.closesAt.getTime() - 1_000));
      await change("basil", 3);
      advanceTo(stall.closesAt);
      for (const attempt of [
        () => change("basil", 1),
        () => changeOrderSlot(trade, { shopperId: maya, number, pickupSlotId: stall.slotId(9) }),
        () => cancelOrder(trade, { shopperId: maya, number }),
      ]) {
        expect(await refusalOf(attempt())).toMatchObject({
          code: "order_not_editable",
          details: { reason: "cut_off_passed" },
        });
      }
      expect(await view()).toMatchObject({
        isEditable: false,
        editRefusal: "cut_off_passed",
        subtotalCents: 2085,
      });
    });

    it("moves stock, ledger and card hold exactly, down as well as up", async () => {
      await change("basil", 5);
      expect(await free("basil")).toBe(45);
      await change("basil", 1);
      await change("mozzarella", 0);
      expect([await free("basil"), await free("mozzarella")]).toEqual([49, 50]);
      expect((await view()).subOrders.map((part) => part.farm.slug).toSorted()).toEqual([
        "fern-bank",
        "hollow-oak",
      ]);
      expect(await charge()).toMatchObject({ authorisedCents: 1096 });
      await change("mozzarella", 2);
      expect(await view()).toMatchObject({ subtotalCents: 2185 });
      await booksAreRight();
    });

    it("refuses more than there is, says how much there is, and leaves everything as it was", async () => {
      expect(await refusalOf(change("basil", 51))).toMatchObject({
        code: "sold_out",
        details: { lines: [{ requestedQuantity: 51, availableQuantity: 50 }] },
      });
      expect(await view()).toMatchObject({ subtotalCents: 1585, holdCents: 1696 });
      expect(await charge()).toMatchObject({ authorisedCents: 1696 });
      await booksAreRight();
    });

    it("ends in what was asked for when two devices change it at once", async () => {
      await Promise.all([change("basil", 2), change("mozzarella", 3)]);
      expect(await view()).toMatchObject({ subtotalCents: 735 + 500 + 1800 });
      expect(await free("basil")).toBe(48);
      await booksAreRight();
    });

    it("moves to another slot, unless that is full", async () => {
      await changeOrderSlot(trade, { shopperId: maya, number, pickupSlotId: stall.slotId(9) });
      expect((await view()).slot?.id).toBe(stall.slotId(9));
    });

    it("is nobody else's business", async () => {
      const [bo] = (await addShoppers(test.db, 1, "bo")) as [ShopperId];
      expect((await refusalOf(cancelOrder(trade, { shopperId: bo, number }))).code).toBe("order_not_found");
      expect(await viewOrder(test.db, { number, shopperId: bo, now: clock.now() })).toBeUndefined();
    });
  });

  describe("cancelling it", () => {
    it("gives stock, money and place back, once", async () => {
      await cancelOrder(trade, { shopperId: maya, number });
      await cancelOrder(trade, { shopperId: maya, number });
      expect([await free("tomato"), await free("basil")]).toEqual([60_000, 50]);
      expect(await charge()).toMatchObject({ status: "released" });
      const ledger = await readLedger(test.db, orderId);
      expect([...owedToFarms(ledger).values()]).toEqual([0, 0, 0]);
      expect(await view()).toMatchObject({ status: "cancelled", payment: { status: "released" } });
      await booksAreRight();
    });

    it("is what taking the last line out does", async () => {
      await change("tomato", 0);
      await change("basil", 0);
      await change("mozzarella", 0);
      expect((await view()).status).toBe("cancelled");
      await booksAreRight();
    });
  });

  describe("weighing it", () => {
    it("asks the card for more when more was packed than is held", async () => {
      await weighTomatoes(3000);
      expect(await charge()).toMatchObject({ status: "captured", capturedCents: 1470 + 850 });
      await booksAreRight();
    });

    it("refuses a weight that cannot be meant, another farm's line, and a piece", async () => {
      const tomato = (await partOf("hollow-oak")).lines[0]!.id;
      const basil = (await partOf("fern-bank")).lines[0]!.id;
      const weigh = (farm: "hollow-oak" | "fern-bank", lineId: typeof tomato, weighedBase: number) =>
        refusalOf(weighLine(trade, { farmId: stall.farmId(farm), lineId, weighedBase }));
      expect((await weigh("hollow-oak", tomato, 1_515_000)).code).toBe("input_invalid");
      expect((await weigh("fern-bank", tomato, 1_500)).code).toBe("order_not_found");
      expect((await weigh("fern-bank", basil, 1)).code).toBe("input_invalid");
    });

    it("closes the order for changes and takes the money once", async () => {
      await weighTomatoes(1500);
      expect((await refusalOf(change("basil", 2))).details).toMatchObject({ reason: "packing_began" });
      expect((await refusalOf(weighTomatoes(1600))).details).toMatchObject({ reason: "settled" });
      const paid = await test.db.select().from(ledgerEntries).where(eq(ledgerEntries.kind, "payment"));
      expect(paid).toHaveLength(2);
    });
  });

  describe("handing it over", () => {
    const collect = async (slug: "hollow-oak" | "fern-bank" | "whey-street") =>
      markCollected(trade, { farmId: stall.farmId(slug), subOrderId: (await partOf(slug)).id });

    const undo = async (slug: "hollow-oak" | "fern-bank" | "whey-street") =>
      undoCollected(trade, { farmId: stall.farmId(slug), subOrderId: (await partOf(slug)).id });

    it("counts each farm's part once and takes the money with the last", async () => {
      expect(await collect("fern-bank")).toMatchObject({ isOrderCollected: false });
      expect(await refusalOf(collect("fern-bank"))).toMatchObject({
        code: "already_collected",
        details: { number },
      });
      await collect("hollow-oak");
      expect(await collect("whey-street")).toMatchObject({ isOrderCollected: true });
      expect(await view()).toMatchObject({
        status: "collected",
        payment: { status: "captured", capturedCents: 1585 },
      });
      await booksAreRight();
    });

    it("can be taken back for a day: the part waits again, and nothing was taken", async () => {
      await collect("fern-bank");
      expect(await undo("fern-bank")).toMatchObject({ isPaid: false });
      expect(await view()).toMatchObject({ status: "placed", payment: { status: "authorised" } });
      expect((await refusalOf(undo("fern-bank"))).code).toBe("not_collected");
      expect(await collect("fern-bank")).toMatchObject({ isOrderCollected: false });
      await booksAreRight();
    });

    it("taken back after the last part leaves the order paid, closed for changes and still to be picked up", async () => {
      for (const slug of ["fern-bank", "hollow-oak", "whey-street"] as const) await collect(slug);
      expect(await undo("whey-street")).toMatchObject({ isPaid: true });
      expect(await view()).toMatchObject({
        status: "ready",
        payment: { status: "captured", capturedCents: 1585 },
      });
      expect((await refusalOf(weighTomatoes(1500))).details).toMatchObject({ reason: "settled" });
      await booksAreRight();
      expect(await collect("whey-street")).toMatchObject({ isOrderCollected: true });
      expect(await view()).toMatchObject({ status: "collected", payment: { capturedCents: 1585 } });
      expect(
        (await test.db.select().from(ledgerEntries).where(eq(ledgerEntries.kind, "payment"))).length,
      ).toBe(2);
      await booksAreRight();
    });

    it("stands after a day, and is nobody else's to take back", async () => {
      await collect("fern-bank");
      const { id: subOrderId } = await partOf("fern-bank");
      const stranger = undoCollected(trade, { farmId: stall.farmId("hollow-oak"), subOrderId });
      expect((await refusalOf(stranger)).code).toBe("order_not_found");
      clock.advance(hours(25));
      expect((await refusalOf(undo("fern-bank"))).code).toBe("collection_final");
    });

    it("shows the market its sums by farm and day, with its fee, and the places taken", async () => {
      const {
        marketId,
        orderWindowId: windowId,
        pickupSlotId: slotId,
      } = (await test.db.select().from(orders))[0]!;
      const sales = await readMarketSales(test.db, { marketId, from: "2025-08-16", to: "2025-08-16" });
      expect(sales.total).toEqual({ orders: 1, salesCents: 1585, feeCents: 80 });
      expect(sales.byFarm.map(({ salesCents, feeCents }) => [salesCents, feeCents])).toEqual([
        [735, 37],
        [600, 30],
        [250, 13],
      ]);
      expect(sales.byDay).toEqual([{ marketDay: "2025-08-16", orders: 1, salesCents: 1585, feeCents: 80 }]);
      const before = await readMarketSales(test.db, { marketId, from: "2025-08-01", to: "2025-08-15" });
      expect(before).toEqual({ total: { orders: 0, salesCents: 0, feeCents: 0 }, byFarm: [], byDay: [] });
      const slots = () => readSlotOrders(test.db, { marketId, windowIds: [windowId!] });
      expect(await slots()).toEqual([{ slotId, orders: 1 }]);
      await cancelOrder(trade, { shopperId: maya, number });
      expect(await slots()).toEqual([]);
    });

    it("is for the farm's own part only", async () => {
      const { id: subOrderId } = await partOf("hollow-oak");
      const attempt = markCollected(trade, { farmId: stall.farmId("fern-bank"), subOrderId });
      expect((await refusalOf(attempt)).code).toBe("order_not_found");
    });
  });

  describe("when the provider does not answer", () => {
    const silent = (method: "capture" | "release"): PaymentProvider => ({
      ...trade.payments,
      [method]: () => Promise.reject(new Error("timeout")),
    });

    it("takes the money later", async () => {
      const part = await partOf("hollow-oak");
      const request = { farmId: stall.farmId("hollow-oak"), lineId: part.lines[0]!.id, weighedBase: 1500 };
      expect((await refusalOf(weighLine({ ...trade, payments: silent("capture") }, request))).code).toBe(
        "payment_provider_down",
      );
      expect(await view()).toMatchObject({ status: "ready", payment: { status: "authorised" } });
      expect(await reconcilePayments(trade)).toBe(1);
      expect((await view()).payment).toMatchObject({ status: "captured", capturedCents: 1585 });
      expect(await reconcilePayments(trade)).toBe(0);
    });

    it("gives the money of a cancelled order back later", async () => {
      const attempt = cancelOrder({ ...trade, payments: silent("release") }, { shopperId: maya, number });
      expect((await refusalOf(attempt)).code).toBe("payment_provider_down");
      expect((await view()).status).toBe("cancelled");
      await reconcilePayments(trade);
      expect(await charge()).toMatchObject({ status: "released" });
    });

    it("gives back an authorisation that no order came of", async () => {
      await addToCart(trade, { shopperId: maya, variantId: stall.variantId("basil"), quantity: 1 });
      const lost: PaymentProvider = {
        ...trade.payments,
        async authorise(request) {
          await trade.payments.authorise(request);
          throw new Error("timeout");
        },
      };
      const request = { shopperId: maya, pickupSlotId: stall.slotId(11), idempotencyKey: "maya-2" };
      await refusalOf(placeOrder({ ...trade, payments: lost }, request));
      clock.advance(hours(1));
      await reconcilePayments(trade);
      const statuses = (await test.db.select().from(payments)).map((payment) => payment.status);
      expect(statuses.toSorted()).toEqual(["authorised", "released"]);
      expect((await placeOrder(trade, request)).isRepeat).toBe(false);
      await booksAreRight();
    });
  });

  it("settles what nobody packed or fetched a day after its pickup", async () => {
    advanceTo(new Date("2025-08-17T18:00:00Z"));
    await reconcilePayments(trade);
    expect((await view()).payment).toMatchObject({ status: "captured", capturedCents: 1585 });
    const [row] = await test.db.select().from(orders).where(eq(orders.id, orderId));
    expect(row?.status).toBe("placed");
  });
});
