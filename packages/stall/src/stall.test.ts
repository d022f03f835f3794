import { describeOnEveryDatabase } from "@almanac/db/testing";
import { actionEvents, openEvents, orders, stockEntries, subOrders, variants } from "@almanac/db/schema";
import { atMarketTime, days, hours, isAppError, minutes, type ShiftedClock } from "@almanac/kernel";
import { availableNow, checkBooks, createPaymentSimulator, owedToFarms, sumOf } from "@almanac/orders";
import { ordersRoutes } from "@almanac/orders/router";
import {
  addShoppers,
  openStall,
  refusalOf,
  stall,
  stallClock,
  testContext,
  userIdOf,
} from "@almanac/orders/testing";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { postingsOfSale, postingsOfUndo } from "./core/money.ts";
import { stallRoutes } from "./router.ts";
import { sellAtStall, type SellRequest } from "./sell.ts";
import { undoStallSale } from "./undo.ts";

const farmId = stall.farmId("hollow-oak");
const tomato = stall.productId("tomato");

describe("the money of a sale at the stall", () => {
  const worth = { farmId, totalCents: 360, feeCents: 18 };

  it("sums to zero, and leaves the farm owing the fee", () => {
    const rows = postingsOfSale(worth);
    expect(sumOf(rows)).toBe(0);
    expect(owedToFarms(rows).get(farmId)).toBe(-18);
    expect(sumOf(rows.filter(({ account }) => account === "shopper"))).toBe(0);
  });

  it("is nothing after it was taken back", () => {
    const rows = [...postingsOfSale(worth), ...postingsOfUndo(worth)];
    for (const account of ["shopper", "farm", "market"])
      expect(sumOf(rows.filter((row) => row.account === account))).toBe(0);
  });

  it("has no rows for what was given away", () => {
    expect(postingsOfSale({ farmId, totalCents: 0, feeCents: 0 })).toEqual([]);
  });
});

it("declares a right for every procedure", () => {
  expect(
    [...declaredRights(router(stallRoutes({}))).entries()].map(([path, { right }]) => [path, right]),
  ).toEqual([
    ["stall.day", "farm.read"],
    ["stall.sell", "farm.write"],
    ["stall.undo", "farm.write"],
  ]);
});

