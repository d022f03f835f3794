import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId, type PickupSlotId, type ProductId, type VariantId } from "@almanac/kernel";
import { basketSignature, cartAfterPurchase, mergeCartLines } from "./cart-lines.ts";
import { formatOrderNumber, normaliseOrderNumber } from "./order-number.ts";
import { placesLeft, slotAlternatives, type SlotLoad } from "./slots.ts";
import { findShortages, replayStock, weighingEntries, wholeUnits } from "./stock.ts";
import { editRefusal } from "./windows.ts";

const variants = Array.from({ length: 4 }, () => newId<VariantId>());
const [tomato, basil] = [newId<ProductId>(), newId<ProductId>()];

describe("an order number", () => {
  it.each([
    [1, "A-10000"],
    [235, "A-10234"],
    [90_000, "A-99999"],
    [90_001, "B-10000"],
    [26 * 90_000, "Z-99999"],
    [26 * 90_000 + 1, "AA-10000"],
  ])("writes %d as %s", (sequence, text) => {
    expect(formatOrderNumber(sequence)).toBe(text);
  });

  it("is never given twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: 5_000_000 }), (a, b) => {
        expect(formatOrderNumber(a) === formatOrderNumber(b)).toBe(a === b);
      }),
    );
  });

  it("is read as people type it, and nothing else is", () => {
    expect(normaliseOrderNumber(" a-10234 ")).toBe("A-10234");
    for (const text of ["A10234", "A-1023", "10234", "A-00001", ""])
      expect(normaliseOrderNumber(text)).toBeUndefined();
  });
});

describe("merging carts", () => {
  const anyCart = fc.uniqueArray(
    fc.record({ variantId: fc.constantFrom(...variants), quantity: fc.integer({ min: 1, max: 99 }) }),
    { selector: (line) => line.variantId },
  );

  it("sums the quantities of one variant and keeps no line twice", () => {
    fc.assert(
      fc.property(anyCart, anyCart, (into, from) => {
        const merged = mergeCartLines(into, from);
        expect(new Set(merged.map((line) => line.variantId)).size).toBe(merged.length);
        const count = (lines: typeof merged) => lines.reduce((sum, line) => sum + line.quantity, 0);
        expect(count(merged)).toBe(count(into) + count(from));
      }),
    );
  });

  it("leaves in the cart what was added while the rest was bought", () => {
    const cart = [
      { variantId: variants[0]!, quantity: 3 },
      { variantId: variants[1]!, quantity: 1 },
    ];
    expect(cartAfterPurchase(cart, [{ variantId: variants[0]!, quantity: 2 }])).toEqual([
      { variantId: variants[0], quantity: 1 },
      { variantId: variants[1], quantity: 1 },
    ]);
    expect(cartAfterPurchase(cart, cart)).toEqual([]);
  });

  it("signs a basket the same in any order of its lines", () => {
    fc.assert(
      fc.property(anyCart, (lines) => {
        expect(basketSignature(lines)).toBe(basketSignature(lines.toReversed()));
      }),
    );
  });
});

