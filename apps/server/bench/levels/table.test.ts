import { expect, test } from "vitest";
import { changesSince, levelTable, type Figure } from "./table.ts";

const search: Figure = {
  id: "search",
  what: "a search",
  by: "p95",
  goal: { value: 100, unit: "ms", is: "at most" },
  value: 12.34,
  beside: { p50: 4 },
};
const events: Figure = {
  id: "events",
  what: "events accepted",
  by: "rate",
  goal: { value: 20_000, unit: "a second", is: "at least" },
  value: 15_200.4,
};

test("each promise stands beside what was measured, and says whether it is kept", () => {
  expect(levelTable([search, events]).split("\n").slice(2)).toEqual([
    "| a search | p95 at most 100 ms | p50 4.00, **p95 12.3** | yes |",
    "| events accepted | rate at least 20,000 a second | **rate 15,200** | **missed** |",
  ]);
});

test("slower and fewer are both worse than before", () => {
  const before = [
    { ...search, value: 10 },
    { ...events, value: 19_000.5 },
  ];
  const [slower, fewer] = changesSince(before, [search, events]);
  expect(slower?.worseBy).toBeCloseTo(0.234, 6);
  expect(fewer?.worseBy).toBeCloseTo(0.2, 6);
});

test("what only one of two runs measured is not compared", () => {
  expect(changesSince([search], [events])).toEqual([]);
});
