import { describe, expect, it } from "vitest";
import { monthInWords, monthLater, weeksOf } from "./growing-words.ts";

describe("a month on a page", () => {
  it("is whole weeks from Monday on, with the days around it", () => {
    const weeks = weeksOf("2026-11");
    expect(weeks).toHaveLength(6);
    expect(weeks[0]!.map(({ number, inMonth }) => (inMonth ? number : 0))).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(weeks.at(-1)![0]).toEqual({ day: "2026-11-30", number: 30, inMonth: true });
    expect(weeksOf("2027-02")).toHaveLength(4);
  });

  it("is followed by the next, over New Year", () => {
    expect(monthLater("2026-12", 1)).toBe("2027-01");
    expect(monthLater("2026-01", -1)).toBe("2025-12");
    expect(monthInWords("2026-11")).toBe("November 2026");
  });
});
