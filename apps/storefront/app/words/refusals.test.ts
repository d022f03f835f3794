import { describe, expect, it } from "vitest";
import { findRefusal, wordsFor } from "./refusals.ts";

class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;
  readonly details: Record<string, unknown>;
  constructor(code: string, details: Record<string, unknown> = {}) {
    super("for the log only");
    this.code = code;
    this.details = details;
  }
}

class TRPCError extends Error {
  override readonly name = "TRPCError";
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super("for the log only", { cause });
    this.code = code;
  }
}

describe("words for a refusal", () => {
  it("are those of the code, never the message of the log", () => {
    const refusal = findRefusal(
      new TRPCError("CONFLICT", new AppError("slot_full", { alternatives: ["10:00"] })),
    );
    expect(refusal?.text).toBe("This pickup time has just filled up. Please choose another one.");
    expect(refusal?.details).toEqual({ alternatives: ["10:00"] });
  });

  it("are found for input that did not parse", () => {
    expect(findRefusal(new TRPCError("BAD_REQUEST", new Error("zod")))?.code).toBe("input_invalid");
  });

  it("are not found for a bug", () => {
    expect(findRefusal(new TRPCError("INTERNAL_SERVER_ERROR", new Error("oops")))).toBeUndefined();
    expect(findRefusal(new AppError("invariant_failed"))).toBeUndefined();
    expect(findRefusal("text")).toBeUndefined();
  });

  it("are not found for a text that is no code", () => {
    expect(wordsFor("toString")).toBeUndefined();
    expect(wordsFor(null)).toBeUndefined();
    expect(wordsFor("sold_out")).toMatch(/not enough/);
  });
});
