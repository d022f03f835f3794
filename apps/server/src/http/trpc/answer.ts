import { getTRPCErrorFromUnknown, getTRPCErrorShape, type AnyRouter, type TRPCError } from "@trpc/server";
import {
  findAppError,
  runProcedure,
  toTrpcError,
  type ProcedureCall,
  type RequestContext,
} from "@almanac/trpc";
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
  procedure: CallPlan["calls"][number]["procedure"],
  call: ProcedureCall,
): Promise<CallOutcome> {
  try {
    return { data: await runProcedure(procedure, call) };
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
  let status = 0;
  const answers = outcomes.map((outcome, index) => {
    const error = "error" in outcome ? errorShape(router, outcome.error, factsOf(index)) : undefined;
    const own = error?.data.httpStatus ?? 200;
    status = status === 0 || status === own ? own : 207;
    return error ? { error } : { result: outcome };
  });
  return { status, body: JSON.stringify(isBatch ? answers : answers[0]) };
}
