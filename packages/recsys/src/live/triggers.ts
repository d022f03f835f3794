import {
  counterNames,
  throttleKey,
  type BatchContext,
  type Bus,
  type Consumer,
  type DeliveredFact,
  type EntityType,
  type FactPayloads,
  type StepTimer,
  type Throttle,
} from "@almanac/events";
import type { DatabaseHandle } from "@almanac/db";
import { isUuid, seconds, type Clock, type ShopperId } from "@almanac/kernel";
import { publishLive, shopperChannel, type LiveContent, type LivePresence } from "@almanac/realtime";
import type { Logger, RequestContext } from "@almanac/trpc";
import { triggers, type TriggerAction } from "../core/lists/triggers.ts";
import type { Recommendations, RecsysService } from "../service.ts";
import type { RecommendationAsk } from "../service/situation.ts";
import { triggerCounter } from "../service/tally.ts";
import { recommendationsSchema } from "../shapes.ts";
import { productsOfOrder } from "../store/orders.ts";

export interface TriggerOptions {
  readonly service: Pick<RecsysService, "triggered" | "count">;
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  /** 500 ms per shopper, action and thing: holds back pushes, never facts. */
  readonly throttle: Throttle;
  /** Who has a page open to read them (EVT-06); without it all are taken to have one. */
  readonly presence?: Pick<LivePresence, "among">;
  /** Told how long each step took. */
  readonly steps?: Pick<StepTimer, "note">;
}

export interface RecommendationTriggers {
  /** Give it to the relay. */
  readonly consumer: Consumer;
  /** Resolves when nothing is being pushed any more. */
  idle(): Promise<void>;
}

/** Pushes that wait when many shoppers act at once; beyond these the oldest are given up, as they are the most stale. */
const mostWaiting = 500;

/**
 * What a shopper did longer ago than this is not answered with a push any more: the page has moved on, and the time is better
 * spent on what came since. Real-time updates are promised within it (EVT-08).
 */
const latestPushMs = seconds(5);

/**
 * Reacts to what shoppers do with recommendations on their own live topic, by the trigger table (REC-12). The fact is
 * applied first; the push follows outside its transaction, is held back by the throttle, and is lost rather than late:
 * nothing depends on it.
 */
export function recommendationTriggers(options: TriggerOptions): RecommendationTriggers {
  const { service, throttle, log } = options;
  const waiting: Push[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let push = waiting.shift(); push; push = waiting.shift()) {
      try {
        await send(options, push);
      } catch (err) {
        log.warn({ err, trigger: push.action }, "recommendations were not pushed");
      }
    }
  }

  function enqueue(push: Push): void {
    waiting.push(push);
    if (waiting.length > mostWaiting) waiting.shift();
    working ??= work().finally(() => (working = undefined));
  }

  /** No list is made for a shopper who has no page open. */
  async function pushAll(pushes: readonly Push[]): Promise<void> {
    const there = await options.presence?.among(
      options.handle.db,
      pushes.map(({ shopperId }) => shopperId),
    );
    const readable = there ? pushes.filter(({ shopperId }) => there.has(shopperId)) : pushes;
    if (readable.length < pushes.length)
      service.count(counterNames.recommendationsUnread, pushes.length - readable.length);
    await throttled(readable);
  }

  /** Of pushes of one moment with the same key only the first can pass, so the others need not ask. */
  async function throttled(pushes: readonly Push[]): Promise<void> {
    const asked = new Set<string>();
    for (const push of pushes) {
      const startedAt = performance.now();
      const key = throttleKey(push.shopperId, push.action, push.entityId);
      const passes = !asked.has(key) && (await throttle.passes(key));
      asked.add(key);
      options.steps?.note("throttle", performance.now() - startedAt, push.traceId);
      if (passes) enqueue(push);
      else service.count(counterNames.recommendationsThrottled);
    }
  }

  function react(delivered: readonly DeliveredFact[], { afterCommit }: BatchContext): void {
    const oldest = options.clock.now().getTime() - latestPushMs;
    const pushes: Push[] = [];
    for (const { fact, traceId } of delivered) {
      const asked =
        fact.topic === "action.tracked"
          ? pushOfAction(fact.payload)
          : fact.topic === "order.placed"
            ? pushOfOrder(fact.payload)
            : undefined;
      if (!asked) continue;
      if (fact.topic === "action.tracked" && Date.parse(fact.payload.recordedAt) < oldest)
        afterCommit(() => service.count(counterNames.recommendationsLate));
      else pushes.push({ ...asked, traceId });
    }
    if (pushes.length > 0) afterCommit(() => pushAll(pushes));
  }

  return {
    consumer: {
      name: "recsys.triggers",
      topics: ["action.tracked", "order.placed"],
      handle(fact, { seq, traceId, ...context }) {
        react([{ fact, seq, traceId }], context);
        return Promise.resolve();
      },
      handleMany(delivered, context) {
        react(delivered, context);
        return Promise.resolve();
      },
    },
    async idle() {
      while (working) await working;
    },
  };
}

