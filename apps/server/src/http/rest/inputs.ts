/** What the REST addresses take. The OpenAPI page is made from the same schemas. */
import { entityTypes, userActionTypes } from "@almanac/events";
import type { MarketId, ProductId } from "@almanac/kernel";
import { idInput } from "@almanac/trpc";
import { z } from "zod";

const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a lower-case UUID")
  .meta({ format: "uuid" });
const productId = uuid.pipe(idInput<ProductId>());
const marketId = uuid.pipe(idInput<MarketId>());

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

const place = {
  latitude: degrees(90).optional(),
  longitude: degrees(180).optional(),
  marketId: marketId.optional(),
};

export const recommendationsQuery = z.object({
  userId: z.string().max(100).optional().meta({
    description:
      "Your own id, as a user or as a shopper. Another's is refused (403) unless the caller holds recommendations.any; without a session any is refused (401).",
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
});

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
  userId: z.string().max(100).optional().meta({ description: "Your own id, if any; see GET" }),
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

export const resetBody = z.object({ resetType: z.enum(["events", "all"]) });
