import { TRPCError } from "@trpc/server";
import { AppError, type ErrorCategory, type ErrorCode } from "@almanac/kernel";
import { ZodError } from "zod";
import { inputIssues } from "./issues.ts";

type TrpcCode = TRPCError["code"];

/** How a refusal travels: its tRPC code, its HTTP status, how loud the log is, whether trying again can help. */
export const categoryTable = {
  invalid: { trpc: "BAD_REQUEST", http: 400, level: "debug", retryable: false },
  unauthenticated: { trpc: "UNAUTHORIZED", http: 401, level: "debug", retryable: false },
  forbidden: { trpc: "FORBIDDEN", http: 403, level: "info", retryable: false },
  not_found: { trpc: "NOT_FOUND", http: 404, level: "debug", retryable: false },
  conflict: { trpc: "CONFLICT", http: 409, level: "debug", retryable: false },
  limited: { trpc: "TOO_MANY_REQUESTS", http: 429, level: "info", retryable: true },
  unavailable: { trpc: "SERVICE_UNAVAILABLE", http: 503, level: "warn", retryable: true },
  internal: { trpc: "INTERNAL_SERVER_ERROR", http: 500, level: "error", retryable: false },
} as const satisfies Record<
  ErrorCategory,
  { trpc: TrpcCode; http: number; level: "debug" | "info" | "warn" | "error"; retryable: boolean }
>;

/** What a client finds in `error.data`, beside tRPC's own `code` and `httpStatus`. */
export interface WireError {
  readonly reason: ErrorCode;
  readonly category: ErrorCategory;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
}

/** The refusal at the bottom of a chain of causes: libraries wrap what their callbacks throw. */
export function findAppError(error: unknown): AppError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof AppError) return at;
  }
  return undefined;
}

/**
 * What may go into a log of an unexpected error. The message of drizzle's own error holds the statement's parameters, which
 * can be a person's data: its cause says the same without them.
 */
export function loggableError(error: unknown): unknown {
  const isStatement = error instanceof Error && error.message.startsWith("Failed query:");
  return isStatement && error.cause !== undefined ? loggableError(error.cause) : error;
}

/** The refusal inside an error that left a procedure; anything unknown is a bug of ours and says nothing to outsiders. */
export function wireErrorOf(error: TRPCError): WireError {
  const { cause } = error;
  const refusal = findAppError(cause);
  if (refusal) {
    const { retryable } = categoryTable[refusal.category];
    return { reason: refusal.code, category: refusal.category, details: refusal.details, retryable };
  }
  if (cause instanceof ZodError) {
    const details = { issues: inputIssues(cause) };
    return { reason: "input_invalid", category: "invalid", details, retryable: false };
  }
  if (error.code === "NOT_FOUND" || error.code === "METHOD_NOT_SUPPORTED") {
    return { reason: "not_found", category: "not_found", details: {}, retryable: false };
  }
  if (error.code !== "INTERNAL_SERVER_ERROR") {
    return { reason: "input_invalid", category: "invalid", details: {}, retryable: false };
  }
  return { reason: "invariant_failed", category: "internal", details: {}, retryable: false };
}

/** One sentence that is safe to show to the caller's developer. */
export function publicMessageOf(error: TRPCError): string {
  const { reason, details } = wireErrorOf(error);
  const refusal = findAppError(error.cause);
  if (refusal) return refusal.message;
  if (reason === "input_invalid" && Array.isArray(details["issues"])) {
    const [first] = details["issues"] as { path: string; message: string }[];
    return first ? `${first.path || "input"}: ${first.message}` : "The input is not valid.";
  }
  if (reason === "invariant_failed") return "Something went wrong on our side.";
  return error.message;
}

export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: categoryTable[error.category].trpc, message: error.message, cause: error });
}
