import { expect, it } from "vitest";
import { promiseView } from "./promise-words.ts";

const days = [
  { on: "2026-06-01", supplyGrams: 20, promisedGrams: 5, availableGrams: 15 },
  { on: "2026-06-14", supplyGrams: 70, promisedGrams: 5, availableGrams: 65 },
];
const told = {
  kind: "told",
  days,
  toCome: { grams: 80, lower: 50, upper: 128 },
  weather: "missing",
  pastSowings: 0,
  shelfLifeDays: null,
} as const;

it("tells by date what is there nine times in ten and what may be promised of it, and that weather is missing", () => {
  const view = promiseView(told, "piece")!;
  expect(view.lead).toContain("about 80 pieces, in four of five cases 50 pieces to 128 pieces");
  expect(view.rows).toEqual([
    { on: "2026-06-01", day: "Mon 1 Jun", there: "20 pieces", free: "15 pieces" },
    { on: "2026-06-14", day: "Sun 14 Jun", there: "70 pieces", free: "65 pieces" },
  ]);
  expect(view.note).toBe(
    "You have not said how long it keeps, so all is taken to keep. Nothing was brought in yet from an earlier sowing, so the yield is the book’s. The weather is not known, so it is left out.",
  );
  expect(promiseView({ ...told, pastSowings: 3, weather: "used", shelfLifeDays: 6 }, "piece")!.note).toBe(
    "Nothing counts for longer than the 6 days that it keeps. The yield follows 3 earlier sowings of yours. The weather is in it.",
  );
});

it("tells nothing where nothing is sown, or it is not known how the crop grows", () => {
  expect(promiseView({ ...told, days: days.slice(0, 1) }, "g")).toBeUndefined();
  expect(promiseView({ kind: "crop-unknown" }, "g")).toBeUndefined();
});
