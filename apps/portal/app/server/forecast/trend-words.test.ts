import { expect, it } from "vitest";
import { weekRows } from "./trend-words.ts";

it("tells the weeks behind a line by their Mondays, the latest first", () => {
  // A Saturday; its Monday is five days before, in another month than the one three weeks earlier.
  expect(weekRows({ weeks: [1_240, null, 0, 860], lastDay: "2025-08-09", baseUnit: "g" })).toEqual([
    { week: "4 Aug 2025", sold: "860 g" },
    { week: "28 Jul 2025", sold: "0 g" },
    { week: "21 Jul 2025", sold: "not for sale" },
    { week: "14 Jul 2025", sold: "1.2 kg" },
  ]);
  const [sunday] = weekRows({ weeks: [1], lastDay: "2025-08-10", baseUnit: "piece" });
  expect(weekRows({ weeks: [], lastDay: null, baseUnit: "g" })).toEqual([]);
  expect(sunday).toEqual({ week: "4 Aug 2025", sold: "1 piece" });
});
