import { AppError, errorCategories, type ErrorCode } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { findRefusal, statusOf, wordsFor } from "./refusals.ts";

/** As the router wraps it: another class of the same name, below a cause. */
const wrapped = (cause: Error): Error => new Error("wrapped", { cause });

describe("findRefusal", () => {
  it("finds a refusal below causes by its name and code", () => {
    const refusal = findRefusal(
      wrapped(wrapped(new AppError("slot_in_use", "in use", { details: { orders: 3 } }))),
    );
    expect(refusal).toMatchObject({ code: "slot_in_use", details: { orders: 3 } });
  });

  it("gives the problem to the field that the refusal names", () => {
    const error = new AppError("input_invalid", "A market opens before it closes.", {
      details: { field: "closesAt" },
    });
    expect(findRefusal(error)?.problems).toEqual({ closesAt: "A market opens before it closes." });
  });

  it("reads the issues of a schema by field, as sentences", () => {
    const schemaError = Object.assign(new Error("[]"), {
      issues: [{ path: ["marketDay"], message: "must be a day" }],
    });
    expect(findRefusal(wrapped(schemaError))?.problems).toEqual({ marketDay: "Must be a day." });
  });

  it("leaves a failure a failure", () => {
    expect(findRefusal(new TypeError("undefined is not a function"))).toBeUndefined();
    expect(findRefusal("thrown text")).toBeUndefined();
  });
});

describe("wordsFor", () => {
  it("says when an order was handed over before", () => {
    const error = new AppError("already_collected", "", {
      details: { number: "A-1042", collectedAt: "2025-08-16T12:05:00.000Z" },
    });
    const refusal = findRefusal(error);
    expect(refusal && wordsFor(refusal)).toBe("Order A-1042 was handed over already (12:05 UTC).");
  });

  it("has a sentence and a status for every code", () => {
    for (const code of Object.keys(errorCategories) as ErrorCode[]) {
      const refusal = findRefusal(new AppError(code, "What the product said."));
      expect(refusal && wordsFor(refusal), code).toMatch(/[.?]$/);
      expect(statusOf(code), code).toBeGreaterThanOrEqual(400);
    }
  });
});
