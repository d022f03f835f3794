import { describe, expect, it } from "vitest";
import { armOf, placeOf } from "./arms.ts";

const units = Array.from({ length: 4_000 }, (_, at) => `shopper-${at}`);
const challengers = (percent: number, seed = "model/churn"): Set<string> =>
  new Set(units.filter((unit) => armOf(unit, { seed, percent }) === "challenger"));

describe("the arms of a rollout", () => {
  it("give nobody the challenger at 0 and everybody at 100", () => {
    expect(challengers(0).size).toBe(0);
    expect(challengers(100).size).toBe(units.length);
  });

  it("keep the 5 % inside the 25 %, those inside the 50 %, and those inside all", () => {
    const [five, quarter, half] = [challengers(5), challengers(25), challengers(50)];
    expect([...five].every((unit) => quarter.has(unit))).toBe(true);
    expect([...quarter].every((unit) => half.has(unit))).toBe(true);
    expect(five.size).toBeGreaterThan(0);
  });

  it.each([5, 25, 50])("deal about %i of a hundred", (percent) => {
    // Four standard deviations of a binomial of 4,000.
    const spread = 4 * Math.sqrt((percent / 100) * (1 - percent / 100) * units.length);
    expect(Math.abs(challengers(percent).size - (percent / 100) * units.length)).toBeLessThan(spread);
  });

  it("are others under another seed, and the same at every call", () => {
    const [one, other] = [challengers(50), challengers(50, "model/lifetime")];
    const shared = [...one].filter((unit) => other.has(unit)).length;
    expect(shared / units.length).toBeGreaterThan(0.2);
    expect(shared / units.length).toBeLessThan(0.3);
    expect(placeOf("maya", "model/churn")).toBe(placeOf("maya", "model/churn"));
  });
});
