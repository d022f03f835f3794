import type { FarmId } from "@almanac/kernel";
import { cursorInput, idInput, limitInput, procedure, router, shopProcedure } from "@almanac/trpc";
import { z } from "zod";
import type { Queryable } from "@almanac/db";
import { listRatings, readRatingSummary, type RatingTarget } from "../store/ratings.ts";
import { rateFarm, rateProduct } from "../workflows/rate.ts";
import { actWith, type OrdersDeps } from "./deps.ts";
import { body, fromCursor, productId, stars, toCursor } from "./inputs.ts";

const farmId = idInput<FarmId>();
const pageInput = { cursor: cursorInput, limit: limitInput(50, 10) };

export function ratingsRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  return router({
    rateProduct: shopProcedure
      .input(z.object({ productId, stars, body }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => rateProduct(trade, { shopperId, ...input }));
        return readRatingSummary(ctx.db, { productId: input.productId });
      }),
    rateFarm: shopProcedure.input(z.object({ farmId, stars, body })).mutation(async ({ ctx, input }) => {
      const { shopperId } = ctx;
      await act(ctx, (trade) => rateFarm(trade, { shopperId, ...input }));
      return readRatingSummary(ctx.db, { farmId: input.farmId });
    }),
    forProduct: procedure("public")
      .input(z.object({ productId, ...pageInput }))
      .query(({ ctx, input }) => ratingPage(ctx.db, { productId: input.productId }, input)),
    forFarm: procedure("public")
      .input(z.object({ farmId, ...pageInput }))
      .query(({ ctx, input }) => ratingPage(ctx.db, { farmId: input.farmId }, input)),
  });
}

/** Who rated is never shown. */
async function ratingPage(
  db: Queryable,
  target: RatingTarget,
  { cursor, limit }: { cursor?: string; limit: number },
) {
  const place = cursor === undefined ? undefined : fromCursor(cursor);
  const after = place && { ratedAt: place.at, id: place.id };
  const found = await listRatings(db, target, { after, limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = found.length > limit && last ? toCursor(last.ratedAt, last.id) : undefined;
  return { ...(await readRatingSummary(db, target)), items, nextCursor };
}
