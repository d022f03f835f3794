import { expect, it, vi } from "vitest";
import { isHeldBack, isNoConnection } from "./no-connection.ts";

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

it("keeps a form that is sent without a network from everybody, and lets it pass with one", () => {
  const event = { preventDefault: vi.fn(), stopPropagation: vi.fn() };
  expect(isHeldBack(event, { onLine: true })).toBe(false);
  expect(event.preventDefault).not.toHaveBeenCalled();
  expect(event.stopPropagation).not.toHaveBeenCalled();
  expect(isHeldBack(event, { onLine: false })).toBe(true);
  expect(event.preventDefault).toHaveBeenCalledOnce();
  expect(event.stopPropagation).toHaveBeenCalledOnce();
});
