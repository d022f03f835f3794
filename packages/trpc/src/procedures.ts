import { getTRPCErrorFromUnknown, initTRPC, type TRPCError } from "@trpc/server";
import { AppError, type FarmId, type MarketId } from "@almanac/kernel";
import type { RequestContext } from "./context.ts";
import {
  categoryTable,
  findAppError,
  loggableError,
  publicMessageOf,
  toTrpcError,
  wireErrorOf,
} from "./errors.ts";
import { idInput } from "./inputs.ts";
import type { LimitClass } from "./limits.ts";
import { assertSteppedUp } from "./step-up.ts";
import { hasFarm, hasMarket } from "./store-places.ts";
import { denialOf, isOperator, type Right } from "./rights.ts";
import { assertSound } from "./sound-input.ts";
import { z } from "zod";

export interface ProcedureMeta {
  readonly right: Right;
  readonly limit: LimitClass;
  /** Asks for the password again when it was last given more than ten minutes ago. */
  readonly stepUp?: boolean;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      return {
        ...shape,
        message: publicMessageOf(error),
        data: {
          code: shape.data.code,
          httpStatus: categoryTable[wireErrorOf(error).category].http,
          path: shape.data.path,
          requestId: ctx?.requestId,
          ...wireErrorOf(error),
        },
      };
    },
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  });

export const { router, mergeRouters, createCallerFactory } = t;

/** Throws AppError when this caller may not make this call, or not now. */
async function assertAllowed(ctx: RequestContext, { right, limit, stepUp }: ProcedureMeta): Promise<void> {
  const denial = denialOf(ctx.caller, right);
  if (denial === "sign_in_required") throw new AppError(denial, "Sign in to do this.");
  if (denial) throw new AppError(denial, `This needs the right "${right}".`, { details: { right } });
  const { caller } = ctx;
  const retryAfterMs = await ctx.limiter.take(limit, caller.userId ?? caller.shopperId ?? ctx.ip);
  if (retryAfterMs !== undefined) {
    const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
    ctx.responseHeaders?.set("retry-after", String(retryAfterSeconds));
    throw new AppError("too_many_requests", `Too many calls; try again in ${retryAfterSeconds} s.`, {
      details: { retryAfterSeconds },
    });
  }
  if (stepUp) await assertSteppedUp(ctx);
}

/**
 * Rights, limits and the soundness of the input before a call, the translation of what was thrown after it. One middleware
 * for both, as each one adds to the cost of every call.
 */
const guard = (meta: ProcedureMeta) =>
  t.middleware(async ({ next, ctx, path, getRawInput }) => {
    const startedAt = performance.now();
    const report = (error: TRPCError): void => {
      const { category, reason } = wireErrorOf(error);
      const facts = { path, reason, requestId: ctx.requestId, ms: Math.round(performance.now() - startedAt) };
      if (category === "internal")
        ctx.log.error({ ...facts, err: loggableError(error.cause ?? error) }, "a procedure failed");
      else {
        // Why a part is away is not told to callers.
        const why = category === "unavailable" ? findAppError(error)?.cause : undefined;
        const told = why === undefined ? facts : { ...facts, err: loggableError(why) };
        ctx.log[categoryTable[category].level](told, "a procedure refused");
      }
    };
    try {
      await assertAllowed(ctx, meta);
      assertSound(await getRawInput());
    } catch (cause) {
      const denied = findAppError(cause);
      const error = denied ? toTrpcError(denied) : getTRPCErrorFromUnknown(cause);
      report(error);
      throw error;
    }
    const result = await next();
    if (result.ok) return result;
    report(result.error);
    const refusal = findAppError(result.error.cause);
    if (refusal) throw toTrpcError(refusal);
    return result;
  });

/** The only way to make a procedure: it has to name the right that it asks for. */
export function procedure(
  right: Right,
  { limit = "read", stepUp }: { limit?: LimitClass; stepUp?: boolean } = {},
) {
  const meta: ProcedureMeta = { right, limit, ...(stepUp && { stepUp }) };
  return t.procedure.meta(meta).use(guard(meta));
}

/** For shoppers who change something: `ctx.shopperId` is there, also for a first-time visitor. */
export const shopProcedure = procedure("shop", { limit: "write" }).use(async ({ ctx, next }) =>
  next({ ctx: { shopperId: await ctx.ensureShopper() } }),
);

/** For members of `input.farmId`, and operators where there is such a farm. To anybody else it does not exist. */
export function farmProcedure(right: "farm.read" | "farm.write", { limit }: { limit?: LimitClass } = {}) {
  return procedure(right, { limit: limit ?? (right === "farm.read" ? "read" : "write") })
    .input(z.object({ farmId: idInput<FarmId>() }))
    .use(async ({ ctx, input: { farmId }, next }) => {
      const { caller, db } = ctx;
      if (!(isOperator(caller) ? await hasFarm(db, farmId) : caller.farmIds.includes(farmId))) {
        throw new AppError("farm_not_found", "There is no such farm.");
      }
      return next({ ctx: { farmId } });
    });
}

/** For managers of `input.marketId`, and operators where there is such a market. To anybody else it does not exist. */
export const marketProcedure = procedure("market.manage", { limit: "write" })
  .input(z.object({ marketId: idInput<MarketId>() }))
  .use(async ({ ctx, input: { marketId }, next }) => {
    const { caller, db } = ctx;
    if (!(isOperator(caller) ? await hasMarket(db, marketId) : caller.marketIds.includes(marketId))) {
      throw new AppError("market_not_found", "There is no such market.");
    }
    return next({ ctx: { marketId } });
  });

interface RouterLike {
  readonly _def: { readonly procedures: Record<string, unknown> };
}

/**
 * The right and the limit of every procedure, by path.
 *
 * @throws Error naming the procedures that declare no right: such a router must not be served
 */
export function declaredRights(appRouter: RouterLike): ReadonlyMap<string, ProcedureMeta> {
  const declared = new Map<string, ProcedureMeta>();
  const undeclared: string[] = [];
  for (const [path, candidate] of Object.entries(appRouter._def.procedures)) {
    const meta = (candidate as { _def?: { meta?: ProcedureMeta } })._def?.meta;
    if (meta?.right) declared.set(path, meta);
    else undeclared.push(path);
  }
  if (undeclared.length > 0) throw new Error(`These procedures declare no right: ${undeclared.join(", ")}`);
  return declared;
}
