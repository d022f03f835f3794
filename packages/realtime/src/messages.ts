/** The live lane's wire format, for servers and browsers alike: nothing here needs Node. */
import { z } from "zod";

const text = z.string();
const cents = z.number().int();

/** A recommended product as cards show it. More fields may come with it. */
const recommendedItem = z.looseObject({
  card: z.looseObject({ id: text, slug: text, name: text }),
  reason: text.optional(),
  sentence: text.optional(),
  score: z.number().optional(),
});

const recommendations = z.looseObject({
  /** The action that led to this, such as "VIEW_PRODUCT" (REC-12). */
  trigger: text.optional(),
  title: text.optional(),
  items: z.array(recommendedItem),
});

const productNews = z.looseObject({ productId: text, slug: text, name: text, farmName: text.optional() });

/** What each type of message carries. Unknown fields pass, so that an old page survives a newer server. */
export const livePayloads = {
  RECOMMENDATION_UPDATE: recommendations,
  CART_RECOMMENDATION: recommendations,
  PERSONALIZED_SUGGESTION: recommendations,
  TRENDING_UPDATE: recommendations,
  PRICE_DROP_ALERT: productNews.extend({
    oldPriceCents: cents,
    newPriceCents: cents,
    pricePer: text.optional(),
  }),
  STOCK_ALERT: productNews.extend({
    kind: z.enum(["BACK_IN_STOCK", "LOW_STOCK", "BACK_IN_SEASON"]),
    availableQuantity: z.number().optional(),
  }),
  NEW_ARRIVAL_ALERT: productNews,
  /** What is kept for the shopper to read later changed, perhaps on another device: read it again. */
  NEWS_UPDATE: z.looseObject({}),
  /** The cart changed, perhaps on another device: read it again. */
  CART_UPDATE: z.looseObject({ version: z.number().int() }),
  INVENTORY_ALERT: z.looseObject({ productId: text, name: text, availableBase: z.number().int() }),
  /** What a farm's market day will come to, after a sale at its stall; base units of one product. */
  NOWCAST_UPDATE: z.looseObject({
    productId: text,
    name: text,
    soldBase: z.number(),
    leftBase: z.number(),
    p50: z.number(),
  }),
  SALES_UPDATE: z.looseObject({ orderId: text, totalCents: cents.optional() }),
  /** An experiment was started, stopped or rolled out: whoever shows one of its arms asks which one now. */
  VARIANT_CHANGED: z.looseObject({ key: text, surface: text, status: z.enum(["running", "stopped"]) }),
  SYSTEM_ALERT: z.looseObject({ level: z.enum(["info", "warning", "critical"]), text }),
  /** The figures of the platform moved: read them again. */
  MONITOR_UPDATE: z.looseObject({}),
  AI_INSIGHT: z.looseObject({ title: text, text }),
  CONNECTION_ACK: z.looseObject({
    serverTime: text,
    sessionId: text,
    resumeFrom: text.nullable(),
    /** The cursor given is of another life of the database: read everything anew, and go on from `resumeFrom`. */
    startsOver: z.literal(true).optional(),
  }),
  HEARTBEAT: z.looseObject({ serverTime: text }),
  ACK: z.looseObject({ reqId: text.nullable(), request: text }),
  ERROR: z.looseObject({ reqId: text.nullable(), code: text, message: text }),
} as const;

export type LiveMessageType = keyof typeof livePayloads;

type Envelope<Type extends LiveMessageType> = z.ZodObject<{
  v: z.ZodLiteral<1>;
  id: z.ZodString;
  type: z.ZodLiteral<Type>;
  topic: z.ZodString;
  ts: z.ZodISODateTime;
  payload: (typeof livePayloads)[Type];
}>;

function envelope<Type extends LiveMessageType>(type: Type): Envelope<Type> {
  return z.object({
    v: z.literal(1),
    /** What to resume from: send the last one back as `lastEventId`. Empty for messages that are not kept. */
    id: z.string(),
    type: z.literal(type),
    topic: z.string(),
    ts: z.iso.datetime(),
    payload: livePayloads[type],
  });
}