describeOnEveryDatabase("sales at the stall", (test) => {
  let clock: ShiftedClock;
  const deps = () => ({ handle: test.handle, clock });
  const request = (more: Partial<SellRequest> = {}): SellRequest => ({
    farmId,
    marketId: stall.marketId,
    variantId: stall.variantId("tomato"),
    quantityBase: 734,
    tender: "cash",
    idempotencyKey: "till-key-1",
    ...more,
  });
  const sell = (more: Partial<SellRequest> = {}) => sellAtStall(deps(), request(more));
  const left = async () => (await availableNow(test.db, [tomato])).get(tomato);
  const problems = async () => (await checkBooks(test.db)).problems;
  const as = (slug: "hollow-oak" | "fern-bank") =>
    createCallerFactory(router(stallRoutes({})))(
      testContext(test.handle, clock, {
        kind: "user",
        userId: userIdOf(slug),
        farmIds: [stall.farmId(slug)],
      }),
    ).stall;

  beforeEach(async () => {
    clock = stallClock();
    await openStall(test.db, { stockBase: { tomato: 2_000 } });
    clock.advance(atMarketTime("2025-08-16", 9, 0, "America/New_York").getTime() - clock.now().getTime());
  });

  it("take stock, money and the price of the moment: 0.734 kg at 4.90 is 3.60", async () => {
    expect(await sell()).toMatchObject({ totalCents: 360, availableBase: 1_266, isRepeat: false });
    const [entry] = await test.db.select().from(stockEntries).where(eq(stockEntries.reason, "stall_sale"));
    expect(entry).toMatchObject({ productId: tomato, deltaBase: -734 });
    expect(await problems()).toEqual([]);
  });

  it("are one sale however often the same key is sent, also at once", async () => {
    const sold = await Promise.all(Array.from({ length: 8 }, () => sell()));
    expect(new Set(sold.map(({ saleId }) => saleId)).size).toBe(1);
    expect(sold.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(await left()).toBe(1_266);
  });

  it("are in the event log once, as a purchase of nobody, however often sent and also when taken back", async () => {
    await sell();
    const { saleId } = await sell();
    await undoStallSale(deps(), { farmId, saleId });
    const logged = await test.db.select().from(actionEvents);
    const metadata = { saleId, productIds: [tomato], totalCents: 360 };
    expect(logged).toMatchObject([
      { action: "COMPLETE_PURCHASE", source: "stall", shopperId: null, entityId: tomato, metadata },
    ]);
    expect(await test.db.$count(openEvents)).toBe(1);
  });

  it("that are refused are in no event log", async () => {
    await refusalOf(sell({ quantityBase: 2_001 }));
    expect(await test.db.$count(actionEvents)).toBe(0);
  });

  it("refuse a key that came with another sale", async () => {
    await sell();
    expect(await refusalOf(sell({ quantityBase: 500 }))).toMatchObject({ code: "idempotency_key_reused" });
    expect(await refusalOf(sell({ tender: "card" }))).toMatchObject({ code: "idempotency_key_reused" });
  });

  it("never sell more than there is, however many sell at once", async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => sell({ quantityBase: 150, idempotencyKey: `till-key-${n}` })),
    );
    const refused = tries.filter(({ status }) => status === "rejected");
    expect(tries).toHaveLength(20);
    expect(refused).toHaveLength(20 - Math.floor(2_000 / 150));
    expect(await left()).toBe(2_000 % 150);
    expect(await problems()).toEqual([]);
  });

  it("come to no more than the books can hold", async () => {
    await test.db.update(variants).set({ unitPriceCents: 10_000_000, unitPricePer: 1 });
    await expect(sell({ quantityBase: 101 })).rejects.toMatchObject({ code: "input_invalid" });
    expect(await sell({ quantityBase: 100 })).toMatchObject({ totalCents: 1_000_000_000 });
    expect(await problems()).toEqual([]);
  });

  it("leave what is ordered to those who ordered, and say how much that is", async () => {
    clock = stallClock();
    const [maya] = await addShoppers(test.db, 1);
    const routes = ordersRoutes({ payments: createPaymentSimulator({ handle: test.handle, clock }) });
    const shopper = createCallerFactory(router({ cart: routes.cart, orders: routes.orders }))(
      testContext(test.handle, clock, { shopperId: maya! }),
    );
    await shopper.cart.add({ variantId: stall.variantId("tomato"), quantity: 2 });
    await shopper.orders.place({
      pickupSlotId: stall.slotId(9),
      idempotencyKey: "press-once",
      contactName: "M",
    });
    clock.advance(days(3));
    const refusal = await refusalOf(sell({ quantityBase: 600 }));
    expect(refusal).toMatchObject({
      code: "stall_short",
      details: { availableBase: 500, putAsideBase: 1_500, quantityBase: 600 },
    });
    await expect(sell({ quantityBase: 600 })).rejects.toThrow(
      "Only 500 g is left of Heirloom tomato for walk-ins; 1.5 kg more wait for those who ordered.",
    );
    await test.db.update(subOrders).set({ status: "collected" });
    await test.db.update(orders).set({ status: "collected" });
    expect((await refusalOf(sell({ quantityBase: 600 }))).details).toMatchObject({ putAsideBase: 0 });
  });

  it("can be taken back, once, and sold again", async () => {
    const { saleId } = await sell();
    const undone = await Promise.all([1, 2, 3].map(() => undoStallSale(deps(), { farmId, saleId })));
    expect(undone.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(await left()).toBe(2_000);
    expect(await problems()).toEqual([]);
    await sell({ quantityBase: 2_000, idempotencyKey: "till-key-2" });
    expect(await left()).toBe(0);
  });

  it("stand after a day", async () => {
    const { saleId } = await sell();
    clock.advance(hours(25));
    expect(await refusalOf(undoStallSale(deps(), { farmId, saleId }))).toMatchObject({
      code: "stall_sale_final",
    });
  });

  it("are counted by market day, without what was taken back", async () => {
    const { saleId } = await sell();
    clock.advance(minutes(1));
    await sell({ quantityBase: 1_000, tender: "card", idempotencyKey: "till-key-2" });
    await undoStallSale(deps(), { farmId, saleId });
    const day = await as("hollow-oak").day({ farmId });
    expect(day).toMatchObject({
      marketDay: "2025-08-16",
      nextDay: "2025-08-16",
      totals: { sales: 1, totalCents: 490, cashCents: 0, cardCents: 490, feeCents: 25 },
    });
    expect(day.products).toMatchObject([{ name: "Heirloom tomato", availableBase: 1_000, soldBase: 1_000 }]);
    expect(day.sales.map(({ undoneAt }) => undoneAt === null)).toEqual([true, false]);
  });

  it("of another farm are not there, nor its products, nor a market where it has no stall", async () => {
    const { saleId } = await sell();
    const fern = as("fern-bank");
    const codeOf = (call: Promise<unknown>) =>
      call.then(
        () => "done",
        (error: { cause?: unknown }) => (isAppError(error.cause) ? error.cause.code : "unknown"),
      );
    const own = stall.farmId("fern-bank");
    const { actorUserId: _, ...form } = request({ idempotencyKey: "till-key-9" });
    expect(await codeOf(fern.day({ farmId }))).toBe("farm_not_found");
    expect(await codeOf(fern.sell(form))).toBe("farm_not_found");
    expect(await codeOf(fern.sell({ ...form, farmId: own }))).toBe("variant_not_found");
    expect(await codeOf(fern.undo({ farmId: own, saleId }))).toBe("stall_sale_not_found");
    const elsewhere = { ...form, marketId: userIdOf("none") as string as typeof stall.marketId };
    expect(await codeOf(as("hollow-oak").sell(elsewhere))).toBe("market_not_found");
  });
});
