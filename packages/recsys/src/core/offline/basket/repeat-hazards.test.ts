import { describe, expect, it } from "vitest";
import type { Basket, BasketLog } from "../baskets.ts";
import { hazardColumnCount, hazardColumns, readHazardsByScale, readRepeatHazards } from "./repeat-hazards.ts";
import { basketWaits, chancesIn, dayWaits, stageOf } from "./waits.ts";

/** Baskets of one user, `days` apart. */
function history(baskets: number[][], days: number, user = 0): Basket[] {
  return baskets.map((items, order) => ({ user, order, day: days * order, items }));
}

function logOf(...byUser: Basket[][]): BasketLog {
  return { itemCount: 3, byUser };
}

describe("a wait since the last purchase", () => {
  it("is in the stage that it has reached", () => {
    expect([1, 2, 3, 4, 5, 32, 33, 900].map((wait) => stageOf(basketWaits, wait))).toEqual([
      0, 1, 2, 2, 3, 5, 6, 6,
    ]);
    expect([0, 0.5, 7, 121].map((wait) => stageOf(dayWaits, wait))).toEqual([0, 0, 4, 11]);
  });

  it("gives each later basket as a chance to one stage only, up to the one in which it was bought again", () => {
    const past = history(
      Array.from({ length: 60 }, () => [0]),
      2.5,
    );
    for (const scale of [basketWaits, dayWaits])
      for (const end of [10, 40, 59]) {
        const chances = scale.from.map((_, stage) => chancesIn(scale, past, 3, end, stage));
        expect(chances.reduce((a, b) => a + b, 0)).toBe(end - 3);
        for (let at = 4; at <= end; at++) chances[stageOf(scale, scale.between(past, 3, at, NaN))]!--;
        expect(new Set(chances)).toEqual(new Set([0]));
      }
  });
});

describe("the hazard of a repeat", () => {
  const everyThird = history(
    Array.from({ length: 300 }, (_, at) => (at % 3 === 0 ? [0, 1] : [1])),
    7,
  );

  it("is high where an item is due and low before", () => {
    const hazards = readRepeatHazards(logOf(everyThird), basketWaits);
    const due = stageOf(basketWaits, 3);
    expect(hazards.ofItem(0, due)).toBeGreaterThan(0.9);
    expect(hazards.ofItem(0, stageOf(basketWaits, 1))).toBeLessThan(0.2);
    expect(hazards.ofItem(1, stageOf(basketWaits, 1))).toBeGreaterThan(0.9);
  });

  it("is the mean of the stage for an item and a user that nothing is known of", () => {
    const hazards = readRepeatHazards(logOf(everyThird), basketWaits);
    // 299 of 299 chances of item 1 and none of 100 of item 0 after one basket.
    expect(hazards.ofItem(2, 0)).toBeCloseTo(299 / 399);
    expect(hazards.ofUser(-1, 0)).toBeCloseTo(299 / 399);
  });

  it("counts what is never bought again as chances that were not taken", () => {
    const once = logOf(history([[0], [1], [1], [1]], 7));
    expect(readRepeatHazards(once, basketWaits).ofItem(0, 0)).toBeLessThan(
      readRepeatHazards(once, basketWaits).ofItem(1, 0),
    );
  });

  it("is a user's own where the user has bought the item often", () => {
    const weekly = history(
      Array.from({ length: 40 }, () => [0]),
      7,
      1,
    );
    const hazards = readHazardsByScale(logOf(everyThird, weekly));
    const asked = { user: 1, past: weekly, day: 280 };
    const [item, , own, itemByDays, ownByDays] = hazardColumns(hazards, asked, 0, [...weekly.keys()]);
    expect(own).toBeGreaterThan(item!);
    expect(own).toBeGreaterThan(0.9);
    expect(ownByDays).toBeGreaterThan(itemByDays!);
  });

  it("is not known of what was never bought, nor by days without dates", () => {
    const hazards = readHazardsByScale(logOf(everyThird));
    const asked = { user: 0, past: everyThird, day: NaN };
    expect(hazardColumns(hazards, asked, 2, [])).toEqual(
      Array.from({ length: hazardColumnCount }, () => NaN),
    );
    const undated = hazardColumns(hazards, asked, 0, [0, 3]);
    expect(undated.map(Number.isNaN)).toEqual([false, false, false, true, true]);
  });
});
