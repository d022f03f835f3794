/** What the REST addresses take. The OpenAPI page is made from the same schemas. */
import { entityTypes, userActionTypes } from "@almanac/events";
import { rejectionReasons } from "@almanac/advice";
import { modelNames } from "@almanac/models";
import type { AdviceId } from "@almanac/db/schema";
import type { FarmId, MarketId, ProductId } from "@almanac/kernel";
import { idInput } from "@almanac/trpc";
import { z } from "zod";

const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a lower-case UUID")
  .meta({ format: "uuid" });
const productId = uuid.pipe(idInput<ProductId>());
const marketId = uuid.pipe(idInput<MarketId>());
const farmId = uuid.pipe(idInput<FarmId>()).meta({ description: "A farm of the caller's own" });
const adviceId = uuid.pipe(idInput<AdviceId>());

const limitText = (max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number from 1 to ${max}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= max, `must be from 1 to ${max}`)
    .default(fallback)
    .meta({ description: `1 to ${max}`, default: String(fallback) });

const degrees = (max: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,12})?$/, "must be degrees such as 41.70")
    .transform(Number)
    .refine((value) => Math.abs(value) <= max, `must be from -${max} to ${max}`);

export const pageTypes = ["HOME", "PRODUCT_DETAIL", "CART", "CHECKOUT", "SEARCH"] as const;

/** Half of a place would be silently none. */
const isWholePlace = ({ latitude, longitude }: { latitude?: number; longitude?: number }): boolean =>
  (latitude === undefined) === (longitude === undefined);
const wholePlace = { path: ["longitude"], message: "must be given with latitude, and only with it" };

const place = {
  latitude: degrees(90).optional(),
  longitude: degrees(180).optional(),
  marketId: marketId.optional().meta({
    description:
      "Where the shopper picks up. One that is not known narrows nothing here, and finds nothing in a search",
  }),
};

export const recommendationsQuery = z
  .object({
    userId: z.string().max(100).optional().meta({
      description:
        "Your own id, as a user or as a shopper. Another's is refused (403) unless the caller holds recommendations.any, and is not found (404) where it is nobody's; without a session any is refused (401).",
    }),
    productId: productId.optional().meta({ description: "The product that is looked at" }),
    category: z.string().min(1).max(100).optional(),
    limit: limitText(100, 10),
    excludeIds: z
      .string()
      .max(8_000)
      .transform((text) => text.split(",").map((id) => id.trim()))
      .pipe(z.array(productId).max(200))
      .optional()
      .meta({ description: "Ids of products to leave out, separated by commas" }),
    context: z.enum(pageTypes).optional(),
    ...place,
  })
  .refine(isWholePlace, wholePlace);

export const boughtTogetherQuery = z.object({
  productId,
  limit: limitText(20, 5),
  marketId: marketId.optional(),
});

export const statsQuery = z.object({
  detailed: z
    .enum(["true", "false", "1", "0"])
    .transform((text) => text === "true" || text === "1")
    .default(false),
});

export const trackBody = z.object({
  userId: z.string().max(100).optional().meta({ description: "Your own id, if any; another's is refused" }),
  eventId: uuid.optional().meta({ description: "Made by the client; the same id twice is stored once" }),
  action: z.enum(userActionTypes),
  entityId: z.string().min(1).max(200).optional(),
  entityType: z.enum(entityTypes).optional(),
  metadata: z.record(z.string().max(100), z.json()).optional(),
  getRecommendations: z.boolean().default(false),
  limit: z.number().int().min(1).max(100).default(10),
  context: z
    .object({ pageType: z.enum(pageTypes).optional(), searchQuery: z.string().max(200).optional() })
    .optional(),
});

const yesOrNo = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");
const centsText = z
  .string()
  .regex(/^\d{1,8}$/, "must be a whole number of cents")
  .transform(Number);
const listOf = (description: string) =>
  z
    .string()
    .max(2_000)
    .transform((text) => text.split(",").map((item) => item.trim()))
    .pipe(z.array(z.string().min(1).max(120)).max(50))
    .optional()
    .meta({ description });

