import { expect, it } from "vitest";
import { isNoConnection } from "./no-connection.ts";

it("tells a missing network from a fault of ours, by the words of each browser", () => {
  for (const words of [
    "Failed to fetch",
    "NetworkError when attempting to fetch resource.",
    "Load failed",
    "network error",
  ])
    expect(isNoConnection(new TypeError(words))).toBe(true);
  expect(isNoConnection(new TypeError("undefined is not a function"))).toBe(false);
  expect(isNoConnection(new Error("Failed to fetch"))).toBe(false);
  expect(isNoConnection({ status: 500 })).toBe(false);
});
