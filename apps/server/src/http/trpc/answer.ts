import { getTRPCErrorFromUnknown, getTRPCErrorShape, type AnyRouter, type TRPCError } from "@trpc/server";
import { findAppError, toTrpcError, type RequestContext } from "@almanac/trpc";
import type { CallPlan } from "./calls.ts";

/** A call as it went: what it answered, or why not. */
export type CallOutcome = { readonly data: unknown } | { readonly error: TRPCError };

export interface CallFacts {
  readonly path: string;
  readonly input: unknown;
  readonly type: CallPlan["type"];
  readonly ctx: RequestContext | undefined;
}

/** Makes one call. Never rejects. */
export async function makeCall(
  { path, procedure }: CallPlan["calls"][number],
  {
    ctx,
    input,
    type,
    signal,
    batchIndex,
  }: Omit<CallFacts, "path"> & { signal: AbortSignal; batchIndex: number },
): Promise<CallOutcome> {
  try {
    const getRawInput = (): Promise<unknown> => Promise.resolve(input);
    return { data: await procedure({ path, getRawInput, ctx, type, signal, batchIndex } as never) };
  } catch (cause) {
    return { error: getTRPCErrorFromUnknown(cause) };
  }
}

/** A refusal that left a stream keeps its code, by which a client knows whether to try again. */
export function streamErrorOf(cause: unknown): TRPCError {
  const refusal = findAppError(cause);
  return refusal ? toTrpcError(refusal) : getTRPCErrorFromUnknown(cause);
}

interface ErrorShape {
  readonly data: { readonly httpStatus: number };
}

/** What a client reads of an error: the shape that our formatter gives it, which knows its HTTP status. */
export function errorShape(router: AnyRouter, error: TRPCError, facts: CallFacts): ErrorShape {
  const { path, input, type, ctx } = facts;
  return getTRPCErrorShape({ config: router._def._config, error, type, path, input, ctx });
}

export interface Answer {
  /** As tRPC's adapter has it: that of all calls when it is one, 207 when they differ. */
  readonly status: number;
  readonly body: string;
}

/** The answer as JSON; without a transformer, as our router has none. */
export function answerOf(
  router: AnyRouter,
  outcomes: readonly CallOutcome[],
  factsOf: (index: number) => CallFacts,
  isBatch: boolean,
): Answer {
  const statuses = new Set<number>();
  const answers = outcomes.map((outcome, index) => {
    if (!("error" in outcome)) {
      statuses.add(200);
      return { result: { data: outcome.data } };
    }
    const error = errorShape(router, outcome.error, factsOf(index));
    statuses.add(error.data.httpStatus);
    return { error };
  });
  const [only = 200] = statuses;
  const body = JSON.stringify(isBatch ? answers : answers[0]);
  return { status: statuses.size > 1 ? 207 : only, body };
}
