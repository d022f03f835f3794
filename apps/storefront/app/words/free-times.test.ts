import { expect, it } from "vitest";
import { freeTimes } from "./free-times.ts";

it("reads the free times of a full slot, and nothing from other facts", () => {
  const startsAt = "2025-08-16T14:00:00.000Z";
  expect(freeTimes({ alternatives: [{ startsAt }, { id: "x" }, null] })).toEqual([startsAt]);
  expect(freeTimes({ lines: [] })).toEqual([]);
  expect(freeTimes()).toEqual([]);
});