export const personalizedSearchQuery = z
  .object({
    q: z
      .string()
      .max(200)
      .optional()
      .meta({ description: "What is searched for; without it, the whole shop" }),
    userId: z.string().max(100).optional().meta({ description: "Your own id; another's is refused" }),
    personalize: yesOrNo.optional().meta({ description: "false: the order that everybody gets" }),
    category: listOf("Slugs of categories, separated by commas; any of them"),
    farm: listOf("Slugs or ids of farms, separated by commas; any of them"),
    organic: yesOrNo.optional(),
    inSeason: yesOrNo.optional(),
    snap: yesOrNo.optional(),
    availableOnly: yesOrNo.optional(),
    maxKm: z
      .string()
      .regex(/^\d{1,5}(\.\d{1,6})?$/, "must be kilometres such as 20")
      .transform(Number)
      .refine((km) => km > 0 && km <= 20_000, "must be above 0 and at most 20000")
      .optional(),
    minPriceCents: centsText.optional(),
    maxPriceCents: centsText.optional(),
    sort: z.enum(["best", "cheapest", "dearest", "nearest", "freshest"]).optional(),
    limit: limitText(100, 24),
    offset: z
      .string()
      .regex(/^\d{1,6}$/, "must be a whole number from 0 to 100000")
      .transform(Number)
      .refine((offset) => offset <= 100_000, "must be from 0 to 100000")
      .optional(),
    ...place,
  })
  .refine(isWholePlace, wholePlace);

export const rankingBody = z.strictObject({
  weights: z.strictObject({
    base: z.number(),
    personalization: z.number(),
    recency: z.number(),
    popularity: z.number(),
    seasonal: z.number(),
  }),
  note: z.string().max(300).optional(),
  publish: z.boolean().default(true).meta({ description: "false keeps the version as a draft" }),
  expectedLive: z.number().int().min(0).max(2_000_000_000).optional().meta({
    description: "Number of the version that was live when you looked; refused (409) if it is not now",
  }),
});

export const inventoryQuery = z.object({ farmId });

export const inventoryOptimizeQuery = z.object({
  farmId,
  leaning: z
    .string()
    .regex(/^-?\d{1,3}$/, "must be a whole number from -100 to 100")
    .transform(Number)
    .refine((leaning) => Math.abs(leaning) <= 100, "must be from -100 to 100")
    .optional()
    .meta({
      description: "-100 rather sell out, 100 rather never run out; the farm's own without it",
    }),
});

export const inventoryAnswerBody = z.discriminatedUnion("decision", [
  z.strictObject({
    farmId,
    adviceId,
    decision: z.literal("ACCEPT"),
    quantityBase: z.number().int().min(0).max(100_000_000).optional().meta({
      description: "Another quantity than was advised, in base units",
    }),
  }),
  z.strictObject({ farmId, adviceId, decision: z.literal("REJECT"), reason: z.enum(rejectionReasons) }),
  z.strictObject({ farmId, adviceId, decision: z.literal("UNDO") }),
]);

const modelName = z.enum(modelNames);
const farmOfModel = uuid
  .pipe(idInput<FarmId>())
  .optional()
  .meta({ description: "The farm whose own version is meant; everybody's without one" });

export const predictBody = z.strictObject({
  name: modelName,
  farmId: farmOfModel,
  input: z
    .record(z.string().min(1).max(60), z.number().nullable())
    .refine((values) => Object.keys(values).length <= 100, "has more than 100 values")
    .meta({ description: "Numbers by the names of the model's signature; null where one is not known" }),
  unit: z.string().min(1).max(100).optional().meta({
    description: "Whom it is about, if not the caller: decides the arm of a rollout, and is not kept",
  }),
  withReasons: z.boolean().default(true),
});

export const trainBody = z.strictObject({
  name: modelName,
  farmId: farmOfModel,
  seed: z.number().int().min(1).max(1_000_000_000).default(1),
});

export const trainingsQuery = z.object({
  name: modelName.optional(),
  farmId: farmOfModel,
  limit: limitText(100, 20),
});

export const resetBody = z.object({ resetType: z.enum(["events", "all"]) });

export const liveQuery = z.object({
  topics: z
    .string()
    .max(4_000)
    .transform((text) => text.split(",").map((topic) => topic.trim()))
    .pipe(z.array(z.string().min(1).max(100)).min(1).max(100))
    .optional()
    .meta({ description: "Separated by commas; price_drops and personalized unless named" }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "must be a cursor of an earlier answer")
    .optional()
    .meta({
      description: "Where the last answer ended; without it, only the place to begin from is answered",
    }),
});

export const eventStreamQuery = z.object({
  topics: liveQuery.shape.topics,
  lastEventId: z
    .string()
    .max(20)
    .optional()
    .meta({ description: "For clients that cannot send the Last-Event-ID header" }),
});