interface Push {
  readonly shopperId: ShopperId;
  readonly action: TriggerAction;
  readonly entityId: string;
  readonly ask: RecommendationAsk;
  readonly traceId: string;
}

async function send({ service, handle, bus, steps }: TriggerOptions, push: Push): Promise<void> {
  const startedAt = performance.now();
  const found = await service.triggered(push.action, push.ask);
  const foundAt = performance.now();
  steps?.note("recommend", foundAt - startedAt, push.traceId);
  if (!found || found.items.length === 0) return;
  await publishLive(handle.db, bus, {
    topic: shopperChannel(push.shopperId, push.action === "ADD_TO_CART" ? "cart" : "personalized"),
    ...liveContent(found),
  });
  steps?.note("deliver", performance.now() - foundAt, push.traceId);
  service.count(triggerCounter(push.action));
}

/** The answer as a live message: the same schema as every other transport. */
function liveContent(found: Recommendations): LiveContent {
  const payload = recommendationsSchema.parse(found);
  switch (payload.trigger) {
    case "ADD_TO_CART":
      return { type: "CART_RECOMMENDATION", payload };
    // Not about what is looked at, but what is new where the shopper likes to buy.
    case "ADD_TO_WISHLIST":
      return { type: "PERSONALIZED_SUGGESTION", payload };
    default:
      return { type: "RECOMMENDATION_UPDATE", payload };
  }
}

function pushOfAction({
  shopperId,
  action,
  entityId,
  entityType,
  metadata,
}: FactPayloads["action.tracked"]): Omit<Push, "traceId"> | undefined {
  // A purchase is pushed with its order, which names all that was bought.
  if (shopperId === null || action === "COMPLETE_PURCHASE") return undefined;
  const asked = askOf({ action, entityId, entityType, metadata });
  return (
    asked && { shopperId, entityId: entityId ?? "", action: asked.action, ask: { ...asked.ask, shopperId } }
  );
}

function pushOfOrder({
  shopperId,
  orderId,
  marketId,
  productIds,
}: FactPayloads["order.placed"]): Omit<Push, "traceId"> {
  return {
    shopperId,
    action: "COMPLETE_PURCHASE",
    entityId: orderId,
    ask: { shopperId, marketId, productId: productIds[0], cartProductIds: productIds },
  };
}

interface ActionFacts {
  readonly action: string;
  readonly entityId?: string | null;
  readonly entityType?: EntityType | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What to ask the service after an action; `undefined` for one that triggers nothing. */
function askOf({
  action,
  entityId,
  entityType,
  metadata = {},
}: ActionFacts): { action: TriggerAction; ask: RecommendationAsk } | undefined {
  if (!isTrigger(action)) return undefined;
  const productId =
    entityId != null && isUuid(entityId) && (entityType ?? "PRODUCT") === "PRODUCT" ? entityId : undefined;
  switch (action) {
    case "VIEW_PRODUCT":
      return productId === undefined ? undefined : { action, ask: { productId } };
    case "ADD_TO_CART":
      return productId === undefined
        ? undefined
        : { action, ask: { productId, cartProductIds: [productId] } };
    case "SEARCH": {
      const query = metadata["query"] ?? metadata["q"] ?? entityId;
      return { action, ask: typeof query === "string" ? { context: { searchQuery: query } } : {} };
    }
    case "ADD_TO_WISHLIST":
      return { action, ask: {} };
    case "COMPLETE_PURCHASE": {
      const bought = metadata["productIds"];
      const ids = Array.isArray(bought) ? bought.filter((id) => typeof id === "string" && isUuid(id)) : [];
      const cartProductIds = ids.length > 0 ? ids : productId === undefined ? [] : [productId];
      return { action, ask: { productId: cartProductIds[0], cartProductIds } };
    }
  }
}

function isTrigger(action: string): action is TriggerAction {
  return Object.hasOwn(triggers, action);
}

/**
 * What `events.track` answers to a client that asks for recommendations with its event; give it to `eventsRoutes`. A
 * purchase that names its order is answered with what goes with that order, if it is the caller's own.
 *
 * @returns null for an action that triggers nothing, and for a shopper who asked not to be tracked
 */
export function recommendForEvent(service: Pick<RecsysService, "triggered">) {
  return async (
    ctx: RequestContext,
    event: { action: string; entityId?: string; entityType?: EntityType; metadata?: Record<string, unknown> },
    { limit }: { readonly limit?: number } = {},
  ): Promise<Recommendations | null> => {
    const asked = askOf(event);
    if (!asked) return null;
    const shopperId = await ctx.ensureShopper();
    const { action } = asked;
    let { ask } = asked;
    if (action === "COMPLETE_PURCHASE" && ask.productId === undefined && event.entityId !== undefined) {
      const bought = await productsOfOrder(ctx.db, shopperId, event.entityId);
      ask = { productId: bought[0], cartProductIds: bought };
    }
    return (await service.triggered(action, { ...ask, shopperId, ...(limit && { limit }) })) ?? null;
  };
}
