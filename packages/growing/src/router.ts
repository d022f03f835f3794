import type { Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import { wakeRelay, type Bus } from "@almanac/events";
import { AppError, marketDay, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import type { ShopWindow } from "@almanac/signals";
import type { WeatherSource } from "@almanac/forecasting";
import {
  farmProcedure,
  idInput,
  limitInput,
  procedure,
  router,
  textInput,
  type RequestContext,
} from "@almanac/trpc";
import { z } from "zod";
import { farmCalendar, readCrops, readPlace } from "./calendar.ts";
import { comingSoon } from "./coming.ts";
import { createFeed } from "./feed.ts";
import { calendarDay, cropInput, cropName, monthDay, planInput, productId } from "./inputs.ts";
import { acceptPlan, planProduct, type PlanId } from "./planning.ts";
import { promiseOf } from "./promising.ts";
import { presentEntry, presentPlan } from "./shapes.ts";
import { listFeeds, revokeFeed, type FeedId } from "./store/feeds.ts";
import { deleteFarmCrop, readTimeZone, saveFarmCrop, savePlace } from "./store/places.ts";
import { deletePlan, deletePlanting, type PlantingId } from "./store/plantings.ts";
import { findProductCrop, listProductCrops } from "./store/products.ts";
import { farmTrends } from "./trends.ts";
import { addPlanting, maxSeeds, moveHarvest, movePlanting } from "./workflows.ts";

export { readFeed } from "./feed.ts";

export interface GrowingDeps {
  /** Tells the shop at once that a season was moved. */
  readonly bus?: Bus;
  readonly shopWindow: Pick<ShopWindow, "all" | "card" | "findMarket" | "dayOf">;
  /** How warm seasons are; without it yields go by the harvests alone. */
  readonly weather?: WeatherSource;
}

/** A year and a month: what a page of a calendar may ask for. */
const maxDays = 400;
const plantingId = idInput<PlantingId>();
const byDays = z.number().int().min(-300).max(300);
const read = farmProcedure("farm.read");
const write = farmProcedure("farm.write");

export function growingRoutes({ bus, shopWindow, weather }: GrowingDeps) {
  async function commit<T>(ctx: RequestContext, work: (tx: Transaction, act: Act) => Promise<T>): Promise<T> {
    const act: Act = { now: ctx.clock.now(), traceId: ctx.traceId, userId: ctx.caller.userId };
    const result = await ctx.handle.transaction((tx) => work(tx, act));
    if (bus) await wakeRelay(bus);
    return result;
  }

  return {
    growing: router({
      /** What comes into season soon, for shoppers. */
      coming: procedure("public")
        .input(z.object({ marketId: idInput<MarketId>().optional(), limit: limitInput(100, 40) }))
        .query(({ ctx, input }) => comingSoon(shopWindow, { ...input, now: ctx.clock.now() })),
      /** A farm's calendar of at most 400 days. */
      calendar: read
        .input(z.object({ from: calendarDay, to: calendarDay }))
        .query(async ({ ctx, input: { farmId, from, to } }) => {
          const length = (Date.parse(to) - Date.parse(from)) / 86_400_000;
          if (length < 0 || length > maxDays)
            throw new AppError(
              "input_invalid",
              `A calendar is from one day to a later one, at most ${maxDays} days on.`,
              {
                details: { field: "to" },
              },
            );
          const { timeZone, entries } = await farmCalendar(ctx.db, farmId, {
            from,
            to,
            now: ctx.clock.now(),
          });
          return { timeZone, entries: entries.map(presentEntry) };
        }),
      /** What rises and falls by itself, and the rhythms that the farm's sales follow. */
      trends: read.query(({ ctx, input }) => farmTrends(ctx.db, input.farmId, ctx.clock.now())),
      place: router({
        /** Frosts, beds, and what day it is there. */
        get: read.query(async ({ ctx, input }) => {
          const [{ frosts, ...place }, timeZone] = await Promise.all([
            readPlace(ctx.db, input.farmId),
            readTimeZone(ctx.db, input.farmId),
          ]);
          return { ...place, frosts: frosts ?? null, timeZone, today: marketDay(ctx.clock.now(), timeZone) };
        }),
        /** Frosts as the farm knows them, both or neither, and its metres of bed; 0 for no limit. */
        set: write
          .input(
            z.object({
              lastFrost: monthDay.nullable(),
              firstFrost: monthDay.nullable(),
              bedMetres: z.number().int().min(0).max(1_000_000),
            }),
          )
          .mutation(({ ctx, input }) =>
            commit(ctx, async (tx, { now }) => {
              if ((input.lastFrost === null) !== (input.firstFrost === null))
                throw new AppError("input_invalid", "Give both frosts, or neither.", {
                  details: { field: "firstFrost" },
                });
              await savePlace(tx, { ...input, updatedAt: now });
              return { bedMetres: input.bedMetres };
            }),
          ),
      }),
      crops: router({
        /** How each crop is grown, and what the farm sells of it. */
        list: read.query(async ({ ctx, input }) => {
          const [crops, products] = await Promise.all([
            readCrops(ctx.db, input.farmId),
            listProductCrops(ctx.db, input.farmId),
          ]);
          return { crops, products };
        }),
        set: write.input(z.object({ crop: cropInput })).mutation(({ ctx, input }) =>
          commit(ctx, async (tx, { now }) => {
            await saveFarmCrop(tx, input.farmId, { ...input.crop, name: input.crop.crop }, now);
            return { crop: input.crop.crop };
          }),
        ),
        /** Back to the reference. */
        reset: write.input(z.object({ crop: cropName })).mutation(({ ctx, input }) =>
          commit(ctx, async (tx) => {
            await deleteFarmCrop(tx, input.farmId, input.crop);
            return { crop: input.crop };
          }),
        ),
      }),
      plan: router({
        /** The successions that would meet a demand; nothing is written. */
        preview: read
          .input(z.object(planInput))
          .query(async ({ ctx, input: { farmId, ...wish } }) =>
            presentPlan(await planProduct(ctx.db, farmId, wish, ctx.clock.now())),
          ),
        accept: write
          .input(z.object(planInput))
          .mutation(({ ctx, input: { farmId, ...wish } }) =>
            commit(ctx, (tx, { now }) => acceptPlan(tx, farmId, wish, now)),
          ),
        undo: write.input(z.object({ planId: idInput<PlanId>() })).mutation(({ ctx, input }) =>
          commit(ctx, async (tx) => {
            const sowings = await deletePlan(tx, input.farmId, input.planId);
            if (sowings === 0) throw new AppError("planting_not_found", "There is no such plan.");
            return { sowings };
          }),
        ),
      }),
      /** What may be promised of a product by date: its stock, and nine times in ten what its sowings will give. */
      promise: read.input(z.object({ productId })).query(async ({ ctx, input }) => {
        const told = await promiseOf(ctx.db, input.farmId, input.productId, ctx.clock.now(), weather);
        return told ? { kind: "told" as const, ...told } : { kind: "crop-unknown" as const };
      }),
      plantings: router({
        add: write
          .input(
            z.object({
              crop: cropName,
              productId: productId.optional(),
              sowOn: calendarDay,
              seeds: z.number().int().min(1).max(maxSeeds),
              note: textInput({ max: 500 }).default(""),
            }),
          )
          .mutation(({ ctx, input: { farmId, ...planting } }) =>
            commit(ctx, async (tx, { now }) => {
              if (planting.productId) await assertOwn(tx, farmId, planting.productId);
              return addPlanting(tx, farmId, planting, now);
            }),
          ),
        /** Moves it whole, or its harvest alone: it came earlier or later than the days said. */
        move: write
          .input(z.object({ plantingId, byDays, only: z.enum(["all", "harvest"]).default("all") }))
          .mutation(({ ctx, input: { farmId, ...move } }) =>
            commit(ctx, (tx, { now }) => movePlanting(tx, farmId, move, now)),
          ),
        remove: write.input(z.object({ plantingId })).mutation(({ ctx, input }) =>
          commit(ctx, async (tx) => {
            if (!(await deletePlanting(tx, input.farmId, input.plantingId)))
              throw new AppError("planting_not_found", "There is no such sowing.");
            return { plantingId: input.plantingId };
          }),
        ),
      }),
      /** A season begins earlier or later: the shop follows. */
      moveFirstHarvest: write
        .input(z.object({ productId, byDays, index: z.number().int().min(0).max(3).default(0) }))
        .mutation(({ ctx, input: { farmId, ...move } }) =>
          commit(ctx, (tx, act) => moveHarvest(tx, farmId, move, act)),
        ),
      feeds: router({
        list: read.query(async ({ ctx, input }) =>
          (await listFeeds(ctx.db, input.farmId)).map(({ id, label, createdAt, lastReadAt }) => ({
            id,
            label,
            createdAt: createdAt.toISOString(),
            lastReadAt: lastReadAt?.toISOString() ?? null,
          })),
        ),
        /** The token is told this once. The address is `/api/calendar/<token>.ics`. */
        create: write
          .input(z.object({ label: textInput({ max: 80 }).default("") }))
          .mutation(({ ctx, input: { farmId, label } }) =>
            commit(ctx, (tx, { now, userId }) => createFeed(tx, farmId, { label, now, userId })),
          ),
        revoke: write.input(z.object({ feedId: idInput<FeedId>() })).mutation(({ ctx, input }) =>
          commit(ctx, async (tx, { now }) => {
            if (!(await revokeFeed(tx, input.farmId, input.feedId, now)))
              throw new AppError("calendar_feed_not_found", "There is no such calendar address.");
            return { feedId: input.feedId };
          }),
        ),
      }),
    }),
  };
}

async function assertOwn(tx: Transaction, farmId: FarmId, id: ProductId): Promise<void> {
  if (!(await findProductCrop(tx, farmId, id)))
    throw new AppError("product_not_found", "There is no such product.");
}
