import { farmMembers, farms, marketManagers, markets } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { wakeRelay, type Bus } from "@almanac/events";
import { AppError, type FarmId, type MarketId, type UserId } from "@almanac/kernel";
import {
  cursorInput,
  grantableRights,
  idInput,
  isOperator,
  procedure,
  rights,
  router,
  shopProcedure,
  textInput,
  type Caller,
  type RequestContext,
} from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { listAudit } from "./audit.ts";
import {
  erasePersonalData,
  exportPersonalData,
  type EraseStep,
  type ExportStep,
  type Subject,
} from "./personal-data.ts";
import {
  addFarmMember,
  addMarketManager,
  grantRole,
  listUsers,
  removeFarmMember,
  removeMarketManager,
  revokeRole,
  type Act,
} from "./roles.ts";
import { defaultSettings, findSettings, saveSettings, type ShopperSettings } from "./shoppers.ts";

export interface IdentityRoutesDeps {
  /** Each package's part of "download my data". */
  readonly exportSteps?: readonly ExportStep[];
  /** How each package forgets a person. */
  readonly eraseSteps?: readonly EraseStep[];
  readonly bus?: Bus;
  /** Cryptographic randomness; the platform's own unless a test says otherwise. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** The routers `me`, `apiKeys`, `admin.users` and `admin.audit`. */
export function identityRoutes(deps: IdentityRoutesDeps = {}) {
  return {
    me: meRouter(deps),
    apiKeys: apiKeysRouter(deps),
    admin: { users: usersRouter(), audit: auditRouter() },
  };
}

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

function meRouter({ exportSteps = [], eraseSteps = [], bus }: IdentityRoutesDeps) {
  return router({
    /** Who I am and what holds for me; a new browser gets the defaults and no row. */
    get: procedure("public").query(async ({ ctx }) => {
      const { caller, db } = ctx;
      const settings = caller.shopperId ? await findSettings(db, caller.shopperId) : undefined;
      return {
        signedIn: caller.userId !== undefined,
        name: caller.name ?? null,
        email: caller.email ?? null,
        roles: caller.roles,
        farms: caller.userId ? await farmsOf(db, caller.userId) : [],
        markets: caller.userId ? await marketsOf(db, caller.userId) : [],
        ...meSettings(settings ?? defaultSettings),
      };
    }),

    /** Answers the question about remembering what I do. */
    setConsent: shopProcedure
      .input(z.object({ tracking: z.enum(["granted", "denied"]), marketing: z.boolean().optional() }))
      .mutation(async ({ ctx, input }) => {
        const settings = {
          trackingConsent: input.tracking,
          ...(input.marketing !== undefined && { marketingConsent: input.marketing }),
        };
        return meSettings(await saveSettings(ctx.db, ctx.shopperId, { settings, clock: ctx.clock }));
      }),

    setPreferences: shopProcedure
      .input(
        z
          .object({
            personalise: z.boolean().optional(),
            marketId: idInput<MarketId>().nullable().optional(),
            latitude: latitude.nullable().optional(),
            longitude: longitude.nullable().optional(),
          })
          .refine((place) => (place.latitude ?? null) === null || place.longitude != null, {
            message: "latitude and longitude go together",
          })
          .refine((place) => (place.longitude ?? null) === null || place.latitude != null, {
            message: "latitude and longitude go together",
          }),
      )
      .mutation(async ({ ctx, input }) => {
        if (input.marketId) await assertMarket(ctx.db, input.marketId);
        return meSettings(await saveSettings(ctx.db, ctx.shopperId, { settings: input, clock: ctx.clock }));
      }),

    /** Everything kept about me, by part. */
    exportData: procedure("shop", { limit: "heavy" }).query(async ({ ctx }) => {
      const subject = subjectOf(ctx.caller);
      const parts = subject ? await exportPersonalData(ctx.db, subject, exportSteps) : {};
      return { format: "almanac-export-1" as const, exportedAt: ctx.clock.now(), parts };
    }),

    /** Forgets me. Orders stay without my name; the account, if there is one, is gone. */
    erase: procedure("shop", { limit: "heavy" })
      .input(z.object({ confirm: z.literal("ERASE") }))
      .mutation(async ({ ctx }) => {
        assertInPerson(ctx.caller);
        const { clock, traceId } = ctx;
        const shopperId = ctx.caller.userId ? await ctx.ensureShopper() : ctx.caller.shopperId;
        const subject = subjectOf({ ...ctx.caller, shopperId });
        if (!subject) return { erased: false };
        await ctx.handle.transaction((tx) =>
          erasePersonalData(tx, subject, { clock, steps: eraseSteps, traceId }),
        );
        if (bus) await wakeRelay(bus);
        return { erased: true };
      }),
  });
}

function apiKeysRouter({ randomBytes = secureRandomBytes }: IdentityRoutesDeps) {
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
          expiresAt: z.date().optional(),
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

const userInput = z.object({ userId: idInput<UserId>() });
const roleInput = userInput.extend({ role: z.enum(["operator", "analyst"]) });
const farmInput = userInput.extend({ farmId: idInput<FarmId>() });
const marketInput = userInput.extend({ marketId: idInput<MarketId>() });

/** Power is given and taken by a signed-in operator: a key that leaks cannot make operators. */
const powerProcedure = procedure("operate.write", { limit: "write" }).use(({ ctx, next }) => {
  assertInPerson(ctx.caller);
  return next({ ctx: { act: { actorUserId: userIdOf(ctx.caller), clock: ctx.clock } satisfies Act } });
});

function usersRouter() {
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

function auditRouter() {
  return router({
    list: procedure("operate.read")
      .input(
        z.object({ cursor: cursorInput.refine((c) => c === undefined || /^\d{1,15}$/.test(c)) }).default({}),
      )
      .query(({ ctx, input }) => listAudit(ctx.db, 100, input.cursor)),
  });
}

type Work = Parameters<RequestContext["handle"]["transaction"]>[0];

async function done(ctx: Pick<RequestContext, "handle">, work: Work): Promise<{ done: true }> {
  await ctx.handle.transaction(work);
  return { done: true };
}

function meSettings(settings: ShopperSettings) {
  return {
    consent: settings.trackingConsent,
    marketing: settings.marketingConsent,
    personalise: settings.personalise,
    marketId: settings.marketId,
    latitude: settings.latitude,
    longitude: settings.longitude,
  };
}

function subjectOf({ shopperId, userId, email }: Caller): Subject | undefined {
  return shopperId ? { shopperId, ...(userId && { userId }), ...(email && { email }) } : undefined;
}

function userIdOf({ userId }: Caller): UserId {
  if (!userId) throw new AppError("sign_in_required", "Sign in to do this.");
  return userId;
}

function assertInPerson({ kind }: Caller): void {
  if (kind === "api-key") throw new AppError("right_missing", "This asks for a signed-in person, not a key.");
}

async function assertMarket(db: Queryable, marketId: MarketId): Promise<void> {
  const [market] = await db.select({ id: markets.id }).from(markets).where(eq(markets.id, marketId));
  if (!market) throw new AppError("market_not_found", "There is no such market.");
}

function farmsOf(db: Queryable, userId: UserId) {
  return db
    .select({ id: farms.id, slug: farms.slug, name: farms.name })
    .from(farmMembers)
    .innerJoin(farms, eq(farms.id, farmMembers.farmId))
    .where(eq(farmMembers.userId, userId))
    .orderBy(farms.name);
}

function marketsOf(db: Queryable, userId: UserId) {
  return db
    .select({ id: markets.id, slug: markets.slug, name: markets.name })
    .from(marketManagers)
    .innerJoin(markets, eq(markets.id, marketManagers.marketId))
    .where(eq(marketManagers.userId, userId))
    .orderBy(markets.name);
}

function secureRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
