import { describe, expect, it } from "vitest";
import { referenceCrop } from "../crops.ts";
import { plantingPromise, type PlantedBed, type PlantingPromiseQuestion } from "./planting-promise.ts";

const lettuce = referenceCrop("lettuce")!;
const today = "2026-06-01"; // a Monday
/** 100 seeds, of which 80 come up and give a head each. */
const coming: PlantedBed = {
  id: "a",
  harvestFrom: "2026-06-08",
  harvestTo: "2026-06-14",
  seeds: 100,
  bedMetres: 10,
};
const ask = (change: Partial<PlantingPromiseQuestion> = {}) =>
  plantingPromise({
    crop: lettuce,
    plantings: [coming],
    harvested: [],
    today,
    onHandBase: 20,
    reservedBase: 5,
    ...change,
  });

describe("what may be promised of a product that is sown", () => {
  it("is stock less what is held until it is picked, and then with what the book says, less what is not sure", () => {
    const { days, toCome, pastSowings, weather } = ask();
    expect(days.map(({ on }) => on)).toEqual([today, "2026-06-14"]);
    expect(days[0]).toMatchObject({ supplyGrams: 20, promisedGrams: 5, availableGrams: 15 });
    expect(toCome.grams).toBeCloseTo(80, 6);
    // With nine in ten it is fewer than the eighty that are expected, and more than none.
    expect(days[1]!.availableGrams).toBeGreaterThan(15 + 20);
    expect(days[1]!.availableGrams).toBeLessThan(15 + 80);
    expect({ pastSowings, weather }).toEqual({ pastSowings: 0, weather: "missing" });
  });

  it("moves to what earlier sowings gave, and is surer the more there were", () => {
    const gone = (n: number): PlantedBed => ({
      ...coming,
      id: `gone ${n}`,
      harvestFrom: `2025-0${n}-01`,
      harvestTo: `2025-0${n}-07`,
    });
    const plantings = [coming, ...[4, 5, 6, 7, 8, 9].map(gone)];
    const harvested = [4, 5, 6, 7, 8, 9].map((n) => ({ on: `2025-0${n}-03`, base: 40 }));
    const poor = ask({ plantings, harvested });
    expect(poor.pastSowings).toBe(6);
    expect(poor.toCome.grams).toBeLessThan(50);
    expect(poor.toCome.upper / poor.toCome.grams).toBeLessThan(ask().toCome.upper / 80);
  });

  it("counts a day's harvest for the sowings that were picked then, by their metres", () => {
    const larger = {
      ...coming,
      id: "b",
      harvestFrom: "2026-05-25",
      harvestTo: "2026-06-07",
      bedMetres: 30,
      seeds: 300,
    };
    const both = { ...coming, harvestFrom: "2026-05-25", harvestTo: "2026-06-07" };
    const before = ask({ plantings: [both, larger] }).toCome.grams;
    const after = ask({ plantings: [both, larger], harvested: [{ on: "2026-05-27", base: 40 }] }).toCome
      .grams;
    expect(before - after).toBeCloseTo(40, 6);
    // All of what the book expects of the smaller one is a quarter of 400 heads.
    const all = ask({ plantings: [both, larger], harvested: [{ on: "2026-05-27", base: 10_000 }] });
    expect(all.toCome.grams).toBe(0);
    expect(all.days.at(-1)!.availableGrams).toBe(15);
  });

  it("counts nothing that does not keep until then: neither today's stock nor an earlier week's harvest", () => {
    const later = { ...coming, id: "later", harvestFrom: "2026-06-22", harvestTo: "2026-06-28" };
    const plantings = [coming, later];
    const there = (shelfLifeDays?: number) =>
      ask({ plantings, ...(shelfLifeDays && { shelfLifeDays }) }).days.map(({ supplyGrams }) => supplyGrams);
    const [now, first, second] = there(7) as [number, number, number];
    expect(now).toBe(20);
    expect(first).toBeCloseTo(second, 6);
    expect(there(14)[1]).toBeCloseTo(first + 20, 6);
    // All keeps where nobody has said how long: more than both weeks alone, as they are not good and bad altogether together.
    expect(there()[2]).toBeGreaterThan(20 + first + second);
    // What is held of stock that is gone by then is owed of it, and not of what comes.
    expect(ask({ plantings, shelfLifeDays: 7 }).days[1]).toMatchObject({ promisedGrams: 0 });
  });

  it("is nothing ahead where nothing is sown", () => {
    expect(ask({ plantings: [] })).toMatchObject({
      days: [{ on: today, availableGrams: 15 }],
      toCome: { grams: 0 },
      weather: "missing",
    });
  });
});
