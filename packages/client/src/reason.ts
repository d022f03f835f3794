import { TRPCClientError } from "@trpc/client";
import type { AlmanacError } from "./error-type.ts";

type WireData = NonNullable<AlmanacError["data"]>;

/** Why the server refused: one of the codes of docs/errors.md. */
export type Reason = WireData["reason"];

/** Whether a call failed because the server said so, or could not be reached. */
export function isAlmanacError(error: unknown): error is AlmanacError {
  return error instanceof TRPCClientError;
}

/**
 * The code of a refusal, such as `sold_out` or `farm_not_found`.
 *
 * @returns `undefined` for anything else: a lost connection, an aborted call, a bug
 */
export function reasonOf(error: unknown): Reason | undefined {
  return isAlmanacError(error) ? (error.data?.reason ?? undefined) : undefined;
}

/** Facts of a refusal, such as `alternatives` of `slot_full`; empty when there are none. */
export function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  return isAlmanacError(error) ? (error.data?.details ?? {}) : {};
}

/** One sentence for a developer or a log; people are told in the words of the page. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
