import type { ServerResponse } from "node:http";
import { newId, type AppError } from "@almanac/kernel";
import { categoryTable, findAppError, loggableError, type Logger } from "@almanac/trpc";
import { BodyTooLargeError } from "./web-bridge.ts";

/** Answers with a refusal in the envelope of the routes that are no procedures. @param startedAt by `performance.now()` */
export function answerRefusal(
  outgoing: ServerResponse,
  { category, code, message }: AppError,
  startedAt = performance.now(),
): void {
  answer(outgoing, categoryTable[category].http, { code, message }, startedAt);
}

/** Answers for a handler that threw; when it had begun to answer, the connection ends. */
export function answerFailure(
  outgoing: ServerResponse,
  error: unknown,
  log: Pick<Logger, "error">,
  startedAt = performance.now(),
): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  if (error instanceof BodyTooLargeError) {
    answer(outgoing, 413, { code: "input_invalid", message: "The body is too large." }, startedAt);
    return;
  }
  const refusal = findAppError(error);
  if (refusal) {
    answerRefusal(outgoing, refusal, startedAt);
    return;
  }
  log.error({ err: loggableError(error) }, "a handler failed");
  answer(
    outgoing,
    500,
    { code: "invariant_failed", message: "Something went wrong on our side." },
    startedAt,
  );
}

function answer(
  outgoing: ServerResponse,
  status: number,
  error: { code: string; message: string },
  startedAt: number,
): void {
  const processingTime = Math.round((performance.now() - startedAt) * 100) / 100;
  const requestId = newId();
  outgoing.statusCode = status;
  outgoing.setHeader("content-type", "application/json");
  outgoing.end(JSON.stringify({ success: false, error, meta: { processingTime, requestId } }));
}