/** Everything a server sends on the live lane (RT-02). */
export const liveMessageSchema = z.discriminatedUnion("type", [
  envelope("RECOMMENDATION_UPDATE"),
  envelope("CART_RECOMMENDATION"),
  envelope("PERSONALIZED_SUGGESTION"),
  envelope("TRENDING_UPDATE"),
  envelope("PRICE_DROP_ALERT"),
  envelope("STOCK_ALERT"),
  envelope("NEW_ARRIVAL_ALERT"),
  envelope("NEWS_UPDATE"),
  envelope("CART_UPDATE"),
  envelope("INVENTORY_ALERT"),
  envelope("NOWCAST_UPDATE"),
  envelope("SALES_UPDATE"),
  envelope("VARIANT_CHANGED"),
  envelope("SYSTEM_ALERT"),
  envelope("MONITOR_UPDATE"),
  envelope("AI_INSIGHT"),
  envelope("CONNECTION_ACK"),
  envelope("HEARTBEAT"),
  envelope("ACK"),
  envelope("ERROR"),
]);

export type LiveMessage = z.infer<typeof liveMessageSchema>;
export type LiveMessageOf<Type extends LiveMessageType> = Extract<LiveMessage, { type: Type }>;

/** Types that are said once on a connection and not kept for replay. */
export type ConnectionMessageType = "CONNECTION_ACK" | "HEARTBEAT" | "ACK" | "ERROR";

/** A type with its payload, as publishers give it. */
export type LiveContent = {
  [Type in Exclude<LiveMessageType, ConnectionMessageType>]: {
    readonly type: Type;
    readonly payload: z.infer<(typeof livePayloads)[Type]>;
  };
}[Exclude<LiveMessageType, ConnectionMessageType>];

/**
 * Reads a message from the wire.
 *
 * @returns `undefined` for anything this version does not know, such as another `v`: log it and carry on
 */
export function parseLiveMessage(data: unknown): LiveMessage | undefined {
  let value = data;
  if (typeof data === "string") {
    try {
      value = JSON.parse(data);
    } catch {
      return undefined;
    }
  }
  return liveMessageSchema.safeParse(value).data;
}

/** Topics anybody may name. `personalized` and `cart` are the caller's own. */
export const simpleTopics = [
  "price_drops",
  "stock_alerts",
  "trending",
  "new_arrivals",
  "personalized",
  "cart",
] as const;

export type SimpleTopic = (typeof simpleTopics)[number];

/** What is sent when no topics are named. */
export const defaultTopics: readonly SimpleTopic[] = ["price_drops", "personalized"];

/** Topics of a farm that its members alone may follow. */
export const farmTopics = ["sales", "inventory", "insights"] as const;

/** What operators alone may follow. */
export const monitorTopic = "operate:monitor";

/** At most so many topics are named at once. */
export const maxTopics = 100;

export const topicsInput = z.array(z.string().min(1).max(100)).max(maxTopics);

const cursor = z.string().max(20).nullish();

/** What a client sends on `/ws/recommendations` (RT-03); each is answered by ACK or ERROR with its `reqId`. */
export const clientMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("SUBSCRIBE"),
    payload: z.object({ topics: topicsInput.min(1), resumeFrom: cursor }),
  }),
  z.object({ type: z.literal("UNSUBSCRIBE"), payload: z.object({ topics: topicsInput.min(1) }) }),
  z.object({
    type: z.literal("USER_ACTION"),
    payload: z.object({
      /** One of the 14 actions. */
      type: z.string().max(40),
      entityId: z.string().min(1).max(200).optional(),
      entityType: z.string().max(40).optional(),
      /** ISO text, or milliseconds since 1970, which end with the year 275760. */
      timestamp: z
        .union([z.iso.datetime({ offset: true }), z.number().int().positive().max(8_640_000_000_000_000)])
        .optional(),
      id: z.uuid().optional(),
    }),
  }),
  z.object({
    type: z.literal("REQUEST_RECOMMENDATIONS"),
    payload: z.object({
      productId: z.uuid().optional(),
      limit: z.number().int().min(1).max(50).default(8),
      /** The kind of page, or that with what was searched for on it. */
      context: z
        .union([
          z.string().max(50),
          z.object({ pageType: z.string().max(50).optional(), searchQuery: z.string().max(200).optional() }),
        ])
        .optional(),
    }),
  }),
]);

export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type ClientMessageOf<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;
