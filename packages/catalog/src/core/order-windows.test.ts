import { describe, expect, it } from "vitest";
import {
  acceptsOrder,
  chooseWindow,
  planOrderWindow,
  rhythmOf,
  upcomingMarketDays,
  windowState,
  type WindowTimes,
} from "./order-windows.ts";

const newYork = "America/New_York";
const window = (opensAt: string, closesAt: string, marketDay = "2025-08-16"): WindowTimes => ({
  marketDay,
  opensAt: new Date(opensAt),
  closesAt: new Date(closesAt),
  isCancelled: false,
});
const august = window("2025-08-10T12:00:00Z", "2025-08-15T00:00:00Z");

describe("an order window", () => {
  it.each([
    ["2025-08-10T11:59:59.999Z", "upcoming"],
    ["2025-08-10T12:00:00Z", "open"],
    ["2025-08-14T23:59:59.999Z", "open"],
    ["2025-08-15T00:00:00Z", "closed"],
  ] as const)("at %s is %s", (at, state) => {
    expect(windowState(august, new Date(at))).toBe(state);
  });

  it("stays cancelled at any time", () => {
    expect(windowState({ ...august, isCancelled: true }, new Date("2025-08-12T00:00:00Z"))).toBe("cancelled");
  });

  it("lets a checkout begun a second before the close finish, and refuses one begun a second after", () => {
    const close = august.closesAt.getTime();
    expect(acceptsOrder(august, new Date(close - 1_000), new Date(close + 60_000))).toBe(true);
    expect(acceptsOrder(august, new Date(close + 1_000), new Date(close + 1_000))).toBe(false);
  });

  it("gives a started checkout 15 minutes, not 16", () => {
    const close = august.closesAt.getTime();
    expect(acceptsOrder(august, new Date(close - 1), new Date(close + 15 * 60_000 - 1))).toBe(true);
    expect(acceptsOrder(august, new Date(close - 1), new Date(close + 15 * 60_000))).toBe(false);
  });
});

describe("the window to order in", () => {
  const now = new Date("2025-08-12T00:00:00Z");
  const nextWeek = window("2025-08-11T12:00:00Z", "2025-08-22T00:00:00Z", "2025-08-23");
  const later = window("2025-08-17T12:00:00Z", "2025-08-22T00:00:00Z", "2025-08-24");

  it("is the open one that closes first", () => {
    expect(chooseWindow([later, nextWeek, august], now)).toBe(august);
  });

  it("is an open one rather than a coming one that closes earlier", () => {
    const short = window("2025-08-13T00:00:00Z", "2025-08-14T00:00:00Z", "2025-08-15");
    expect(chooseWindow([short, nextWeek], now)).toBe(nextWeek);
  });

  it("is the next to open when all are closed", () => {
    expect(chooseWindow([later], now)).toBe(later);
  });

  it("is none when all are cancelled or past", () => {
    expect(chooseWindow([{ ...nextWeek, isCancelled: true }], now)).toBeUndefined();
    expect(chooseWindow([august], new Date("2025-09-01T00:00:00Z"))).toBeUndefined();
  });
});

describe("planning a window", () => {
  it("closes on Thursday at 20:00 of the market's wall clock", () => {
    expect(planOrderWindow("2025-08-16", newYork).closesAt.toISOString()).toBe("2025-08-15T00:00:00.000Z");
  });

  it("closes at the same hour of the wall clock in winter, an hour later in UTC", () => {
    expect(planOrderWindow("2025-11-15", newYork).closesAt.toISOString()).toBe("2025-11-14T01:00:00.000Z");
  });

  it("keeps its hours over the change to summer time on 9 March 2025", () => {
    const { opensAt, closesAt } = planOrderWindow("2025-03-15", newYork, {
      opensDaysBefore: 7,
      opensAt: "08:00",
      closesDaysBefore: 2,
      closesAt: "20:00",
    });
    expect(opensAt.toISOString()).toBe("2025-03-08T13:00:00.000Z");
    expect(closesAt.toISOString()).toBe("2025-03-14T00:00:00.000Z");
  });

  it.each(["2025-03-15", "2025-08-16", "2025-11-08"])(
    "finds its rhythm again from the window of %s",
    (day) => {
      const planned = planOrderWindow(day, newYork);
      expect(planOrderWindow(day, newYork, rhythmOf(planned, newYork))).toEqual(planned);
    },
  );
});

describe("upcoming market days", () => {
  it("begin today when today is one, by the market's own calendar", () => {
    // 03:30 UTC on Sunday is still Saturday night in New York, and already Sunday afternoon in Auckland.
    const at = new Date("2025-08-17T03:30:00Z");
    expect(upcomingMarketDays(6, newYork, at, 2)).toEqual(["2025-08-16", "2025-08-23"]);
    expect(upcomingMarketDays(6, "Pacific/Auckland", at, 1)).toEqual(["2025-08-23"]);
  });
});
