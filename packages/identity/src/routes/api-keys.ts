import { AppError } from "@almanac/kernel";
import {
  assertSteppedUp,
  grantableRights,
  isOperator,
  momentInput,
  procedure,
  rights,
  router,
  textInput,
} from "@almanac/trpc";
import { z } from "zod";
import { createApiKey, listApiKeys, revokeApiKey } from "../api-keys.ts";
import { assertInPerson, userIdOf } from "./person.ts";

export interface ApiKeysDeps {
  /** Cryptographic randomness; the platform's own unless a test says otherwise. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

export function apiKeysRouter({ randomBytes = secureRandomBytes }: ApiKeysDeps) {
  return router({
    /** My keys; an operator may ask for everybody's. */
    list: procedure("account")
      .input(z.object({ everybody: z.boolean().default(false) }).default({ everybody: false }))
      .query(async ({ ctx, input }) => {
        if (input.everybody && !isOperator(ctx.caller))
          throw new AppError("right_missing", "Only operators may see all keys.");
        const keys = await listApiKeys(ctx.db, input.everybody ? undefined : userIdOf(ctx.caller));
        return { keys, grantable: grantableRights(ctx.caller) };
      }),

    /** Makes a key with some of my own rights. The key is in this answer and nowhere else. */
    create: procedure("account", { limit: "write" })
      .input(
        z.object({
          name: textInput({ min: 1, max: 80 }),
          scopes: z.array(z.enum(rights)).min(1).max(rights.length),
          expiresAt: momentInput.optional(),
        }),
      )
      .mutation(async ({ ctx, input }) => {
        assertInPerson(ctx.caller);
        const grantable = grantableRights(ctx.caller);
        const beyond = input.scopes.filter((scope) => scope !== "public" && !grantable.includes(scope));
        if (beyond.length > 0) {
          throw new AppError("right_missing", "A key cannot do more than its owner.", {
            details: { scopes: beyond },
          });
        }
        // Such a key is an operator's right without a password.
        if (input.scopes.some((scope) => scope.startsWith("operate."))) await assertSteppedUp(ctx);
        const { clock } = ctx;
        if (input.expiresAt && input.expiresAt <= clock.now()) {
          throw new AppError("input_invalid", "The key would have run out already.");
        }
        const userId = userIdOf(ctx.caller);
        return ctx.handle.transaction((tx) =>
          createApiKey(tx, { ...input, userId }, { clock, randomBytes: randomBytes(32) }),
        );
      }),

    /** Stops one of my keys; an operator may stop anybody's. */
    revoke: procedure("account", { limit: "write" })
      .input(z.object({ id: z.uuid() }))
      .mutation(async ({ ctx, input }) => {
        assertInPerson(ctx.caller);
        const actorUserId = userIdOf(ctx.caller);
        const ownerId = isOperator(ctx.caller) ? undefined : actorUserId;
        await ctx.handle.transaction((tx) =>
          revokeApiKey(tx, { id: input.id, ownerId }, { actorUserId, clock: ctx.clock }),
        );
        return { revoked: true };
      }),
  });
}

function secureRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
