import { describe, expect, it } from "vitest";
import {
  bookingWords,
  classWords,
  howGood,
  modelWords,
  noForecastWords,
  rangeWords,
  summaryOf,
} from "./forecast-words.ts";

const now = new Date("2025-08-13T13:00:00Z");

describe("a forecast in words", () => {
  it("has no digits that nobody can know, and says what is ordered", () => {
    const expected = { marketDay: "2025-08-16", p10: 13_512, p50: 13_512, p90: 15_838, orderedBase: 13_500 };
    expect(summaryOf(expected, "g", now)).toMatch(
      /^Saturday 16 August.*: likely 13.5 kg, 8 of 10 times between 13.5 kg and 15.8 kg; 13.5 kg ordered already\.$/,
    );
    const half = { marketDay: "2025-08-16", p10: 1_000, p50: 2_500, p90: 4_000, orderedBase: 0 };
    expect(summaryOf(half, "g", now)).toMatch(/: likely 2.5 kg, 8 of 10 times between 1 kg and 4 kg\.$/);
    expect(rangeWords({ p10: 1_800, p90: 1_810 }, "g")).toBe("no more than that in 9 of 10 cases");
  });

  it("says why there is none, and at which market", () => {
    expect(noForecastWords("too-new", "Riverside")).toEqual({
      title: "No forecast yet",
      why: "It needs four market days at Riverside on which there was some to sell.",
    });
    expect(noForecastWords("no-day", "Riverside")).toEqual({
      title: "No forecast",
      why: "No market day at Riverside is to come that takes place.",
    });
  });

  it("tells what is usually ordered by now, where that is known", () => {
    expect(bookingWords({ usuallyOrdered: null, orderedBase: 500 })).toEqual([]);
    expect(bookingWords({ usuallyOrdered: 0.412, orderedBase: 500 })).toEqual([
      "Orders so far: by this time 41\u00a0% of a market day is usually ordered",
    ]);
    expect(bookingWords({ usuallyOrdered: 0.412, orderedBase: 0 })[0]).toMatch(/; nothing is ordered yet$/);
  });

  it("says how far off it was, and promises accuracy only for what sells regularly", () => {
    const judged = {
      days: 8,
      offBase: 4_120,
      soldBase: 10_300,
      biasBase: 1_030,
      demandClass: "regular" as const,
    };
    expect(howGood({ judged, accuracy: 0.6, baseUnit: "g" })).toBe(
      "Over the last 8 market days its forecasts were off by 4.1 kg a day, of 10.3 kg sold a day: 60\u00a0% right, counting all that was off. On the whole they were 10\u00a0% too high.",
    );
    expect(
      howGood({ judged: { ...judged, demandClass: "intermittent" }, accuracy: null, baseUnit: "g" }),
    ).toContain("no accuracy is promised");
    expect(howGood({ judged: { ...judged, days: 4 }, accuracy: null, baseUnit: "g" })).toContain(
      "too few days",
    );
    expect(howGood({ judged: null, accuracy: null, baseUnit: "g" })).toMatch(/^Not known yet/);
  });

  it("tells how good forecasts are by how products sell", () => {
    const regular = { products: 7, days: 56, wape: 0.4, bias: 0.01, accuracy: 0.6 };
    const intermittent = { products: 1, days: 8, wape: 0.92, bias: -0.2, accuracy: null };
    expect(classWords({ regular, intermittent, unknown: 2 })).toEqual([
      "Sells regularly, 7 products: 60\u00a0% right over the last eight market days, counting every kilo and piece that was off. On the whole they were neither too high nor too low.",
      "Sells now and then, 1 product: off by 92\u00a0% of what was sold. Nothing is promised. On the whole they were 20\u00a0% too low.",
      "Too new or never sold, 2 products: no forecast.",
    ]);
    expect(
      classWords({
        regular: { ...regular, accuracy: null },
        intermittent: { ...intermittent, products: 0 },
        unknown: 0,
      }),
    ).toEqual(["Sells regularly, 7 products: not known yet, it takes eight market days."]);
  });

  it("names the models", () => {
    expect(modelWords({ model: "theta+seasonal-naive", daysLearned: 104 })).toBe(
      "Learned from 104 market days by 2 models together: Theta; the same week of last year.",
    );
  });
});
