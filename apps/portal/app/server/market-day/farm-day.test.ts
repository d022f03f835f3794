import { describe, expect, it } from "vitest";
import { dayFilterOf, filterSlots, type SlotView } from "./farm-day.ts";

describe("filterSlots", () => {
  const order = (number: string, name: string, isCollected: boolean) => ({
    id: number as SlotView["orders"][number]["id"],
    number,
    name,
    isCollected,
    isReady: false,
    collectedAt: "",
    canUndo: false,
    subtotal: "4.90",
    toWeigh: 0,
    lines: [],
  });
  const slot: SlotView = {
    id: "slot" as SlotView["id"],
    market: "Riverside",
    from: "08:00",
    to: "09:00",
    collected: 1,
    ordered: 2,
    orders: [order("A-1042", "Maya", true), order("A-2000", "Bo", false)],
  };
  const found = (address: string) =>
    filterSlots([slot], dayFilterOf(new URL(address, "http://localhost"))).flatMap((one) =>
      one.orders.map(({ number }) => number),
    );

  it("finds an order by its number or by a name, in any case", () => {
    expect([found("/?q=1042"), found("/?q=bo"), found("/?q=nobody")]).toEqual([["A-1042"], ["A-2000"], []]);
  });

  it("leaves out what is handed over, when asked", () => {
    expect(found("/?show=open")).toEqual(["A-2000"]);
  });
});
