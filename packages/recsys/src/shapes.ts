/** What recommendations look like on the wire, for every transport: one schema. Nothing here needs Node. */
import { z } from "zod";
import { servingArms } from "./core/arms/names.ts";
import { algorithmNames, recommendationReasons } from "./core/types.ts";

const share = z.number().min(0).max(1);

/** A product as every list of the shop shows it; `packages/signals` makes it. */
export const productCardSchema = z.looseObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  category: z.looseObject({ slug: z.string(), name: z.string() }),
  farm: z.looseObject({ id: z.string(), slug: z.string(), name: z.string() }),
  variantId: z.string(),
  variantName: z.string(),
  priceCents: z.number().int(),
  pricePer: z.number(),
  priceUnit: z.string(),
  isAvailable: z.boolean(),
  availableQuantity: z.number(),
  season: z.looseObject({ phase: z.string(), score: z.number(), label: z.string() }),
});

/** One term of a score: the contributions of an item sum to it. */
export const contributionSchema = z.object({
  algorithm: z.enum(algorithmNames),
  reason: z.enum(recommendationReasons),
  weight: share,
  score: z.number(),
  confidence: share,
  contribution: z.number(),
});

export const recommendationItemSchema = z.object({
  card: productCardSchema,
  score: z.number(),
  /** The largest contribution's. */
  reason: z.enum(recommendationReasons),
  reasons: z.array(z.enum(recommendationReasons)).min(1),
  /** The reason in words, without a full stop: "Goes with your eggs". */
  sentence: z.string().min(1),
  confidence: share,
  explain: z.array(contributionSchema).min(1),
  metadata: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
  /** Chance with which it was drawn for its place; absent where nothing was left to chance. */
  propensity: share.optional(),
});

export const recommendationContexts = [
  "HOME",
  "PRODUCT_DETAIL",
  "CART",
  "SEARCH",
  "WISHLIST",
  "CHECKOUT",
] as const;

/** An answer, and likewise the payload of RECOMMENDATION_UPDATE and CART_RECOMMENDATION. */
export const recommendationsSchema = z.object({
  items: z.array(recommendationItemSchema),
  /** Algorithms that could run; one that could not is absent. */
  algorithms: z.array(z.enum(algorithmNames)),
  timestamp: z.iso.datetime(),
  /** Whose they are: a shopper's id; null for somebody without one. */
  userId: z.string().nullable(),
  /** The action that led to a push. */
  trigger: z.string().optional(),
  /** The product that the action was about. */
  productId: z.string().optional(),
  context: z.enum(recommendationContexts).optional(),
  /** Which arm made the list, where several could; "none" where nothing is recommended to the shopper, by an experiment. */
  arm: z.enum(servingArms).optional(),
  /** Under which its impressions are kept; absent where they are not. */
  slateId: z.uuid().optional(),
});

export const homeSections = [
  "forYou",
  "trending",
  "inSeason",
  "newArrivals",
  "priceDrops",
  "coming",
  "ending",
] as const;

export type HomeSection = (typeof homeSections)[number];

const sectionSchema = z.array(recommendationItemSchema);

export const homeSchema = z.object({
  forYou: sectionSchema,
  trending: sectionSchema,
  inSeason: sectionSchema,
  newArrivals: sectionSchema,
  priceDrops: sectionSchema,
  /** What the harvest brings within three weeks. By its nature not on sale yet. */
  coming: sectionSchema,
  ending: sectionSchema,
  algorithms: z.array(z.enum(algorithmNames)),
  timestamp: z.iso.datetime(),
  userId: z.string().nullable(),
  /** Which arm made `forYou` ("none": it is left out by an experiment), and under which id its impressions are kept. */
  arm: z.enum(servingArms).optional(),
  slateId: z.uuid().optional(),
});

const productId = z.uuid();

/** What a client may ask for. Whose recommendations they are is decided by who is signed in. */
export const requestSchema = z.object({
  productId: productId.optional(),
  /** Slug or name. */
  category: z.string().min(1).max(100).optional(),
  limit: z.number().int().min(1).max(100).default(20),
  excludeProductIds: z.array(productId).max(200).default([]),
  location: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  marketId: z.uuid().optional(),
  context: z
    .object({ pageType: z.string().max(50).optional(), searchQuery: z.string().max(200).optional() })
    .optional(),
});
