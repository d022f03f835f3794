import { describe, expect, it } from "vitest";
import { days, hours, minutes } from "@almanac/kernel";
import { dueDigest } from "./arrivals.ts";
import { priceDropNews } from "./price-drop.ts";
import { cartRisk } from "./cart-risk.ts";
import { cartCover, isWorse, waitersAfterHold, waitersToTell } from "./stock.ts";
import { isTopNews, topOf } from "./trending.ts";

const now = new Date("2025-08-13T13:00:00Z");
const ago = (durationMs: number) => new Date(now.getTime() - durationMs);

describe("price drops", () => {
  const history = (...prices: readonly [daysAgo: number, cents: number][]) =>
    prices.slice(1).map(([daysAgo, newPriceCents], at) => ({
      oldPriceCents: prices[at]![1],
      newPriceCents,
      changedAt: ago(days(daysAgo)),
    }));
  const newsOf = (...prices: readonly [number, number][]) => {
    const changes = history(...prices);
    return priceDropNews(changes, changes.at(-1)!);
  };

  it.each<[string, readonly [number, number][], ReturnType<typeof newsOf>]>([
    [
      "10.00 to 9.60 is under 5 %",
      [
        [90, 1_000],
        [0, 960],
      ],
      undefined,
    ],
    [
      "10.00 to 9.50 is told",
      [
        [90, 1_000],
        [0, 950],
      ],
      { oldPriceCents: 1_000, newPriceCents: 950 },
    ],
    [
      "2.00 to 1.80 is 10 % but under 25 cents",
      [
        [90, 200],
        [0, 180],
      ],
      undefined,
    ],
    [
      "raised to 12.00 and cut to 10.50 is no drop",
      [
        [90, 1_000],
        [3, 1_200],
        [0, 1_050],
      ],
      undefined,
    ],
    [
      "raised 20 days ago it is one",
      [
        [90, 1_000],
        [20, 1_200],
        [0, 1_050],
      ],
      { oldPriceCents: 1_200, newPriceCents: 1_050 },
    ],
    [
      "9.50 to 9.40 adds nothing to the drop that was told",
      [
        [90, 1_000],
        [2, 950],
        [0, 940],
      ],
      undefined,
    ],
    [
      "9.50 to 9.00 is another drop",
      [
        [90, 1_000],
        [2, 950],
        [0, 900],
      ],
      { oldPriceCents: 950, newPriceCents: 900 },
    ],
    [
      "a raise is none",
      [
        [90, 1_000],
        [0, 1_100],
      ],
      undefined,
    ],
  ])("%s", (_, prices, expected) => {
    expect(newsOf(...prices)).toEqual(expected);
  });
});

describe("stock", () => {
  it.each([
    [60, 1, 1, "enough"],
    [4, 1, 1, "enough"],
    [3, 1, 1, "low"],
    [4, 1, 5, "low"],
    [749, 750, 1, "gone"],
    [0, 1, 1, "gone"],
  ] as const)("with %i left in units of %i, a cart that wants %i has %s", (left, unit, wanted, cover) => {
    expect(cartCover(left, unit, wanted)).toBe(cover);
  });

  it("tells a cart once when it gets low and once when it is gone, and never when it gets better", () => {
    expect(isWorse("enough", "low")).toBe(true);
    expect(isWorse("low", "low")).toBe(false);
    expect(isWorse("low", "gone")).toBe(true);
    expect(isWorse("gone", "low")).toBe(false);
  });

  it.each([
    [0, 4, 1, 6],
    [0, 1, 1, 1],
    [4, 10, 1, 9],
    [0, 3_000, 750, 6],
    [700, 800, 750, 1],
    [3, 3, 1, 0],
    [5, 2, 1, 0],
  ])("of those who wait, from %i to %i in units of %i, %i are told", (before, after, unit, told) => {
    expect(waitersToTell(before, after, unit)).toBe(told);
  });

  it.each([
    // Six were told of four units; one was bought and given back.
    [3, 4, 6, 0],
    // Four more came: six for these, while six go on having the first go at the others.
    [4, 8, 6, 6],
    // Two were told of what is one unit now: none for others.
    [0, 1, 2, 0],
    [0, 4, 1, 5],
  ])(
    "from %i to %i units, with %i told within two hours, %i more are told",
    (before, after, holding, told) => {
      expect(waitersToTell(before, after, 1, holding)).toBe(told);
    },
  );

  it.each([
    [4, 0, 6],
    [1, 0, 1],
    [0, 0, 0],
    [4, 6, 0],
    [4, 4, 2],
  ])(
    "with %i units left and %i told within two hours, %i more are told when a hold runs out",
    (units, holding, told) => {
      expect(waitersAfterHold(units, 1, holding)).toBe(told);
    },
  );
});

