import { farmMembers, farms, marketManagers, markets } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { holdWhoseEvents, wakeRelay, type Bus } from "@almanac/events";
import { AppError, systemClock, type MarketId, type UserId } from "@almanac/kernel";
import { idInput, procedure, router, shopProcedure, stepUpMs, type Caller } from "@almanac/trpc";
import { eq } from "drizzle-orm";
import { z } from "zod";
import {
  erasePersonalData,
  exportPersonalData,
  type EraseStep,
  type ExportStep,
  type Subject,
} from "../personal-data.ts";
import { forgetHistory } from "../merge.ts";
import { passwordLength } from "../password.ts";
import { confirmPassword } from "../step-up.ts";
import { defaultSettings, findSettings, saveSettings, type ShopperSettings } from "../shoppers.ts";
import { assertInPerson } from "./person.ts";

export interface MeDeps {
  /** Each package's part of "download my data". */
  readonly exportSteps?: readonly ExportStep[];
  /** How each package forgets a person. */
  readonly eraseSteps?: readonly EraseStep[];
  readonly bus?: Bus;
}

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

export function meRouter({ exportSteps = [], eraseSteps = [], bus }: MeDeps) {
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

    /**
     * Answers the question about remembering what I do. Who refuses at once leaves nothing of what they did before; who takes
     * back a "yes" has it left out of everything, and may erase it.
     */
    setConsent: shopProcedure
      .input(z.object({ tracking: z.enum(["granted", "denied"]), marketing: z.boolean().optional() }))
      .mutation(async ({ ctx, input }) => {
        const settings = {
          trackingConsent: input.tracking,
          ...(input.marketing !== undefined && { marketingConsent: input.marketing }),
        };
        const { shopperId, clock } = ctx;
        const saved = await ctx.handle.transaction(async (tx) => {
          await holdWhoseEvents(tx, [shopperId]);
          const before = await findSettings(tx, shopperId);
          if (before?.trackingConsent === "unset" && input.tracking === "denied")
            await forgetHistory(tx, shopperId);
          return saveSettings(tx, shopperId, { settings, clock });
        });
        return meSettings(saved);
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

    /** Gives the password again, for acts that ask for it (`step_up_required`); it then stands for ten minutes. */
    confirmPassword: procedure("account", { limit: "auth" })
      .input(z.object({ password: z.string().min(1).max(passwordLength.max) }))
      .mutation(async ({ ctx, input }) => {
        assertInPerson(ctx.caller);
        const now = (ctx.wallClock ?? systemClock).now();
        await confirmPassword(ctx.db, ctx.caller, { password: input.password, now });
        return { until: new Date(now.getTime() + stepUpMs).toISOString() };
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
