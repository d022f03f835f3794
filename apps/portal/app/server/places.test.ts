import { describe, expect, it } from "vitest";
import { dayAt, dayInWords, localInput, momentAt, timeAt } from "./dates.ts";
import { dayFilterOf, filterSlots, type SlotView } from "./farm-day.ts";
import { safeNext, signInFirst } from "./person.ts";

describe("safeNext", () => {
  it.each(["/farms/hollow-oak/orders?day=2025-08-16", "/admin/people"])("follows %s", (next) => {
    expect(safeNext(next)).toBe(next);
  });
  it.each([
    null,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/a\r\nset-cookie: b",
    "javascript:1",
  ])("leads %j to the front page", (next) => {
    expect(safeNext(next)).toBe("/");
  });
});

describe("signInFirst", () => {
  it("leads to a page of its own, and from there back to where one was, a space in the address included", () => {
    const asked = new Request("http://almanac.example/portal/farms/hollow-oak/products?q=red+beans");
    const to = new URL(signInFirst(asked).headers.get("Location")!, asked.url);
    expect(to.pathname).toBe("/sign-in");
    expect(safeNext(to.searchParams.get("next"))).toBe("/farms/hollow-oak/products?q=red+beans");
  });
});

describe("times of a market", () => {
  const closes = "2025-08-15T00:00:00.000Z";
  const zone = "America/New_York";

  it("are those of its wall clock", () => {
    expect([timeAt(closes, zone), dayAt(closes, zone), localInput(closes, zone)]).toEqual([
      "20:00",
      "2025-08-14",
      "2025-08-14T20:00",
    ]);
  });

  it("name the year only when it is another", () => {
    expect(momentAt(closes, zone, new Date("2025-08-13T13:00:00Z"))).toBe("Thu 14 Aug, 20:00");
    expect(momentAt(closes, zone, new Date("2026-08-13T13:00:00Z"))).toBe("Thu 14 Aug 2025, 20:00");
    expect(dayInWords("2025-08-16", new Date("2025-08-13T13:00:00Z"))).toBe("Saturday 16 August");
  });
});

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
