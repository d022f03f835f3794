import type { TRPCError } from "@trpc/server";
import { wireErrorOf } from "@almanac/trpc";

/**
 * How loudly the log tells of what failed on a socket: `undefined` for a refusal, such as that of a subscription whose session has
 * ended, which its reader is told.
 */
export function levelOfFailure(error: TRPCError): "debug" | "error" | undefined {
  if (wireErrorOf(error).category !== "internal") return undefined;
  // A message that is no proper one of the protocol, or too large, closes the socket; the sender is told.
  return isOfProtocol(error.cause) ? "debug" : "error";
}

const isOfProtocol = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("WS_ERR_");
