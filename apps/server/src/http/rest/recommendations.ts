import { createHash } from "node:crypto";
import {
  AppError,
  isUuid,
  newId,
  parseId,
  type EventId,
  type ProductId,
  type ShopperId,
} from "@almanac/kernel";
import { denialOf, findAppError, type Caller } from "@almanac/trpc";
import { marketKey, productKey } from "../../wiring/shared-cache.ts";
import { boughtTogetherQuery, recommendationsQuery, trackBody } from "./inputs.ts";
import { readBody, readQuery, type RestCall, type RestHandler } from "./rest-route.ts";

/** `GET /api/recommendations` */
export const getRecommendations: RestHandler = async ({ url, caller, api }) => {
  refuseStranger(url.searchParams.get("userId"), caller, { mayLookUp: true });
  const { userId, limit, excludeIds, context, latitude, longitude, ...about } = readQuery(
    url,
    recommendationsQuery,
  );
  const shopperId = shopperOf(userId, caller);
  const answer = await api.recsys.forShopper({
    ...about,
    limit,
    ...(shopperId && { shopperId }),
    ...(excludeIds && { excludeProductIds: excludeIds }),
    ...(latitude !== undefined && longitude !== undefined && { location: { latitude, longitude } }),
    ...(context && { context: { pageType: context } }),
  });
  return {
    data: answer,
    count: answer.items.length,
    // Who signs in within the minute is another person to the same browser.
    headers: { "cache-control": "private, max-age=60", vary: "Cookie, Authorization" },
    tag: tagOf(answer.items),
  };
};

/**
 * `POST /api/recommendations`: logs what a shopper did, and answers with recommendations if asked: with what the action
 * leads to by the table of triggers, or with the shopper's own where it leads to nothing.
 */
export const postRecommendations: RestHandler = async ({ request, caller, api }) => {
  const input = await readBody(request, trackBody);
  refuseStranger(input.userId ?? null, caller);
  const { action, entityId, entityType, limit, context, getRecommendations } = input;
  const id = input.eventId === undefined ? newId<EventId>() : parseId<EventId>(input.eventId);
  const metadata =
    action === "SEARCH" && context?.searchQuery !== undefined
      ? { query: context.searchQuery, ...input.metadata }
      : input.metadata;
  const answer = await api.events.track({
    events: [{ id, action, entityId, entityType, metadata }],
    getRecommendations,
    limit,
  });
  const { duplicate = false, eventProcessed: isLogged = false, shed = false } = answer.results[0] ?? {};
  const tracked = { eventId: id, eventProcessed: isLogged && !duplicate, duplicate, shed };
  // Heard, but not kept (this shopper does not want to be followed), or kept and not reacted to (too much waits).
  const status = isLogged && !shed ? 200 : 202;
  if (!getRecommendations) return { status, data: tracked };
  const triggered = "recommendations" in answer ? answer.recommendations : null;
  const ask = { limit, ...(context && { context }) };
  const about =
    entityType === "PRODUCT" && isUuid(entityId ?? "") ? parseId<ProductId>(entityId!) : undefined;
  const recommendations = triggered ?? (await recommendAbout(about, ask, api));
  return { status, data: { ...tracked, recommendations }, count: recommendations.items.length };
};

type ShopperAsk = Omit<Parameters<RestCall["api"]["recsys"]["forShopper"]>[0], "productId">;

/** What was done counts, whether its product is still on sale or not. */
async function recommendAbout(productId: ProductId | undefined, ask: ShopperAsk, api: RestCall["api"]) {
  if (productId === undefined) return api.recsys.forShopper(ask);
  return api.recsys.forShopper({ ...ask, productId }).catch((error: unknown) => {
    if (findAppError(error)?.code !== "product_not_found") throw error;
    return api.recsys.forShopper(ask);
  });
}

/**
 * `GET /api/recommendations/frequently-bought-together`: the same for everybody, so that shared caches may keep it. It
 * depends on the address alone (the market is a parameter), and carries the products in it for a purge by key.
 */
export const getBoughtTogether: RestHandler = async ({ url, publicApi }) => {
  const query = readQuery(url, boughtTogetherQuery);
  const answer = await publicApi.recsys.boughtTogether(query);
  const products = [query.productId, ...answer.items.map(({ card }) => card.id)];
  return {
    data: answer,
    count: answer.items.length,
    headers: {
      "cache-control": "public, max-age=300",
      "surrogate-key": [...products.map(productKey), marketKey(query.marketId)].join(" "),
    },
    tag: tagOf(answer.items),
  };
};

/**
 * Who asks is known by session, visitor cookie or key, never by a parameter: the parameter may only agree.
 *
 * @param options.mayLookUp whether the right `recommendations.any` allows another's id
 * @throws AppError `sign_in_required` without a session, `user_mismatch` for another's id
 */
export function refuseStranger(
  userId: string | null,
  caller: Caller,
  { mayLookUp = false }: { readonly mayLookUp?: boolean } = {},
): void {
  if (userId === null || userId === "") return;
  if (!caller.userId)
    throw new AppError("sign_in_required", "Sign in to name a user.", { details: { field: "userId" } });
  const isOwn = userId === caller.userId || userId === caller.shopperId;
  if (!isOwn && !(mayLookUp && denialOf(caller, "recommendations.any") === undefined)) {
    throw new AppError("user_mismatch", "This is another user's id.", {
      details: { field: "userId" },
    });
  }
}

/** The other shopper whose recommendations are asked for; `undefined` for one's own. */
function shopperOf(userId: string | undefined, caller: Caller): ShopperId | undefined {
  if (userId === undefined || userId === "" || userId === caller.userId || userId === caller.shopperId)
    return undefined;
  return parseId<ShopperId>(userId);
}

/** Weak: two answers with the same products, scores and prices are as good as each other, whenever they were made. */
function tagOf(items: readonly unknown[]): string {
  return `W/"${createHash("sha256").update(JSON.stringify(items)).digest("base64url").slice(0, 22)}"`;
}
