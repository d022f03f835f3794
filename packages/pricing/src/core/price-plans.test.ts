import { describe, expect, it } from "vitest";
import { overlap, planTimes, promotionPrice, promotionWords, stepDue } from "./price-plans.ts";

const newYork = "America/New_York";
const at = (text: string) => new Date(text);

describe("when a planned price holds", () => {
  it("is from midnight to midnight at the market, its last day included", () => {
    expect(planTimes({ fromDay: "2025-08-16", toDay: "2025-08-17" }, "2025-08-13", newYork)).toEqual({
      startsAt: at("2025-08-16T04:00:00Z"),
      endsAt: at("2025-08-18T04:00:00Z"),
    });
    expect(planTimes({ fromDay: "2025-08-16", toDay: null }, "2025-08-13", "Pacific/Auckland")).toEqual({
      startsAt: at("2025-08-15T12:00:00Z"),
      endsAt: null,
    });
  });

  it("is 23 and 25 hours on the days on which the clock is changed", () => {
    const hoursOf = (day: string): number => {
      const { startsAt, endsAt } = planTimes({ fromDay: day, toDay: day }, "2025-01-01", newYork);
      return (endsAt!.getTime() - startsAt.getTime()) / 3_600_000;
    };
    expect(["2025-03-09", "2025-08-16", "2025-11-02"].map(hoursOf)).toEqual([23, 24, 25]);
  });

  it.each([
    ["days that are over", { fromDay: "2025-08-12", toDay: null }],
    ["an end before the beginning", { fromDay: "2025-08-16", toDay: "2025-08-15" }],
    ["more than a year ahead", { fromDay: "2026-09-01", toDay: null }],
    ["more than a year", { fromDay: "2025-08-16", toDay: "2026-09-01" }],
  ])("is not %s", (_, days) => {
    expect(() => planTimes(days, "2025-08-13", newYork)).toThrow(
      expect.objectContaining({ code: "input_invalid" }),
    );
  });
});

describe("two planned prices", () => {
  const days = (from: number, to: number | null) => ({
    startsAt: new Date(86_400_000 * from),
    endsAt: to === null ? null : new Date(86_400_000 * to),
  });

  it.each([
    ["share days", days(1, 4), days(3, 5), true],
    ["follow each other", days(1, 4), days(4, 5), false],
    ["where one stays, and begins within the other's days", days(2, null), days(1, 4), true],
    ["where one stays, and begins before the other", days(0, null), days(1, 4), false],
    ["where one stays, and begins as the other ends", days(4, null), days(1, 4), false],
    ["that both stay from another day on", days(1, null), days(2, null), false],
    ["that both stay from the same day on", days(1, null), days(1, null), true],
  ])("%s: in each other's way or not", (_, one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });
});

describe("a promotion", () => {
  it("costs for one of them what its share is, never a cent more than it says", () => {
    expect(promotionPrice({ units: 2, totalCents: 900 })).toBe(450);
    expect(promotionPrice({ units: 3, totalCents: 1_000 })).toBe(333);
    expect(promotionWords({ units: 2, totalCents: 900 })).toBe("2 for 9.00");
  });
});

describe("what is due of a plan", () => {
  const plan = { startsAt: at("2025-08-16T04:00:00Z"), endsAt: at("2025-08-17T04:00:00Z") };
  const due = (status: "planned" | "running", now: string) => stepDue({ ...plan, status }, at(now));

  it("is its start at that very moment or late, its end, and nothing in between", () => {
    expect(due("planned", "2025-08-16T03:59:59Z")).toBe("nothing");
    expect(due("planned", "2025-08-16T04:00:00Z")).toBe("start");
    expect(due("planned", "2025-08-16T22:00:00Z")).toBe("start");
    expect(due("running", "2025-08-16T22:00:00Z")).toBe("nothing");
    expect(due("running", "2025-08-17T04:00:00Z")).toBe("end");
  });

  it("is missed where all of its days went by without anybody there", () => {
    expect(due("planned", "2025-08-17T04:00:00Z")).toBe("miss");
    expect(stepDue({ ...plan, endsAt: null, status: "planned" }, at("2025-09-17T04:00:00Z"))).toBe("start");
  });
});
