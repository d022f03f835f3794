export { silentLogger } from "./context.ts";
export type { Logger, RequestContext } from "./context.ts";
export {
  categoryTable,
  findAppError,
  loggableError,
  publicMessageOf,
  toTrpcError,
  wireErrorOf,
} from "./errors.ts";
export type { WireError } from "./errors.ts";
export {
  cursorInput,
  dayInput,
  idInput,
  limitInput,
  momentInput,
  seqCursorInput,
  textInput,
} from "./inputs.ts";
export { inputIssues } from "./issues.ts";
export type { InputIssue } from "./issues.ts";
export { createRateLimiter, limitsPerMinute, unlimited } from "./limits.ts";
export type { LimitClass, RateLimiter } from "./limits.ts";
export {
  createCallerFactory,
  declaredRights,
  farmProcedure,
  marketProcedure,
  mergeRouters,
  procedure,
  router,
  shopProcedure,
} from "./procedures.ts";
export type { ProcedureMeta } from "./procedures.ts";
export { anonymousCaller, denialOf, grantableRights, isOperator, rights } from "./rights.ts";
export type { Caller, Denial, Right, Role } from "./rights.ts";
export { runProcedure } from "./run-procedure.ts";
export type { ProcedureCall } from "./run-procedure.ts";
export { assertSound, isSound } from "./sound-input.ts";
export { assertSteppedUp, stepUpMs } from "./step-up.ts";
