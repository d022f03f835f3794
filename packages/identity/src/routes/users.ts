import type { FarmId, MarketId, UserId } from "@almanac/kernel";
import { idInput, procedure, router, seqCursorInput, textInput, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { listAudit } from "../audit.ts";
import {
  addFarmMember,
  addMarketManager,
  grantRole,
  listUsers,
  removeFarmMember,
  removeMarketManager,
  revokeRole,
  type Act,
} from "../roles.ts";
import { assertInPerson, userIdOf } from "./person.ts";

const userInput = z.object({ userId: idInput<UserId>() });
const roleInput = userInput.extend({ role: z.enum(["operator", "analyst"]) });
const farmInput = userInput.extend({ farmId: idInput<FarmId>() });
const marketInput = userInput.extend({ marketId: idInput<MarketId>() });

/** Power is given and taken by an operator who has just proved who they are; neither a leaked key nor an open screen can. */
const powerProcedure = procedure("operate.write", { limit: "write", stepUp: true }).use(({ ctx, next }) => {
  assertInPerson(ctx.caller);
  return next({ ctx: { act: { actorUserId: userIdOf(ctx.caller), clock: ctx.clock } satisfies Act } });
});

export function usersRouter() {
  return router({
    list: procedure("operate.read")
      .input(
        z
          .object({ query: textInput({ max: 100 }).optional(), cursor: idInput<UserId>().optional() })
          .default({}),
      )
      .query(({ ctx, input }) => listUsers(ctx.db, { ...input, limit: 50 })),
    grant: powerProcedure
      .input(roleInput)
      .mutation(({ ctx, input }) => done(ctx, (tx) => grantRole(tx, input, ctx.act))),
    revoke: powerProcedure
      .input(roleInput)
      .mutation(({ ctx, input }) => done(ctx, (tx) => revokeRole(tx, input, ctx.act))),
    addFarmMember: powerProcedure
      .input(farmInput.extend({ role: z.enum(["owner", "staff"]).default("staff") }))
      .mutation(({ ctx, input }) => done(ctx, (tx) => addFarmMember(tx, input, ctx.act))),
    removeFarmMember: powerProcedure
      .input(farmInput)
      .mutation(({ ctx, input }) => done(ctx, (tx) => removeFarmMember(tx, input, ctx.act))),
    addMarketManager: powerProcedure
      .input(marketInput)
      .mutation(({ ctx, input }) => done(ctx, (tx) => addMarketManager(tx, input, ctx.act))),
    removeMarketManager: powerProcedure
      .input(marketInput)
      .mutation(({ ctx, input }) => done(ctx, (tx) => removeMarketManager(tx, input, ctx.act))),
  });
}

export function auditRouter() {
  return router({
    list: procedure("operate.read")
      .input(z.object({ cursor: seqCursorInput }).default({}))
      .query(({ ctx, input }) => listAudit(ctx.db, 100, input.cursor)),
  });
}

type Work = Parameters<RequestContext["handle"]["transaction"]>[0];

async function done(ctx: Pick<RequestContext, "handle">, work: Work): Promise<{ done: true }> {
  await ctx.handle.transaction(work);
  return { done: true };
}
