import { TRPCClientError, type Operation, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "./app-router.ts";

export interface RetryOptions {
  /** How often a call is made at most, the first time included. */
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly firstDelayMs: number;
  /** A number in [0, 1): spreads clients that failed together. */
  readonly random: () => number;
}

/** Longest wait that a server can ask for; beyond it the refusal is handed to the caller. */
const longestWaitMs = 10_000;

/**
 * Makes a call again that changes nothing and failed for want of a network or a ready server. Mutations are never
 * repeated here: only their caller knows whether they carry an idempotency key.
 */
export function retrySafeCalls({ attempts, firstDelayMs, random }: RetryOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let current = { unsubscribe() {} };
        let timer: ReturnType<typeof setTimeout> | undefined;
        let giveUp = (): void => {};
        const onAbort = (): void => giveUp();
        op.signal?.addEventListener("abort", onAbort);

        const attempt = (count: number): void => {
          current = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error(error) {
              const backoffMs = firstDelayMs * 2 ** (count - 1) * (0.5 + random() / 2);
              const waitMs = Math.max(backoffMs, askedWaitMs(error));
              if (count >= attempts || waitMs > longestWaitMs || !mayRepeat(op, error)) {
                observer.error(error);
                return;
              }
              giveUp = () => {
                clearTimeout(timer);
                observer.error(error);
              };
              timer = setTimeout(() => {
                giveUp = () => {};
                attempt(count + 1);
              }, waitMs);
            },
          });
        };
        attempt(1);
        return () => {
          op.signal?.removeEventListener("abort", onAbort);
          clearTimeout(timer);
          current.unsubscribe();
        };
      });
}

function mayRepeat(op: Operation, error: TRPCClientError<AppRouter>): boolean {
  if (op.type !== "query" || op.signal?.aborted) return false;
  // Without data the answer never came, or was not one of ours: a proxy's page, a broken connection.
  return error.data?.retryable ?? true;
}

function askedWaitMs(error: TRPCClientError<AppRouter>): number {
  const asked = error.data?.details["retryAfterSeconds"];
  return typeof asked === "number" ? asked * 1_000 : 0;
}
