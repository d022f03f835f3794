import { AppError, type FarmId, type MarketId, type OrderWindowId, type UserId } from "@almanac/kernel";
import {
  limitInput,
  marketProcedure,
  momentInput,
  procedure,
  router,
  textInput,
  type RequestContext,
} from "@almanac/trpc";
import { z } from "zod";
import { windowState } from "../core/order-windows.ts";
import type { OrderWindow } from "../core/things.ts";
import { findFarm, listFarmMembers, listFarms } from "../store/farms.ts";
import { findMarket } from "../store/markets.ts";
import {
  findOrderWindow,
  listOrderWindows,
  listPickupSlots,
  nextOpenWindow,
} from "../store/order-windows.ts";
import type { Act } from "../workflows/act.ts";
import {
  createFarm,
  createMarket,
  editMarket,
  giveStall,
  removeStall,
  setFirstOwner,
  type PersonalAct,
} from "../workflows/markets.ts";
import {
  addSlot,
  createWindow,
  editWindow,
  extendWindows,
  removeSlot,
  resizeSlot,
} from "../workflows/windows.ts";
import { commitWith, type CatalogDeps } from "./deps.ts";
import {
  calendarDay,
  capacity,
  farmId,
  latitude,
  longText,
  longitude,
  nameInput,
  pictureInput,
  shortText,
  slotId,
  timeZoneInput,
  wallTimeInput,
  windowId,
} from "./inputs.ts";
import { toDeskWindow, toFarmView, toMarketView, toSlotView } from "./shapes.ts";

const email = z.email().max(254);
const stall = textInput({ max: 60 });

const marketFields = {
  name: nameInput,
  description: longText,
  address: shortText,
  region: textInput({ max: 80 }),
  latitude,
  longitude,
  acceptsSnap: z.boolean(),
  weekday: z.number().int().min(1).max(7),
  opensAt: wallTimeInput,
  closesAt: wallTimeInput,
};
const feeBasisPoints = z.number().int().min(0).max(5_000);

/** What a market's manager does. To managers of other markets it does not exist. */
export function marketDeskRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    get: marketProcedure.query(({ ctx, input }) => getMarket(ctx, input.marketId)),
    update: marketProcedure
      .input(z.object({ ...marketFields, feeBasisPoints }).partial())
      .mutation(async ({ ctx, input: { marketId, ...patch } }) => {
        await commit(ctx, (tx, act) => editMarket(tx, marketId, patch, act));
        return getMarket(ctx, marketId);
      }),
    createFarm: marketProcedure
      .input(
        z.object({
          name: nameInput,
          latitude,
          longitude,
          story: longText.optional(),
          town: textInput({ max: 120 }).optional(),
          isOrganic: z.boolean().optional(),
          acceptsSnap: z.boolean().optional(),
          picture: pictureInput.optional(),
          stall: stall.optional(),
          ownerEmail: email.optional(),
        }),
      )
      .mutation(async ({ ctx, input: { marketId, stall: name, ownerEmail, ...farm } }) => {
        const made = await commit(ctx, (tx, act) =>
          createFarm(tx, marketId, farm, { stall: name, ownerEmail }, personal(act)),
        );
        return getMember(ctx, marketId, made.id);
      }),
    farms: deskFarmRoutes(deps),
    windows: deskWindowRoutes(deps),
    slots: deskSlotRoutes(deps),
  });
}

function deskFarmRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    /** The market's farms by name, with their stall here and their people. */
    list: marketProcedure.query(async ({ ctx, input: { marketId } }) => {
      const farms = await listFarms(ctx.db, { marketId });
      const members = await listFarmMembers(
        ctx.db,
        farms.map(({ id }) => id),
      );
      return farms.map((farm) => ({
        ...toFarmView(farm, false),
        stall: farm.stalls.find((one) => one.marketId === marketId)?.stall ?? "",
        members: members.get(farm.id) ?? [],
      }));
    }),
    /** Farms of the platform that have no stall here yet. */
    candidates: marketProcedure
      .input(z.object({ text: textInput({ min: 2, max: 80 }) }))
      .query(async ({ ctx, input: { marketId, text } }) => {
        const farms = await listFarms(ctx.db, { text }, 50);
        return farms
          .filter((farm) => !farm.stalls.some((one) => one.marketId === marketId))
          .map(({ id, slug, name, town }) => ({ id, slug, name, town }));
      }),
    add: marketProcedure
      .input(z.object({ farmId, stall: stall.default("") }))
      .mutation(async ({ ctx, input }) => {
        await commit(ctx, (tx, act) => giveStall(tx, input, act));
        return getMember(ctx, input.marketId, input.farmId);
      }),
    setStall: marketProcedure.input(z.object({ farmId, stall })).mutation(async ({ ctx, input }) => {
      await getMember(ctx, input.marketId, input.farmId);
      await commit(ctx, (tx, act) => giveStall(tx, input, act));
      return getMember(ctx, input.marketId, input.farmId);
    }),
    remove: marketProcedure.input(z.object({ farmId })).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx, act) => removeStall(tx, input.marketId, input.farmId, act));
      return { farmId: input.farmId };
    }),
    /** Hands a farm that has no owner to one. */
    setOwner: marketProcedure.input(z.object({ farmId, email })).mutation(async ({ ctx, input }) => {
      await getMember(ctx, input.marketId, input.farmId);
      await commit(ctx, (tx, act) => setFirstOwner(tx, input.farmId, input.email, personal(act)));
      return getMember(ctx, input.marketId, input.farmId);
    }),
  });
}

function deskWindowRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    /** The latest market day first, with slots. `cursor` is a market day. */
    list: marketProcedure
      .input(z.object({ cursor: calendarDay.optional(), limit: limitInput(100, 20) }))
      .query(async ({ ctx, input: { marketId, cursor, limit } }) => {
        const page = await listOrderWindows(ctx.db, marketId, { before: cursor, limit: limit + 1 });
        const items = await withSlots(ctx, page.slice(0, limit));
        return { items, nextCursor: page.length > limit ? items.at(-1)?.marketDay : undefined };
      }),
    create: marketProcedure
      .input(
        z.object({
          marketDay: calendarDay,
          opensAt: momentInput.optional(),
          closesAt: momentInput.optional(),
          slotMinutes: z.number().int().min(10).max(1_440).optional(),
          slotCapacityOrders: capacity.optional(),
        }),
      )
      .mutation(async ({ ctx, input: { marketId, ...window } }) => {
        const made = await commit(ctx, (tx, act) => createWindow(tx, marketId, window, act));
        return getWindow(ctx, made.id);
      }),
    /** Plans the next weeks as the latest window was. */
    extend: marketProcedure
      .input(z.object({ weeks: z.number().int().min(1).max(12).default(4) }))
      .mutation(async ({ ctx, input: { marketId, weeks } }) => ({
        made: await commit(ctx, (tx, act) => extendWindows(tx, marketId, { weeks }, act)),
      })),
    update: marketProcedure
      .input(
        z.object({
          windowId,
          opensAt: momentInput.optional(),
          closesAt: momentInput.optional(),
          isCancelled: z.boolean().optional(),
        }),
      )
      .mutation(async ({ ctx, input: { marketId, windowId: id, ...patch } }) => {
        await commit(ctx, (tx, act) => editWindow(tx, marketId, id, patch, act));
        return getWindow(ctx, id);
      }),
    cancel: marketProcedure.input(z.object({ windowId })).mutation(async ({ ctx, input }) => {
      const { marketId, windowId: id } = input;
      await commit(ctx, (tx, act) => editWindow(tx, marketId, id, { isCancelled: true }, act));
      return getWindow(ctx, id);
    }),
  });
}

function deskSlotRoutes(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    create: marketProcedure
      .input(z.object({ windowId, startsAt: momentInput, endsAt: momentInput, capacityOrders: capacity }))
      .mutation(async ({ ctx, input: { marketId, windowId: id, ...times } }) =>
        toSlotView(await commit(ctx, (tx, act) => addSlot(tx, marketId, id, times, act))),
      ),
    update: marketProcedure
      .input(z.object({ slotId, capacityOrders: capacity }))
      .mutation(async ({ ctx, input: { marketId, slotId: id, capacityOrders } }) => {
        await commit(ctx, (tx, act) => resizeSlot(tx, marketId, id, capacityOrders, act));
        return { id, capacityOrders };
      }),
    remove: marketProcedure
      .input(z.object({ slotId }))
      .mutation(async ({ ctx, input: { marketId, slotId: id } }) => {
        await commit(ctx, (tx, act) => removeSlot(tx, marketId, id, act));
        return { id };
      }),
  });
}

/** What only operators do. */
export function adminMarketsRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    create: procedure("operate.write", { limit: "write" })
      .input(
        z.object({
          ...marketFields,
          description: marketFields.description.default(""),
          address: marketFields.address.default(""),
          region: marketFields.region.default(""),
          acceptsSnap: marketFields.acceptsSnap.default(false),
          weekday: marketFields.weekday.default(6),
          opensAt: marketFields.opensAt.default("08:00"),
          closesAt: marketFields.closesAt.default("13:00"),
          feeBasisPoints: feeBasisPoints.default(0),
          timeZone: timeZoneInput,
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/, "must be three capital letters such as USD")
            .default("USD"),
          managerEmail: email.optional(),
        }),
      )
      .mutation(async ({ ctx, input: { managerEmail, ...market } }) => {
        const made = await commit(ctx, (tx, act) =>
          createMarket(tx, market, { managerEmail }, personal(act)),
        );
        return toMarketView(made, undefined);
      }),
  });
}

/** Managers and operators are signed in: the right was checked before. */
function personal(act: Act): PersonalAct {
  if (!act.userId) throw new AppError("sign_in_required", "Sign in to do this.");
  const userId: UserId = act.userId;
  return { ...act, userId };
}

async function getMarket({ db, clock }: RequestContext, id: MarketId) {
  const market = await findMarket(db, { id });
  if (!market) throw new AppError("market_not_found", "There is no such market.");
  return toMarketView(market, await nextOpenWindow(db, id, clock.now()));
}

async function getMember({ db }: RequestContext, marketId: MarketId, id: FarmId) {
  const farm = await findFarm(db, { id, marketId });
  if (!farm) throw new AppError("farm_not_found", "There is no such farm at this market.");
  const members = await listFarmMembers(db, [id]);
  const here = farm.stalls.find((one) => one.marketId === marketId);
  return { ...toFarmView(farm, false), stall: here?.stall ?? "", members: members.get(id) ?? [] };
}

async function getWindow(ctx: RequestContext, id: OrderWindowId) {
  const window = await findOrderWindow(ctx.db, id);
  const [view] = window ? await withSlots(ctx, [window]) : [];
  if (!view) throw new AppError("window_not_found", "There is no such order window.");
  return view;
}

async function withSlots({ db, clock }: RequestContext, windows: readonly OrderWindow[]) {
  const slots = await listPickupSlots(
    db,
    windows.map(({ id }) => id),
  );
  const ofWindow = Map.groupBy(slots, (slot) => slot.orderWindowId);
  const now = clock.now();
  return windows.map((window) =>
    toDeskWindow(window, windowState(window, now), ofWindow.get(window.id) ?? []),
  );
}
