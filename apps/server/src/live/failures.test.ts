import { TRPCError } from "@trpc/server";
import { AppError } from "@almanac/kernel";
import { expect, it } from "vitest";
import { levelOfFailure } from "./failures.ts";

const failure = (cause: Error): TRPCError => new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause });

it("what failed on a socket is told of loudly where it is ours, and a session that ended is not", () => {
  expect(levelOfFailure(failure(new Error("no such column")))).toBe("error");
  expect(levelOfFailure(failure(new AppError("invariant_failed", "Two rows of one key.")))).toBe("error");
  expect(levelOfFailure(failure(new AppError("sign_in_required", "The session has ended.")))).toBeUndefined();
  expect(levelOfFailure(new TRPCError({ code: "NOT_FOUND" }))).toBeUndefined();
  const tooLarge = Object.assign(new RangeError("Max payload size exceeded"), {
    code: "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
  });
  expect(levelOfFailure(failure(tooLarge))).toBe("debug");
});
