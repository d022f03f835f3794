import { describe, expect, it } from "vitest";
import { browsingOf } from "./browsing.ts";
import { historyOf } from "./orders-of-world.ts";
import { searchesOf, searchEvents } from "./searching.ts";
import { createWorld } from "./world.ts";

const day = 86_400_000;
const world = createWorld({ size: "demo", now: new Date("2025-08-13T22:00:00Z"), figures: { daysBack: 45 } });
const orders = [...historyOf(world)].flatMap((placed) => placed.orders);
const browsing = browsingOf(world, orders);
const searches = searchesOf(world, orders, browsing);

describe("searches of the demo's past", () => {
  it("are of the last thirty days, in order, the same each time, and none of Maya's", () => {
    expect(searches.length).toBeGreaterThan(300);
    const times = searches.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(world.now.getTime() - 30 * day);
    expect(times.at(-1)).toBeLessThanOrEqual(world.now.getTime());
    expect(searches.some(({ shopper }) => shopper.id === world.mayaId)).toBe(false);
    expect(searchesOf(world, orders, browsing)).toEqual(searches);
    expect(new Set(searches.map(({ id }) => id)).size).toBe(searches.length);
  });

  it("show what the shop finds, and what was opened stands where it says", () => {
    const opened = searches.filter((search) => search.opened);
    expect(opened.length).toBeGreaterThan(searches.length / 3);
    for (const { opened: found, shown, terms } of opened) {
      expect(shown[found!.place - 1]).toBe(found!.product);
      expect(terms).toHaveLength(5 * shown.length);
    }
    // What nobody grows is not found.
    const ungrown = searches.filter(({ query }) => query === "bananas");
    expect(ungrown.length).toBeGreaterThan(0);
    expect(ungrown.every(({ total, opened: found }) => total === 0 && !found)).toBe(true);
    expect(searches.filter(({ correctedQuery }) => correctedQuery !== undefined).length).toBeGreaterThan(5);
  });

  it("led to the order that they are said to have led to", () => {
    const byId = new Map(orders.map((order) => [order.id, order]));
    const sold = searches.filter(({ orderId }) => orderId !== undefined);
    expect(sold.length).toBeGreaterThan(50);
    for (const { orderId, opened, shopper, at } of sold) {
      const order = byId.get(orderId!)!;
      expect(order.shopper).toBe(shopper);
      expect(order.lines.map(({ product }) => product)).toContain(opened!.product);
      expect(order.placedAt.getTime() - at.getTime()).toBeGreaterThan(0);
      expect(order.placedAt.getTime() - at.getTime()).toBeLessThan(day);
    }
  });

  it("are in the log of events once", () => {
    const since = new Date(world.now.getTime() - 10 * day);
    const logged = browsing.filter(({ action }) => action === "SEARCH").length;
    const events = searchEvents(searches, since);
    expect(logged + events.length).toBe(searches.filter(({ at }) => at >= since).length);
  });
});
