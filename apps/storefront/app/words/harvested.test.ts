import { expect, it } from "vitest";
import { harvestedWords } from "./harvested.ts";

it("tells the day of the last harvest at the market, and nothing of what was never harvested", () => {
  const evening = "2025-08-14T01:30:00.000Z";
  expect(harvestedWords(evening, "America/New_York")).toBe("Last harvest: Wednesday 13 August.");
  expect(harvestedWords(evening, "UTC")).toBe("Last harvest: Thursday 14 August.");
  expect(harvestedWords(undefined, "UTC")).toBeUndefined();
});
