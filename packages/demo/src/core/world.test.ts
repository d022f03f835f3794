import { describe, expect, it } from "vitest";
import { historyOf } from "./orders-of-world.ts";
import { latestDayBefore, walkInsOf } from "./walk-ins.ts";
import { createWorld } from "./world.ts";
import { trueDemand } from "../true-demand.ts";
import { phaseOn, supplyOn } from "./season-of-food.ts";

const now = new Date("2025-08-13T13:00:00Z");
const demo = createWorld({ size: "demo", now });
const history = [...historyOf(demo)];
const orders = history.flatMap((day) => day.orders);
const product = (name: string, farm: string) =>
  demo.products.find((candidate) => candidate.name === name && candidate.farm.seed.slug === farm);

describe("the demo world", () => {
  it("is the same for the same seed and time, and another for another seed", () => {
    const again = createWorld({ size: "demo", now });
    expect(again.products.map(({ slug, priceCents }) => [slug, priceCents])).toEqual(
      demo.products.map(({ slug, priceCents }) => [slug, priceCents]),
    );
    expect([...historyOf(again)].flatMap((day) => day.orders.map((order) => order.id))).toEqual(
      orders.map((order) => order.id),
    );
    const other = createWorld({ size: "demo", now, seed: 7 });
    expect(other.products.map(({ priceCents }) => priceCents)).not.toEqual(
      demo.products.map(({ priceCents }) => priceCents),
    );
  });

  it("holds the journeys' products at their prices", () => {
    expect(product("Heirloom tomatoes", "hollow-oak")).toMatchObject({ priceCents: 490 });
    expect(product("Heirloom tomatoes", "hollow-oak")?.food.sale).toMatchObject({
      pricePer: 1000,
      unitQuantityBase: 750,
      isWeighed: true,
    });
    expect(product("Basil", "fern-bank")).toMatchObject({ priceCents: 250 });
    expect(product("Mozzarella", "whey-street")).toMatchObject({ priceCents: 600 });
    expect(product("Parsley", "fern-bank")).toMatchObject({ priceCents: 300 });
  });

  it("has the journeys' market: six farms, a window that closes on Thursday at eight, five slots for forty", () => {
    const riverside = demo.markets[0]!;
    expect(demo.farms.filter((farm) => farm.market === riverside)).toHaveLength(6);
    const coming = demo.marketDays.find((day) => day.market === riverside && day.closesAt > now)!;
    expect(coming.day).toBe("2025-08-16");
    expect(coming.closesAt.toISOString()).toBe("2025-08-15T00:00:00.000Z");
    expect(coming.slots.map((slot) => slot.startsAt.toISOString().slice(11, 13))).toEqual([
      "12",
      "13",
      "14",
      "15",
      "16",
    ]);
    expect(coming.slots.every((slot) => slot.capacityOrders === 40)).toBe(true);
  });

  it("leaves one place in the coming eleven o'clock slot", () => {
    const coming = demo.marketDays.find((day) => day.market === demo.markets[0] && day.closesAt > now)!;
    expect(orders.filter((order) => order.slotId === coming.slots[3]!.id)).toHaveLength(39);
  });

  it("has about 300 products and 10,000 orders, four of them Maya's", () => {
    expect(Math.abs(demo.products.length - 300)).toBeLessThan(10);
    expect(Math.abs(orders.length - 10_000)).toBeLessThan(500);
    expect(orders.filter((order) => order.shopper.id === demo.mayaId)).toHaveLength(4);
  });

  it("never sells more in a slot than it has places, nor what is out of season", () => {
    const bySlot = Map.groupBy(orders, (order) => order.slotId);
    const capacity = new Map(
      demo.marketDays.flatMap((day) => day.slots.map((slot) => [slot.id, slot.capacityOrders])),
    );
    for (const [slotId, placed] of bySlot) expect(placed.length).toBeLessThanOrEqual(capacity.get(slotId)!);
    for (const { day, orders: placed } of history) {
      for (const line of placed.flatMap((order) => order.lines)) {
        if (line.product.isAlwaysStocked) continue;
        expect(supplyOn(line.product.food, day.day, day.market.seed.latitude)).toBeGreaterThan(0);
      }
    }
  });

  it("has one market that rests from Christmas to March, and nobody orders there meanwhile", () => {
    const restless = (days: readonly string[]): string[] =>
      days.map((day) => day.slice(5)).filter((day) => day >= "12-24" || day <= "03-31");
    for (const { seed, id } of demo.markets) {
      const days = demo.marketDays.filter(({ market }) => market.id === id).map(({ day }) => day);
      expect(restless(days).length > 0).toBe(seed.slug !== "harbor");
    }
  });

  it("turns the seasons round south of the equator", () => {
    const tomato = demo.products.find((candidate) => candidate.food.crop === "tomato")!.food;
    expect(supplyOn(tomato, "2025-08-15", 41)).toBe(1);
    expect(supplyOn(tomato, "2025-08-15", -37)).toBe(0);
    expect(supplyOn(tomato, "2026-02-15", -37)).toBe(1);
  });

  it("sells basil with tomatoes more often than chance would", () => {
    const baskets = orders.map((order) => new Set(order.lines.map((line) => line.product.food.crop)));
    const share = (test: (basket: Set<string>) => boolean): number =>
      baskets.filter(test).length / baskets.length;
    const together = share((basket) => basket.has("tomato") && basket.has("basil"));
    expect(together / (share((b) => b.has("tomato")) * share((b) => b.has("basil")))).toBeGreaterThan(1.3);
  });
});

