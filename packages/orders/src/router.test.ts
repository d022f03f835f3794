import { TRPCError } from "@trpc/server";
import { beforeEach, describe, expect, it } from "vitest";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { isAppError, seededRng, type ShiftedClock, type ShopperId } from "@almanac/kernel";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { createPaymentSimulator } from "./payment-simulator.ts";
import { ordersRoutes } from "./router.ts";
import {
  addShoppers,
  openStall,
  stall,
  stallClock,
  testContext,
  userIdOf,
  type TestCaller,
} from "./testing.ts";

type Procedure = (input: unknown) => Promise<unknown>;

/** "cart.add" of a caller, whose type is too wide to name. */
function procedureAt(caller: object, path: string): Procedure {
  let at: unknown = caller;
  for (const part of path.split(".")) at = (at as Record<string, unknown>)[part];
  return at as Procedure;
}

describeOnEveryDatabase("the routes of trade", (test) => {
  let clock: ShiftedClock;
  let maya: ShopperId;

  beforeEach(async () => {
    clock = stallClock();
    await test.fill("the stall", () => openStall(test.db));
    [maya] = (await addShoppers(test.db, 1, "maya")) as [ShopperId];
  });

  const appRouter = () => {
    const { admin, ...routes } = ordersRoutes({
      payments: createPaymentSimulator({ handle: test.handle, clock }),
    });
    return router({ ...routes, admin: router(admin) });
  };
  const as = (caller: TestCaller = {}) =>
    createCallerFactory(appRouter())(testContext(test.handle, clock, caller));
  const shopper = () => as({ shopperId: maya });
  const farmer = (slug: "hollow-oak" | "fern-bank" | "whey-street") =>
    as({ kind: "user", userId: userIdOf(slug), farmIds: [stall.farmId(slug)] });
  const codeOf = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof TRPCError) return isAppError(error.cause) ? error.cause.code : error.code;
    throw error ?? new Error("it was not refused");
  };

  const placeMayas = async () => {
    await shopper().cart.add({ variantId: stall.variantId("tomato"), quantity: 2 });
    await shopper().cart.add({ variantId: stall.variantId("basil") });
    await shopper().cart.add({ variantId: stall.variantId("mozzarella") });
    return shopper().orders.place({
      pickupSlotId: stall.slotId(11),
      idempotencyKey: "press-once",
      contactName: "Maya",
    });
  };

  it("lead a shopper from the cart to the order and a farmer from the list to the scale and the hand-over", async () => {
    const { slots, window } = await shopper().checkout.slots();
    expect(window).toMatchObject({ marketDay: "2025-08-16", isOpen: true });
    expect(slots.map((slot) => slot.placesLeft)).toEqual([40, 40, 40, 40, 40]);
    const order = await placeMayas();
    expect(order).toMatchObject({
      number: "A-10000",
      holdCents: 1696,
      payment: { authorisedCents: 1696 },
      isEditable: true,
    });
    expect((await shopper().checkout.slots()).slots.map((slot) => slot.placesLeft)).toEqual([
      40, 40, 40, 39, 40,
    ]);
    expect((await shopper().orders.list()).items.map((item) => item.number)).toEqual([order.number]);
    const times = await shopper().orders.slots({ number: order.number });
    expect(times.map((slot) => slot.placesLeft)).toEqual([40, 40, 40, 39, 40]);
    expect(await codeOf(farmer("hollow-oak").orders.slots({ number: order.number }))).toBe("order_not_found");
    expect(
      await shopper().orders.changeLine({
        number: "a-10000",
        variantId: stall.variantId("basil"),
        quantity: 2,
      }),
    ).toMatchObject({
      subtotalCents: 1835,
    });

    const farmId = stall.farmId("hollow-oak");
    const day = await farmer("hollow-oak").farmOrders.bySlot({ farmId });
    expect(day).toMatchObject({
      marketDay: "2025-08-16",
      totals: [{ name: "Heirloom tomato", quantity: 2, quantityBase: 1500 }],
    });
    const [part] = day.slots[0]!.subOrders;
    expect(part).toMatchObject({ number: order.number, contactName: "Maya", status: "placed" });
    await farmer("hollow-oak").farmOrders.weigh({ farmId, lineId: part!.lines[0]!.id, weighedBase: 1515 });
    await farmer("hollow-oak").farmOrders.markCollected({ farmId, subOrderId: part!.id });
    expect(
      await codeOf(farmer("hollow-oak").farmOrders.markCollected({ farmId, subOrderId: part!.id })),
    ).toBe("already_collected");
    expect(await shopper().orders.get({ number: order.number })).toMatchObject({
      totalCents: 1842,
      status: "ready",
    });
  });

  it("give a visitor without a shopper an empty cart and no orders", async () => {
    expect(await as().cart.get()).toMatchObject({
      id: null,
      marketName: "Riverside Saturday Market",
      lines: [],
      count: 0,
    });
    expect(await as().orders.list()).toEqual({ items: [], nextCursor: undefined });
    expect(await codeOf(as().orders.get({ number: "A-10000" }))).toBe("order_not_found");
  });

  it("hide one shopper's order from another, and one farm's from another", async () => {
    const { number } = await placeMayas();
    const [bo] = (await addShoppers(test.db, 1, "bo")) as [ShopperId];
    expect(await codeOf(as({ shopperId: bo }).orders.get({ number }))).toBe("order_not_found");
    expect(await codeOf(as({ shopperId: bo }).orders.cancel({ number }))).toBe("order_not_found");
    const farmId = stall.farmId("hollow-oak");
    for (const other of [farmer("fern-bank"), as({ kind: "user", userId: userIdOf("bo"), shopperId: bo })]) {
      const codes = await Promise.all([
        codeOf(other.farmOrders.bySlot({ farmId })),
        codeOf(other.farmStock.levels({ farmId })),
        codeOf(other.farmStock.ledger({ farmId, productId: stall.productId("tomato") })),
      ]);
      expect(new Set(codes).size).toBe(1);
      expect(["farm_not_found", "right_missing"]).toContain(codes[0]);
    }
    const own = farmer("fern-bank").farmStock.ledger({
      farmId: stall.farmId("fern-bank"),
      productId: stall.productId("tomato"),
    });
    expect(await codeOf(own)).toBe("product_not_found");
  });

  it("open the books to operators only", async () => {
    await placeMayas();
    expect(await codeOf(as().admin.ledger.check())).toBe("sign_in_required");
    expect(await codeOf(farmer("hollow-oak").admin.ledger.check())).toBe("right_missing");
    const ines = as({ kind: "user", userId: userIdOf("ines"), roles: ["operator"] });
    expect(await ines.admin.ledger.check()).toMatchObject({ orders: 1, ledgerSumCents: 0, problems: [] });
  });

  it("page through orders without showing one twice", async () => {
    for (let i = 0; i < 5; i++) {
      await shopper().cart.add({ variantId: stall.variantId("basil") });
      await shopper().orders.place({ pickupSlotId: stall.slotId(9), idempotencyKey: `press-${i}-page` });
      clock.advance(1_000);
    }
    const numbers: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shopper().orders.list({ limit: 2, cursor });
      numbers.push(...page.items.map((item) => item.number));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(numbers).toEqual(["A-10004", "A-10003", "A-10002", "A-10001", "A-10000"]);
  });

  it("refuse malformed calls and never fail on one", async () => {
    const rng = seededRng(7);
    const operator = {
      kind: "user",
      userId: userIdOf("ines"),
      shopperId: maya,
      roles: ["operator"],
    } as const;
    const caller = as({ ...operator, farmIds: [stall.farmId("hollow-oak")] });
    const values = [
      null,
      undefined,
      "",
      "x",
      -1,
      0,
      1.5,
      1e12,
      NaN,
      [],
      {},
      true,
      "A-10000",
      "00000000-0000-0000-0000-000000000000",
      stall.farmId("hollow-oak"),
      stall.variantId("basil"),
      "\u0000",
      "2025-13-45",
    ];
    const keys = [
      "variantId",
      "quantity",
      "number",
      "farmId",
      "productId",
      "pickupSlotId",
      "idempotencyKey",
      "stars",
      "cursor",
      "limit",
      "marketDay",
      "subOrderId",
      "lineId",
      "weighedBase",
      "deltaBase",
      "reason",
      "marketId",
    ];
    const paths = [...declaredRights(appRouter()).keys()].filter((path) => !path.startsWith("admin."));
    for (let i = 0; i < 300; i++) {
      const input = Object.fromEntries(
        rng
          .shuffle(keys)
          .slice(0, 6)
          .map((key) => [key, rng.pick(values)]),
      );
      const path = rng.pick(paths);
      const call = procedureAt(caller, path);
      const failure: unknown = await call(rng.next() < 0.9 ? input : rng.pick(values)).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure) expect(failure, `${path} ${JSON.stringify(input)}`).toBeInstanceOf(TRPCError);
      if (failure)
        expect((failure as TRPCError).code, `${path} ${JSON.stringify(input)}`).not.toBe(
          "INTERNAL_SERVER_ERROR",
        );
    }
  });

  describe("every procedure", () => {
    it("declares its right", () => {
      expect(
        Object.fromEntries([...declaredRights(appRouter())].map(([path, meta]) => [path, meta.right])),
      ).toMatchObject({
        "cart.get": "public",
        "orders.place": "shop",
        "farmOrders.weigh": "farm.write",
        "farmStock.ledger": "farm.read",
        "admin.ledger.check": "operate.read",
      });
    });
  });
});
