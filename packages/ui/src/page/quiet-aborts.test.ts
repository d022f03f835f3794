import { expect, it } from "vitest";
import { quietAborts } from "./quiet-aborts.ts";

it("keeps from the console that a reading was broken off, and nothing else", () => {
  const told: unknown[][] = [];
  const on = { error: (...said: unknown[]) => void told.push(said) };
  quietAborts(on);
  const abort = new DOMException("signal is aborted without reason", "AbortError");
  on.error(abort);
  on.error("while reading", abort);
  on.error(new DOMException("too slow", "TimeoutError"));
  on.error(new Error("lost"), 1);
  expect(told.map(([first]) => String(first))).toEqual([
    "while reading",
    "TimeoutError: too slow",
    "Error: lost",
  ]);
});