describe("the walk-ins of the demo world", () => {
  const walkIns = [...walkInsOf(demo)];
  const sales = walkIns.flatMap((one) => one.sales);

  it("bought at Hollow Oak's stall on every market day of two years, within its hours, until it ran out", () => {
    expect(new Set(sales.map(({ product: { farm } }) => farm.seed.slug))).toEqual(new Set(["hollow-oak"]));
    const days = demo.marketDays.filter(
      ({ market, closesAt }) => market === demo.markets[0] && closesAt < now,
    );
    expect(new Set(sales.map(({ day }) => day.day)).size).toBe(days.length);
    for (const { soldAt } of sales) {
      const minute = soldAt.getUTCHours() * 60 + soldAt.getUTCMinutes();
      // 8:00 to 13:00 in New York.
      expect(minute).toBeGreaterThanOrEqual(12 * 60);
      expect(minute).toBeLessThan(18 * 60);
    }
    for (const { sales: own, soldOut } of walkIns)
      if (soldOut) expect(own.every(({ soldAt }) => soldAt <= soldOut.at)).toBe(true);
    expect(walkIns.filter(({ soldOut }) => soldOut).length).toBeGreaterThan(20);
  });

  it("missed something on days on which it ran out, and on no others", () => {
    const missed = walkIns.filter(({ missedBase }) => missedBase > 0);
    expect(missed.length).toBeGreaterThan(10);
    expect(missed.every(({ soldOut }) => soldOut !== undefined)).toBe(true);
  });

  it("took several times as many potatoes as ever on the day of the feast, the latest market day before today", () => {
    const taken = walkIns
      .filter(({ product: { name } }) => name === "Russet potatoes")
      .map(({ day, sales: own }) => ({
        day: day.day,
        base: own.reduce((sum, { quantityBase }) => sum + quantityBase, 0),
      }));
    const last = taken.at(-1)!;
    expect(last.day).toBe("2025-08-09");
    expect(last.base).toBeGreaterThan(2 * Math.max(...taken.slice(-13, -1).map(({ base }) => base)));
    // A market that runs today, or was over an hour ago, is no day to look back on yet.
    const saturday = new Date("2025-08-16T20:00:00Z");
    expect(latestDayBefore(createWorld({ size: "tiny", now: saturday }))?.day).toBe("2025-08-09");
  });

  it("are the same for the same seed", () => {
    const again = [...walkInsOf(createWorld({ size: "demo", now }))].flatMap((one) => one.sales);
    expect(again.map(({ id, quantityBase }) => [id, quantityBase])).toEqual(
      sales.map(({ id, quantityBase }) => [id, quantityBase]),
    );
    expect(new Set(sales.map(({ id }) => id)).size).toBe(sales.length);
  });
});

it("has tomatoes on six farms that are paid in one currency, so that neighbours show as a band", () => {
  const growers = demo.products.filter(
    ({ food, farm }) => food.crop === "tomato" && farm.market.seed.currency === "USD",
  );
  expect(new Set(growers.map(({ farm }) => farm.id)).size).toBe(6);
});

it("knows what was asked for: all that was ordered and bought, and what was missed", () => {
  const tiny = createWorld({ size: "tiny", now });
  const tomatoes = tiny.products.find(({ name }) => name === "Heirloom tomatoes")!;
  const asked = trueDemand({ size: "tiny", now });
  const own = asked.filter(({ productId }) => productId === tomatoes.id);
  const ordered = [...historyOf(tiny)]
    .filter(({ day }) => day.market === tomatoes.farm.market && day.closesAt < now)
    .flatMap((day) => day.orders.flatMap(({ lines }) => lines))
    .filter((line) => line.product === tomatoes);
  const walked = [...walkInsOf(tiny)].filter((one) => one.product === tomatoes);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  expect(sum(own.map(({ askedBase }) => askedBase!))).toBe(
    sum(ordered.map(({ weighedBase }) => weighedBase!)) +
      sum(walked.flatMap(({ sales }) => sales.map(({ quantityBase }) => quantityBase))) +
      sum(walked.map(({ missedBase }) => missedBase)),
  );
  // Late frost: nobody could ask for strawberries.
  expect(asked.some(({ askedBase, day }) => askedBase === null && day === "2025-06-14")).toBe(true);
  expect(phaseOn(tomatoes.food, "2025-08-15", 41)).toBe("peak");
  expect(phaseOn(tomatoes.food, "2025-02-15", 41)).toBe("out of season");
});