describe("covering a basket from stock", () => {
  it("counts two lines of one product together, so that a bundle cannot oversell", () => {
    const lines = [
      { variantId: variants[0]!, productId: tomato, quantity: 1, unitQuantityBase: 750 },
      { variantId: variants[1]!, productId: tomato, quantity: 1, unitQuantityBase: 750 },
    ];
    expect(findShortages(lines, new Map([[tomato, 1000]]))).toEqual([
      { variantId: variants[1], productId: tomato, requestedQuantity: 1, availableQuantity: 0 },
    ]);
    expect(findShortages(lines, new Map([[tomato, 1500]]))).toEqual([]);
  });

  it("sells 0.25 kg of 0.5 kg", () => {
    const line = { variantId: variants[0]!, productId: tomato, quantity: 1, unitQuantityBase: 250 };
    expect(findShortages([line], new Map([[tomato, 500]]))).toEqual([]);
  });

  it("tells how many whole units could still be had", () => {
    const line = { variantId: variants[2]!, productId: basil, quantity: 5, unitQuantityBase: 1 };
    expect(findShortages([line], new Map([[basil, 3]]))[0]).toMatchObject({
      requestedQuantity: 5,
      availableQuantity: 3,
    });
    expect(wholeUnits(1499, 750)).toBe(1);
    expect(wholeUnits(-5, 750)).toBe(0);
  });

  it("never covers more than there is", () => {
    const anyLines = fc.array(
      fc.record({
        variantId: fc.constantFrom(...variants),
        productId: fc.constantFrom(tomato, basil),
        quantity: fc.integer({ min: 1, max: 9 }),
        unitQuantityBase: fc.integer({ min: 1, max: 900 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(anyLines, fc.nat(3000), (lines, stock) => {
        const short = new Set(findShortages(lines, new Map([[tomato, stock]])).map((shortage) => shortage));
        expect(short.size).toBeLessThanOrEqual(lines.length);
        const unique = lines.filter(
          (line, i) => lines.findIndex((other) => other.variantId === line.variantId) === i,
        );
        const shortIds = new Set(
          findShortages(unique, new Map([[tomato, stock]])).map((shortage) => shortage.variantId),
        );
        const taken = unique
          .filter((line) => line.productId === tomato && !shortIds.has(line.variantId))
          .reduce((sum, line) => sum + line.quantity * line.unitQuantityBase, 0);
        expect(taken).toBeLessThanOrEqual(stock);
        expect(unique.every((line) => line.productId === tomato || shortIds.has(line.variantId))).toBe(true);
      }),
    );
  });

  it("replays a ledger and notices one that went below zero", () => {
    expect(replayStock([{ deltaBase: 500 }, { deltaBase: -250 }])).toBe(250);
    expect(() => replayStock([{ deltaBase: 5 }, { deltaBase: -6 }, { deltaBase: 9 }])).toThrow("below zero");
  });
});

describe("the stock of a weighed line", () => {
  it("follows the scale", () => {
    expect(weighingEntries(1500, 1515, { onHandBase: 100, reservedBase: 0 })).toEqual({
      foundBase: 0,
      weighingBase: -15,
    });
    expect(weighingEntries(1500, 1480, { onHandBase: 0, reservedBase: 0 })).toEqual({
      foundBase: 0,
      weighingBase: 20,
    });
  });

  it("never takes what is promised to others, but finds it first", () => {
    const anyLevel = fc.tuple(fc.nat(500), fc.nat(500)).map(([free, reservedBase]) => ({
      onHandBase: free + reservedBase,
      reservedBase,
    }));
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), anyLevel, (sold, weighed, level) => {
        const { foundBase, weighingBase } = weighingEntries(sold, weighed, level);
        expect(foundBase).toBeGreaterThanOrEqual(0);
        expect(level.onHandBase + foundBase + weighingBase).toBeGreaterThanOrEqual(level.reservedBase);
      }),
    );
  });
});

describe("the cut-off", () => {
  const closesAt = new Date("2025-08-15T00:00:00Z");
  const secondsPast = (n: number) => new Date(closesAt.getTime() + n * 1000);

  it("lets an order be changed until then, unless it is packed, collected or cancelled", () => {
    const order = { status: "placed" as const, closesAt, hasWeighedLine: false };
    expect(editRefusal(order, new Date(closesAt.getTime() - 1))).toBeUndefined();
    expect(editRefusal(order, closesAt)).toBe("cut_off_passed");
    expect(editRefusal({ ...order, hasWeighedLine: true }, secondsPast(-1))).toBe("packing_began");
    expect(editRefusal({ ...order, status: "cancelled" }, secondsPast(-1))).toBe("cancelled");
    expect(editRefusal({ ...order, status: "collected" }, secondsPast(-1))).toBe("collected");
    expect(editRefusal({ ...order, closesAt: null }, secondsPast(-1))).toBe("no_window");
  });
});

describe("a pickup slot", () => {
  const at = (hour: number) => new Date(Date.UTC(2025, 7, 16, hour));
  const slot = (hour: number, orders: number, holds = 0): SlotLoad => ({
    id: newId<PickupSlotId>(),
    startsAt: at(hour),
    endsAt: at(hour + 1),
    capacityOrders: 40,
    orders,
    holds,
  });

  it("counts orders and checkouts under way, and never less than nothing", () => {
    expect(placesLeft(slot(8, 38, 1))).toBe(1);
    expect(placesLeft(slot(8, 39, 1))).toBe(0);
    expect(placesLeft(slot(8, 45))).toBe(0);
  });

  it("offers the nearest ones with a place left, the earlier one first", () => {
    const slots = [slot(8, 0), slot(9, 40), slot(10, 0), slot(11, 39, 1), slot(12, 0)];
    const hours = slotAlternatives(slots, slots[3]!.id).map((other) => other.startsAt.getUTCHours());
    expect(hours).toEqual([10, 12, 8]);
  });
});
