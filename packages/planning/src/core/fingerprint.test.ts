import type { CalendarDay } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

const day = (text: string) => text as CalendarDay;
const history = { days: [day("2025-08-02"), day("2025-08-09")], sold: [null, 900], soldOut: [false, false] };
const coming = [day("2025-08-16")];

describe("the fingerprint of what a forecast follows from", () => {
  it("is the same for the same facts", () => {
    expect(fingerprintOf(structuredClone(history), [...coming])).toBe(fingerprintOf(history, coming));
    expect(fingerprintOf(history, coming)).toMatch(/^[\w-]{22}$/);
  });

  it("differs for another price or weather", () => {
    expect(fingerprintOf(history, coming, [490])).not.toBe(fingerprintOf(history, coming, [440]));
    expect(fingerprintOf(history, coming, [490])).toBe(fingerprintOf(history, coming, [490]));
  });

  it.each([
    ["another quantity", { ...history, sold: [null, 901] }, coming],
    ["a gap that was nothing sold", { ...history, sold: [0, 900] }, coming],
    ["a day that was sold out", { ...history, soldOut: [false, true] }, coming],
    ["a day more", { ...history, days: [...history.days, day("2025-08-16")] }, coming],
    ["another day to forecast", history, [day("2025-08-23")]],
  ])("differs for %s", (_, other, days) => {
    expect(fingerprintOf(other, days)).not.toBe(fingerprintOf(history, coming));
  });
});