describe("new arrivals", () => {
  const arrival = (productId: string, minutesAgo: number) => ({
    productId,
    listedAt: ago(minutes(minutesAgo)),
  });

  it("waits ten minutes from the first and then tells of all together", () => {
    expect(dueDigest([arrival("a", 9), arrival("b", 2)], now)).toEqual([]);
    const due = dueDigest([arrival("b", 2), arrival("a", 10), arrival("c", 0)], now);
    expect(due.map(({ productId }) => productId)).toEqual(["a", "b", "c"]);
    expect(dueDigest([], now)).toEqual([]);
  });
});

describe("trends", () => {
  const row = (productId: string, buyers: number, orders = buyers) => ({ productId, buyers, orders });

  it("ranks by distinct buyers, so that one buyer's forty orders do not trend", () => {
    expect(topOf([row("turnip", 1, 40), row("basil", 10), row("few", 4)])).toEqual(["basil", "turnip"]);
  });

  it("says nothing of an order stream that reorders ranks six to ten, and tells of one that reaches the five", () => {
    const buyers = [30, 28, 26, 24, 22, 20, 18, 16, 14, 12];
    const top = (more: number) =>
      topOf(buyers.map((count, at) => row(`p${at + 1}`, at === 8 ? count + more : count)));
    const told = { productIds: top(0), atMs: ago(minutes(6)).getTime() };
    expect(told.productIds).toEqual(["p1", "p2", "p3", "p4", "p5"]);
    for (const more of [3, 5, 7]) expect(isTopNews(told, top(more), now)).toBe(false);
    expect(top(9)).toContain("p9");
    expect(isTopNews(told, top(9), now)).toBe(true);
  });

  it("tells of another product among the five, not of another order, and at most every five minutes", () => {
    const told = { productIds: ["a", "b", "c", "d", "e"], atMs: ago(minutes(6)).getTime() };
    expect(isTopNews(told, ["e", "d", "c", "b", "a"], now)).toBe(false);
    expect(isTopNews(told, ["a", "b", "c", "d", "f"], now)).toBe(true);
    expect(isTopNews({ ...told, atMs: ago(minutes(4)).getTime() }, ["a", "b", "c", "d", "f"], now)).toBe(
      false,
    );
    expect(isTopNews(undefined, ["a"], now)).toBe(false);
    expect(isTopNews({ productIds: [], atMs: 0 }, ["a"], now)).toBe(true);
    expect(isTopNews(told, [], now)).toBe(false);
  });
});

describe("the risk that a cart is forgotten", () => {
  it("is low while the market's orders stay open, however long it was left, and high as they close", () => {
    expect(cartRisk(hours(24), hours(72))).toBeLessThan(0.3);
    expect(cartRisk(hours(24), hours(2))).toBeGreaterThan(0.7);
  });

  it("is low for a cart that is being filled, and none once it is too late", () => {
    expect(cartRisk(minutes(5), hours(1))).toBeLessThan(0.1);
    expect(cartRisk(hours(24), 0)).toBe(0);
    expect(cartRisk(hours(24), -1)).toBe(0);
  });

  it("rises with being left and falls with the time that there is", () => {
    const idle = [0, 1, 3, 6, 24, 240].map((n) => cartRisk(hours(n), hours(3)));
    expect(idle).toEqual([...idle].toSorted((a, b) => a - b));
    const ahead = [0.1, 1, 3, 6, 24, 240].map((n) => cartRisk(hours(12), hours(n)));
    expect(ahead).toEqual([...ahead].toSorted((a, b) => b - a));
    for (const risk of [...idle, ...ahead]) {
      expect(risk).toBeGreaterThanOrEqual(0);
      expect(risk).toBeLessThanOrEqual(1);
    }
  });
});
