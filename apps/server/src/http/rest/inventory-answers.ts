/** What the `inventory/*` addresses answer, for the OpenAPI page. A test holds every answer against it. */
import { baseUnits } from "@almanac/kernel";
import { z } from "zod";

const count = z.int().min(0);
const day = z.iso.date();
const moment = z.iso.datetime();
/** Base units of a product: g, ml or pieces. */
const amount = z.number().min(0);
const product = { productId: z.uuid(), name: z.string(), baseUnit: z.enum(baseUnits) };
const marketOfDay = { marketId: z.uuid(), marketName: z.string(), marketDay: day };

const forecastQuality = z.object({
  products: count,
  days: count,
  wape: z.number().min(0).nullable().meta({ description: "Weighted absolute percentage error" }),
  bias: z.number().nullable(),
  accuracy: z.number().nullable().meta({ description: "1 - WAPE; none for what sells now and then" }),
});

export const inventoryForecastSchema = z.object({
  madeAt: moment.nullable(),
  accuracy: z.number().nullable(),
  classes: z.object({
    regular: forecastQuality,
    intermittent: forecastQuality,
    unknown: count.meta({ description: "Products that were not sold on enough days to be judged" }),
  }),
  forecasts: z.array(
    z.object({
      ...product,
      ...marketOfDay,
      picture: z.string(),
      p10: amount,
      p50: amount,
      p90: amount,
      orderedBase: amount.meta({ description: "Ordered so far" }),
      usuallyOrdered: z
        .number()
        .min(0)
        .nullable()
        .meta({ description: "What part of a day's sales is usually ordered by this time" }),
      model: z.string(),
      type: z.string(),
      modelVersion: z.string(),
      demandClass: z.enum(["regular", "intermittent"]),
      daysLearned: count,
    }),
  ),
});

export const inventoryPlanSchema = z.object({
  leaning: z.int().min(-100).max(100),
  bring: z.array(
    z.object({
      ...product,
      ...marketOfDay,
      bringBase: amount,
      ratio: z.number().min(0).max(1).meta({ description: "The newsvendor's critical ratio" }),
      isCapped: z.boolean(),
      limit: z.enum(["van", "hands"]).nullable().meta({ description: "What kept it from being more" }),
    }),
  ),
});

export const inventoryTrendsSchema = z.object({
  products: z.array(
    z.object({
      ...product,
      type: z.enum(["rising", "falling", "stable", "volatile"]),
      strength: z.number(),
      direction: z.enum(["up", "down", "stable"]),
      confidence: z.number().min(0).max(1),
      changePerPeriod: z.number(),
      basis: z.enum(["adjusted", "plain", "season"]),
      weeks: z.array(z.number().nullable()),
      lastDay: day.nullable(),
      yearOnYear: z.object({ change: z.number(), weeks: count, laterDays: z.int() }).nullable(),
      soldOut: count,
      factors: z.array(z.string()).meta({ description: "What moves it, in words, the weightiest first" }),
    }),
  ),
  patterns: z.array(z.object({ kind: z.string(), effect: z.number(), confidence: z.number().min(0).max(1) })),
  marketDays: count,
});

const adviceDetails = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("quantity"), otherMarketIds: z.array(z.uuid()).optional() }),
  z.object({
    kind: z.literal("bring"),
    demand: z.object({ p10: amount, p50: amount, p90: amount }),
    ratio: z.number().min(0).max(1),
    isCapped: z.boolean(),
  }),
  z.object({ kind: z.literal("price"), variantId: z.uuid(), fromCents: count, toCents: count }),
  z.object({
    kind: z.literal("move"),
    fromMarketId: z.uuid(),
    fromDay: day,
    toMarketId: z.uuid(),
    toDay: day,
  }),
]);

const advice = z.object({
  id: z.uuid(),
  type: z.string().meta({ description: "Such as BRING_TO_MARKET, HARVEST_MORE, MARK_DOWN" }),
  productId: z.uuid(),
  productName: z.string(),
  baseUnit: z.enum(baseUnits),
  marketId: z.uuid().nullable(),
  marketName: z.string().nullable(),
  marketDay: day.nullable(),
  currentBase: amount,
  recommendedBase: amount,
  reasoning: z.string(),
  priority: z.enum(["LOW", "MEDIUM", "HIGH", "URGENT"]),
  gainCents: z.int().nullable(),
  details: adviceDetails,
  status: z.enum(["PENDING", "ACCEPTED", "REJECTED", "EXPIRED"]),
  validUntil: moment,
  rejectionReason: z.string().nullable(),
  decidedAt: moment.nullable(),
  doneAt: moment.nullable(),
  isTask: z.boolean(),
  ending: z.enum(["product", "stall", "day"]).nullable().meta({ description: "What of it is no more" }),
  isUndoable: z.boolean(),
});

export const inventoryAdviceSchema = z.object({
  madeAt: moment,
  pending: z.array(advice),
  answered: z.array(advice),
  plan: z.array(z.object({ ...product, ...marketOfDay, quantityBase: amount })),
  lowStock: z.array(
    z.object({
      ...product,
      priority: z.enum(["MEDIUM", "HIGH", "URGENT"]),
      leftBase: z.number(),
      thresholdBase: amount,
      expectedBase: amount
        .optional()
        .meta({ description: "Expected to be asked for on the next market day" }),
      marketDay: day.optional(),
    }),
  ),
});

export const answeredAdviceSchema = z.object({ advice: advice.nullable() });
