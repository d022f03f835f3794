import { hours, type CalendarDay, type MarketId, type ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { absentDays, absentOf, isLongGone, type Absence } from "./absences.ts";
import { dayKey, demandHistories, type DaySales } from "./demand-history.ts";

const strawberry = "strawberry" as ProductId;
const riverside = "riverside" as MarketId;
const day = (text: string) => text as CalendarDay;
const ms = (text: string) => Date.parse(`${text}Z`);

/** Saturdays, ordered for until Thursday at noon. */
const saturdays = (from: string, count: number) =>
  Array.from({ length: count }, (_, week) => {
    const at = Date.parse(`${from}T00:00:00Z`) + week * hours(7 * 24);
    return {
      marketId: riverside,
      day: day(new Date(at).toISOString().slice(0, 10)),
      closesAt: new Date(at - hours(36)),
    };
  });
const june = saturdays("2025-06-07", 4);
const endOf = (one: { day: CalendarDay }) => ms(`${one.day}T00:00`) + hours(24);
const sale = (on: string, soldBase: number, walkedBase = 0): DaySales => ({
  productId: strawberry,
  marketId: riverside,
  day: day(on),
  soldBase,
  walkedBase,
  soldOut: false,
});
const sold = [sale("2025-06-07", 900), sale("2025-06-28", 700)];
const absent = (absences: readonly Absence[], sales: readonly DaySales[] = sold) =>
  [...absentDays(june, sales, { absences: new Map([[strawberry, absences]]), endOf })].map((key) =>
    key.slice(-10),
  );
const historyOf = (absences: readonly Absence[]) =>
  demandHistories(
    [{ productId: strawberry, listedOn: day("2025-01-01") }],
    june,
    sold,
    absentDays(june, sold, { absences: new Map([[strawberry, absences]]), endOf }),
  )[0]!;

describe("market days without anything to sell", () => {
  const frost = { from: ms("2025-06-07T14:00"), until: ms("2025-06-12T12:00") };

  it("are not known, where days on which nobody wanted it are 0", () => {
    expect(historyOf([]).sold).toEqual([900, 0, 0, 700]);
    // The week of the fourteenth froze; on the Saturday after it, it lay there and nobody took it.
    expect(historyOf([frost]).sold).toEqual([900, null, 0, 700]);
  });

  it("are those on which it was gone from twelve hours before ordering closed until then", () => {
    expect(absent([frost])).toEqual(["2025-06-14"]);
    expect(absent([{ ...frost, from: ms("2025-06-12T00:01") }])).toEqual([]);
    expect(absent([{ ...frost, until: ms("2025-06-12T11:59") }])).toEqual([]);
    expect(absent([{ ...frost, until: Infinity }])).toEqual(["2025-06-14", "2025-06-21"]);
  });

  it("are found through counts of nothing in the midst of them", () => {
    const counted = ms("2025-06-12T06:00");
    expect(
      absent([
        { ...frost, until: counted },
        { ...frost, from: counted },
      ]),
    ).toEqual(["2025-06-14"]);
  });

  it("last until the market is over where it is sold to walk-ins", () => {
    const atStall = [sale("2025-06-07", 900, 800), sale("2025-06-28", 700, 700)];
    expect(absent([frost], atStall)).toEqual([]);
    expect(absent([{ ...frost, until: ms("2025-06-15T00:00") }], atStall)).toEqual(["2025-06-14"]);
  });

  it("are not told by a ledger that began after the first sale", () => {
    const before = { from: -Infinity, until: ms("2025-06-20T00:00") };
    expect(absent([before])).toEqual([]);
    expect(absent([before], [sale("2025-06-28", 700)])).toEqual(["2025-06-07", "2025-06-14", "2025-06-21"]);
  });
});

describe("a product of which nothing was sold at a market", () => {
  it("was absent there when it was gone, if it is offered there", () => {
    const gone = { from: ms("2025-06-10T00:00"), until: ms("2025-06-18T00:00") };
    const presence = { absences: new Map([[strawberry, [gone]]]), endOf };
    const offered = [{ productId: strawberry, marketId: riverside }];
    expect([...absentDays(june, [], presence)]).toEqual([]);
    expect([...absentDays(june, [], { ...presence, offered })]).toEqual([
      dayKey(strawberry, riverside, "2025-06-14"),
    ]);
  });
});

describe("a product that is long gone", () => {
  const year = saturdays("2024-06-08", 60);
  const days = year.map((one) => one.day);
  const inSeason = (on: CalendarDay) => on.slice(5) >= "06-01" && on.slice(5) <= "07-10";
  const history = (until: string) => {
    const known = days.filter((on) => on <= until);
    return { days: known, sold: known.map((on) => (inSeason(on) ? 500 : null)) };
  };
  const isGone = (on: CalendarDay) => !inSeason(on);
  const gone = (until: string, coming: string, isThere = false) =>
    isLongGone(history(until), isGone, { isThere, coming: [day(coming)] });

  it("has been gone for eight market days, and was not sold round that time a year before", () => {
    expect(gone("2024-08-24", "2024-08-31")).toBe(false);
    expect(gone("2024-08-31", "2024-09-07")).toBe(true);
    expect(gone("2025-03-01", "2025-03-08")).toBe(true);
  });

  it("is none when it is back in stock, or when its season is near", () => {
    expect(gone("2025-03-01", "2025-03-08", true)).toBe(false);
    expect(gone("2025-05-10", "2025-05-17")).toBe(true);
    expect(gone("2025-05-17", "2025-05-24")).toBe(false);
  });

  it("is none of a stall that has hardly begun", () => {
    const young = { days: days.slice(0, 7), sold: days.slice(0, 7).map(() => null) };
    expect(isLongGone(young, () => true, { isThere: false, coming: [day("2024-07-27")] })).toBe(false);
  });

  it("asks of its own days alone", () => {
    const keys = absentDays(june, sold, {
      absences: new Map([[strawberry, [{ from: 0, until: Infinity }]]]),
      endOf,
    });
    expect(absentOf(keys, strawberry, riverside)(day("2025-06-14"))).toBe(true);
    expect(absentOf(keys, "kale" as ProductId, riverside)(day("2025-06-14"))).toBe(false);
  });
});
