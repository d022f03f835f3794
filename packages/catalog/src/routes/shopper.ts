import { AppError, type ProductId } from "@almanac/kernel";
import { procedure, router, shopProcedure, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { deleteFollow } from "../store/farms.ts";
import { listLiveProducts } from "../store/live-products.ts";
import {
  deleteStockAlert,
  deleteWish,
  listStockAlerts,
  listWishes,
  stockAlertKinds,
} from "../store/wishes.ts";
import { addWish, followFarm, subscribeToStock } from "../workflows/following.ts";
import { commitWith, type CatalogDeps } from "./deps.ts";
import { farmId, productId } from "./inputs.ts";
import { farmReads } from "./public.ts";
import { toProductSummary, type ProductSummary } from "./shapes.ts";

export function farmsRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    ...farmReads(),
    follow: shopProcedure.input(z.object({ farmId })).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx, act) => followFarm(tx, ctx.shopperId, input.farmId, act));
      return { isFollowed: true };
    }),
    unfollow: shopProcedure.input(z.object({ farmId })).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx) => deleteFollow(tx, ctx.shopperId, input.farmId));
      return { isFollowed: false };
    }),
  });
}

export function wishesRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  return router({
    /** The latest first; what is no longer on sale is left out until it is back. */
    list: procedure("shop").query(async ({ ctx }) => {
      const { shopperId } = ctx.caller;
      if (!shopperId) return [];
      const wishes = await listWishes(ctx.db, shopperId);
      const summaries = await summariesOf(
        ctx,
        wishes.map((wish) => wish.productId),
      );
      return wishes.flatMap(({ productId: id, addedAt }) => {
        const product = summaries.get(id);
        return product ? [{ ...product, addedAt: addedAt.toISOString() }] : [];
      });
    }),
    /** Only which products: what every page with hearts on it needs. */
    ids: procedure("shop").query(async ({ ctx }) => {
      const { shopperId } = ctx.caller;
      return shopperId ? (await listWishes(ctx.db, shopperId)).map((wish) => wish.productId) : [];
    }),
    add: shopProcedure.input(z.object({ productId })).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx, act) => addWish(tx, ctx.shopperId, input.productId, act));
      return { isWished: true };
    }),
    remove: shopProcedure.input(z.object({ productId })).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx) => deleteWish(tx, ctx.shopperId, input.productId));
      return { isWished: false };
    }),
  });
}

export function stockAlertsRouter(deps: CatalogDeps) {
  const commit = commitWith(deps);
  const alert = z.object({ productId, kind: z.enum(stockAlertKinds) });
  return router({
    list: procedure("shop").query(async ({ ctx }) => {
      const { shopperId } = ctx.caller;
      if (!shopperId) return [];
      const alerts = await listStockAlerts(ctx.db, shopperId);
      const summaries = await summariesOf(
        ctx,
        alerts.map((row) => row.productId),
      );
      return alerts.flatMap(({ productId: id, kind, subscribedAt }) => {
        const product = summaries.get(id);
        return product ? [{ kind, subscribedAt: subscribedAt.toISOString(), product }] : [];
      });
    }),
    /** @throws AppError `in_stock` for what can be had: who waits for it would hear of the restock after next */
    subscribe: shopProcedure.input(alert).mutation(async ({ ctx, input }) => {
      if (input.kind === "BACK_IN_STOCK" && (await deps.isAvailable?.(ctx, input.productId)))
        throw new AppError("in_stock", "It can be had right now.", {
          details: { productId: input.productId },
        });
      await commit(ctx, (tx, act) => subscribeToStock(tx, ctx.shopperId, input, act));
      return { isSubscribed: true };
    }),
    unsubscribe: shopProcedure.input(alert).mutation(async ({ ctx, input }) => {
      await commit(ctx, (tx) => deleteStockAlert(tx, ctx.shopperId, input.productId, input.kind));
      return { isSubscribed: false };
    }),
  });
}

async function summariesOf(
  { db, clock }: RequestContext,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, ProductSummary>> {
  if (productIds.length === 0) return new Map();
  const products = await listLiveProducts(db, { now: clock.now(), productIds: [...new Set(productIds)] });
  return new Map(products.map((product) => [product.id, toProductSummary(product)]));
}
