import { findFarm, isCategory, listCategories } from "@almanac/catalog";
import type { Bus } from "@almanac/events";
import type { Clock, FarmId, MarketId, ProductId } from "@almanac/kernel";
import { AppError } from "@almanac/kernel";
import type { Queryable } from "@almanac/db";
import { idInput, limitInput, procedure, router, shopProcedure } from "@almanac/trpc";
import type { RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { profileOf } from "./core/taste.ts";
import { forgetInterest, restoreInterest, type TasteTools } from "./forget.ts";
import { listFarmNames, type FarmName } from "./store/names.ts";
import type { ShopWindow } from "./shop-window.ts";
import type { TasteReader } from "./taste.ts";

export interface SignalsDeps {
  readonly bus: Bus;
  readonly tasteReader: TasteReader;
  readonly shopWindow: Pick<ShopWindow, "all" | "checkedCards">;
}

export interface Strength {
  /** 0 to 1; the strongest is 1. */
  readonly strength: number;
}

/** What Almanac thinks a shopper likes, in their own words: "my data" shows it and can change it. */
export interface TasteView {
  readonly categories: readonly ({ readonly slug: string; readonly name: string } & Strength)[];
  readonly farms: readonly (FarmName & Strength)[];
  /** Cents for a kilogram, a litre or a piece: what most of what they buy costs. */
  readonly priceRange: { readonly minCents: number; readonly maxCents: number } | null;
  readonly lastActiveAt: string | null;
  /** Things done that this was learned from. */
  readonly eventCount: number;
  readonly hidden: {
    readonly categories: readonly { readonly slug: string; readonly name: string }[];
    readonly farms: readonly FarmName[];
  };
  /** Whether results are arranged by it. */
  readonly isUsed: boolean;
}

const interestInput = z.object({
  category: z.string().min(1).max(80).optional(),
  farmId: idInput<FarmId>().optional(),
});

export function signalsRoutes(deps: SignalsDeps) {
  return {
    shop: router({
      /** One product as every list shows it, with what can be had of it now. Its season is that of its own market. */
      card: procedure("public")
        .input(z.object({ productId: idInput<ProductId>() }))
        .query(async ({ ctx, input }) => {
          const [card] = await deps.shopWindow.checkedCards(ctx.db, [input.productId], {
            now: ctx.clock.now(),
          });
          if (!card) throw new AppError("product_not_found", "There is no such product on sale.");
          return card;
        }),
      /** What a farm has on sale: what can be had first, the most bought first. Looking at a farm is no search. */
      ofFarm: procedure("public")
        .input(
          z.object({
            farmId: idInput<FarmId>(),
            marketId: idInput<MarketId>().optional(),
            limit: limitInput(200, 48),
          }),
        )
        .query(async ({ ctx, input: { farmId, marketId, limit } }) => {
          const now = ctx.clock.now();
          const ids = deps.shopWindow
            .all()
            .filter(({ product }) => product.farm.id === farmId)
            .sort(
              (a, b) =>
                b.popularity.buyers - a.popularity.buyers || (a.product.name < b.product.name ? -1 : 1),
            )
            .map(({ product }) => product.id);
          const cards = await deps.shopWindow.checkedCards(ctx.db, ids, {
            now,
            ...(marketId && { marketId }),
          });
          return [
            ...cards.filter(({ isAvailable }) => isAvailable),
            ...cards.filter(({ isAvailable }) => !isAvailable),
          ].slice(0, limit);
        }),
    }),
    taste: router({
      get: procedure("shop").query(({ ctx }) => viewTaste(ctx, deps)),
      forget: shopProcedure
        .input(interestInput.refine((input) => input.category ?? input.farmId, "names nothing to forget"))
        .mutation(async ({ ctx, input }) => {
          await assertKnown(ctx.db, input);
          await forgetInterest(toolsOf(ctx, deps), ctx.shopperId, input);
          deps.tasteReader.drop(ctx.shopperId);
          return { isForgotten: true };
        }),
      /** Without a category or a farm it restores all. */
      restore: shopProcedure.input(interestInput).mutation(async ({ ctx, input }) => {
        await restoreInterest(toolsOf(ctx, deps), ctx.shopperId, input);
        deps.tasteReader.drop(ctx.shopperId);
        return { isForgotten: false };
      }),
    }),
  };
}

function toolsOf(ctx: { handle: RequestContext["handle"]; clock: Clock }, { bus }: SignalsDeps): TasteTools {
  return { handle: ctx.handle, clock: ctx.clock, bus };
}

async function assertKnown(
  db: Queryable,
  { category, farmId }: { category?: string; farmId?: FarmId },
): Promise<void> {
  if (category !== undefined && !(await isCategory(db, category))) {
    throw new AppError("not_found", "There is no such category.", { details: { category } });
  }
  if (farmId !== undefined && !(await findFarm(db, { id: farmId }))) {
    throw new AppError("farm_not_found", "There is no such farm.");
  }
}

async function viewTaste(
  { db, clock, caller }: RequestContext,
  { tasteReader }: SignalsDeps,
): Promise<TasteView> {
  const now = clock.now();
  const taste = caller.shopperId && (await tasteReader.load(db, caller.shopperId, now));
  if (!taste) {
    return {
      categories: [],
      farms: [],
      priceRange: null,
      lastActiveAt: null,
      eventCount: 0,
      hidden: { categories: [], farms: [] },
      isUsed: true,
    };
  }
  const profile = profileOf(taste, now);
  const categoryNames = new Map((await listCategories(db)).map(({ slug, name }) => [slug, name]));
  const farmNames = await listFarmNames(db, [...profile.farms.keys(), ...taste.hidden.farms]);
  const categoryOf = (slug: string) => ({ slug, name: categoryNames.get(slug) ?? slug });
  return {
    categories: strongestFirst(profile.categories).map(([slug, strength]) => ({
      ...categoryOf(slug),
      strength,
    })),
    farms: strongestFirst(profile.farms).flatMap(([id, strength]) => {
      const farm = farmNames.get(id);
      return farm ? [{ ...farm, strength }] : [];
    }),
    priceRange: profile.priceRange ?? null,
    lastActiveAt: profile.lastActiveAt?.toISOString() ?? null,
    eventCount: profile.eventCount,
    hidden: {
      categories: taste.hidden.categories.map(categoryOf),
      farms: taste.hidden.farms.flatMap((id) => farmNames.get(id) ?? []),
    },
    isUsed: taste.mayPersonalise,
  };
}

function strongestFirst<Key extends string>(strengths: ReadonlyMap<Key, number>): [Key, number][] {
  const most = Math.max(0, ...strengths.values());
  return [...strengths]
    .map(([key, value]): [Key, number] => [key, value / most])
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
}
