import { describeOnEveryDatabase } from "@almanac/db/testing";
import { newId, shiftedClock, type PickupSlotId } from "@almanac/kernel";
import { orders } from "@almanac/db/schema";
import type { OrderId } from "@almanac/kernel";
import { beforeEach, expect, it } from "vitest";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  marketIdOf,
  publishedTopics,
  shopperIdOf,
  testNow,
} from "./testing.ts";

const refusal = (reason: string) =>
  expect.objectContaining({ cause: expect.objectContaining({ code: reason }) });
const marketId = marketIdOf("riverside");

describeOnEveryDatabase("a market's desk", (test) => {
  const at = (now: Date) => shiftedClock(now, { now: () => now });
  const ines = (now = testNow) =>
    catalogAs(test.handle, callerNamed("ines", { marketIds: [marketId] }), at(now)).marketDesk;
  const shop = () => catalogAs(test.handle);

  beforeEach(async () => {
    await buildMarket(test.db);
    await buildMarket(test.db, { slug: "uptown" });
    await buildFarm(test.db);
    await buildPerson(test.db, "ines");
  });

  it("is closed to managers of other markets, farmers and shoppers", async () => {
    const other = catalogAs(
      test.handle,
      callerNamed("uma", { marketIds: [marketIdOf("uptown")] }),
    ).marketDesk;
    await expect(other.update({ marketId, name: "Mine" })).rejects.toEqual(refusal("market_not_found"));
    const farmer = catalogAs(
      test.handle,
      callerNamed("tomas", { farmIds: [farmIdOf("hollow-oak")] }),
    ).marketDesk;
    await expect(farmer.farms.list({ marketId })).rejects.toEqual(refusal("right_missing"));
    await expect(shop().marketDesk.get({ marketId })).rejects.toEqual(refusal("sign_in_required"));
  });

  it("plans a market day with its window and hourly slots", async () => {
    const window = await ines().windows.create({ marketId, marketDay: "2025-08-16" });
    expect(window).toMatchObject({ state: "open", closesAt: "2025-08-15T00:00:00.000Z", isCancelled: false });
    expect(window.slots).toHaveLength(5);
    expect(await publishedTopics(test.db)).toEqual(["window.changed"]);
    await expect(ines().windows.create({ marketId, marketDay: "2025-08-16" })).rejects.toEqual(
      refusal("window_exists"),
    );
  });

  it("refuses a window that closes before it opens, or after the market day", async () => {
    const marketDay = "2025-08-16";
    const opensAt = "2025-08-12T00:00:00Z";
    await expect(
      ines().windows.create({ marketId, marketDay, opensAt, closesAt: "2025-08-11T00:00:00Z" }),
    ).rejects.toEqual(refusal("input_invalid"));
    await expect(
      ines().windows.create({ marketId, marketDay, opensAt, closesAt: "2025-08-18T00:00:00Z" }),
    ).rejects.toEqual(refusal("input_invalid"));
  });

  it("plans the coming weeks as the last one was, leaving days that are planned alone", async () => {
    await ines().windows.create({ marketId, marketDay: "2025-08-16", closesAt: "2025-08-15T22:00:00Z" });
    expect(await ines().windows.extend({ marketId, weeks: 4 })).toEqual({ made: 3 });
    expect(await ines().windows.extend({ marketId, weeks: 4 })).toEqual({ made: 0 });
    const { items } = await ines().windows.list({ marketId });
    expect(items.map((window) => window.marketDay)).toEqual([
      "2025-09-06",
      "2025-08-30",
      "2025-08-23",
      "2025-08-16",
    ]);
    expect(items[0]).toMatchObject({ closesAt: "2025-09-05T22:00:00.000Z" });
    expect(items[0]?.slots).toHaveLength(5);
  });

  it("plans one market day as the latest was, hours and slots, where nothing else is said", async () => {
    const first = { marketId, marketDay: "2025-08-16", closesAt: "2025-08-15T22:00:00Z", slotMinutes: 30 };
    await ines().windows.create({ ...first, opensAt: "2025-08-12T11:00:00Z", slotCapacityOrders: 7 });
    const next = await ines().windows.create({ marketId, marketDay: "2025-08-23" });
    expect(next).toMatchObject({
      opensAt: "2025-08-19T11:00:00.000Z",
      closesAt: "2025-08-22T22:00:00.000Z",
    });
    expect(next.slots.map(({ capacityOrders }) => capacityOrders)).toEqual(Array(10).fill(7));
    const told = { marketId, marketDay: "2025-08-30", closesAt: "2025-08-29T00:00:00Z", slotMinutes: 150 };
    const other = await ines().windows.create(told);
    expect(other).toMatchObject({
      opensAt: "2025-08-26T11:00:00.000Z",
      closesAt: "2025-08-29T00:00:00.000Z",
    });
    expect(other.slots.map(({ capacityOrders }) => capacityOrders)).toEqual([40, 40]);
  });

  it("goes by no market day that was cancelled", async () => {
    const closesAt = "2025-08-15T22:00:00Z";
    const off = await ines().windows.create({ marketId, marketDay: "2025-08-16", closesAt });
    await ines().windows.cancel({ marketId, windowId: off.id });
    const next = await ines().windows.create({ marketId, marketDay: "2025-08-23" });
    expect(next).toMatchObject({ closesAt: "2025-08-22T00:00:00.000Z" });
  });

  it("cancels a window and takes that back; the next one is offered meanwhile", async () => {
    const first = await ines().windows.create({ marketId, marketDay: "2025-08-16" });
    await ines().windows.create({ marketId, marketDay: "2025-08-23" });
    const offered = async () => (await shop().markets.get({ slug: "riverside" })).nextWindow?.marketDay;
    expect(await offered()).toBe("2025-08-16");
    expect(await ines().windows.cancel({ marketId, windowId: first.id })).toMatchObject({
      state: "cancelled",
    });
    expect(await offered()).toBe("2025-08-23");
    await ines().windows.update({ marketId, windowId: first.id, isCancelled: false });
    expect(await offered()).toBe("2025-08-16");
  });

  it("does not reach another market's windows and slots", async () => {
    const uptown = await buildMarket(test.db, { slug: "midtown" });
    const { window, slots } = await buildOpenWindow(test.db, uptown);
    await expect(ines().windows.cancel({ marketId, windowId: window.id })).rejects.toEqual(
      refusal("window_not_found"),
    );
    await expect(ines().slots.update({ marketId, slotId: slots[0]!.id, capacityOrders: 1 })).rejects.toEqual(
      refusal("slot_not_found"),
    );
    await expect(ines().slots.remove({ marketId, slotId: newId<PickupSlotId>() })).rejects.toEqual(
      refusal("slot_not_found"),
    );
  });

  it("adds, resizes and removes slots of the market day", async () => {
    const { id: windowId } = await ines().windows.create({ marketId, marketDay: "2025-08-16" });
    const times = { startsAt: "2025-08-16T17:00:00Z", endsAt: "2025-08-16T18:00:00Z", capacityOrders: 5 };
    const slot = await ines().slots.create({ marketId, windowId, ...times });
    await expect(ines().slots.create({ marketId, windowId, ...times })).rejects.toEqual(
      refusal("slot_exists"),
    );
    await expect(
      ines().slots.create({ marketId, windowId, ...times, endsAt: "2025-08-17T18:00:00Z" }),
    ).rejects.toEqual(refusal("input_invalid"));
    await ines().slots.update({ marketId, slotId: slot.id, capacityOrders: 7 });
    const { slots } = await shop().markets.slots({ marketId });
    expect(slots.at(-1)).toMatchObject({ id: slot.id, capacityOrders: 7 });
    await ines().slots.remove({ marketId, slotId: slot.id });
    expect((await shop().markets.slots({ marketId })).slots).toHaveLength(5);
  });

  it("keeps a slot that somebody picks up in", async () => {
    const { slots } = await ines().windows.create({ marketId, marketDay: "2025-08-16" });
    await test.db.insert(orders).values({
      id: newId<OrderId>(),
      number: "A-1",
      shopperId: shopperIdOf("ines"),
      marketId,
      pickupSlotId: slots[0]!.id,
      subtotalCents: 0,
      totalCents: 0,
      holdCents: 0,
      idempotencyKey: "k",
      requestHash: "h",
      placedAt: testNow,
      updatedAt: testNow,
    });
    await expect(ines().slots.remove({ marketId, slotId: slots[0]!.id })).rejects.toEqual(
      refusal("slot_in_use"),
    );
    await ines().slots.remove({ marketId, slotId: slots[1]!.id });
  });

  it("takes up a farm with a stall and an owner", async () => {
    await buildPerson(test.db, "wanda");
    const farm = await ines().createFarm({
      marketId,
      name: "Whey Street",
      latitude: 41.6,
      longitude: -73.8,
      stall: "7",
      ownerEmail: "Wanda@example.com",
    });
    expect(farm).toMatchObject({
      slug: "whey-street",
      stall: "7",
      members: [{ name: "wanda", role: "owner" }],
    });
    expect((await ines().farms.list({ marketId })).map((one) => one.slug)).toContain("whey-street");
    expect(await publishedTopics(test.db)).toContain("farm.changed");
  });

  it("writes nothing of a farm whose owner nobody knows", async () => {
    const farm = {
      marketId,
      name: "Ghost Farm",
      latitude: 0,
      longitude: 0,
      ownerEmail: "nobody@example.com",
    };
    await expect(ines().createFarm(farm)).rejects.toEqual(refusal("user_not_found"));
    await expect(shop().farms.get({ slug: "ghost-farm" })).rejects.toEqual(refusal("farm_not_found"));
  });

  it("hands a farm to a first owner, never a farm that has one", async () => {
    await buildPerson(test.db, "tomas");
    const farmId = farmIdOf("hollow-oak");
    await ines().farms.setOwner({ marketId, farmId, email: "tomas@example.com" });
    await expect(ines().farms.setOwner({ marketId, farmId, email: "ines@example.com" })).rejects.toEqual(
      refusal("right_missing"),
    );
  });

  it("gives stalls and takes them away, and the farm's products go with them", async () => {
    await buildProduct(test.db);
    const farmId = farmIdOf("hollow-oak");
    await ines().farms.setStall({ marketId, farmId, stall: "12 A" });
    expect((await shop().farms.get({ slug: "hollow-oak" })).stalls).toMatchObject([{ stall: "12 A" }]);
    await ines().farms.remove({ marketId, farmId });
    await expect(shop().products.get({ slug: "heirloom-tomato" })).rejects.toEqual(
      refusal("product_not_found"),
    );
    await expect(ines().farms.remove({ marketId, farmId })).rejects.toEqual(refusal("farm_not_found"));
    await expect(ines().farms.setStall({ marketId, farmId, stall: "1" })).rejects.toEqual(
      refusal("farm_not_found"),
    );
    expect(await ines().farms.candidates({ marketId, text: "hollow" })).toMatchObject([
      { slug: "hollow-oak" },
    ]);
    await ines().farms.add({ marketId, farmId, stall: "3" });
    expect(await shop().products.get({ slug: "heirloom-tomato" })).toMatchObject({ slug: "heirloom-tomato" });
  });

  it("changes the market's own hours, not to ones that end before they begin", async () => {
    expect(await ines().update({ marketId, closesAt: "14:00" })).toMatchObject({ closesAt: "14:00" });
    await expect(ines().update({ marketId, opensAt: "15:00" })).rejects.toEqual(refusal("input_invalid"));
  });

  it("lets operators, and nobody else, open a market", async () => {
    const market = { name: "Harbour Market", timeZone: "Europe/Paris", latitude: 43.3, longitude: 5.4 };
    const operator = catalogAs(test.handle, callerNamed("ines", { roles: ["operator"] })).admin.markets;
    expect(await operator.create({ ...market, managerEmail: "ines@example.com" })).toMatchObject({
      slug: "harbour-market",
      timeZone: "Europe/Paris",
    });
    await expect(operator.create({ ...market, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    const manager = catalogAs(test.handle, callerNamed("ines", { marketIds: [marketId] })).admin.markets;
    await expect(manager.create(market)).rejects.toEqual(refusal("right_missing"));
    await expect(shop().admin.markets.create(market)).rejects.toEqual(refusal("sign_in_required"));
  });
});
