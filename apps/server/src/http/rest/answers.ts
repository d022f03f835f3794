/** What the REST addresses answer, for the OpenAPI page. A test holds every answer against it. */
import { modelNames } from "@almanac/models";
import { rankingTerms } from "@almanac/ranking/search";
import { z } from "zod";

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const moment = z.iso.datetime();
const choice = z.object({ slug: z.string(), name: z.string(), count });

const searchHit = z.object({
  card: z.looseObject({ id: z.uuid(), slug: z.string(), name: z.string(), isAvailable: z.boolean() }),
  score: share,
  explain: z.record(z.enum(rankingTerms), z.object({ value: share, weight: share, contribution: share })),
  position: z.int().min(1).meta({ description: "1 for the best of the whole result" }),
});

export const searchSchema = z.object({
  searchId: z.uuid(),
  query: z.string(),
  correctedTo: z.string().optional().meta({ description: "What was searched for instead" }),
  didYouMean: z.string().optional(),
  unmet: z
    .array(z.string())
    .optional()
    .meta({ description: 'Asked for, and said of no product: "gluten free"' }),
  total: count,
  hits: z.array(searchHit),
  facets: z.object({
    farms: z.array(choice.extend({ id: z.uuid() })),
    categories: z.array(choice),
    organic: count,
    inSeason: count,
    snap: count,
    distance: z.array(z.object({ km: z.number(), count })),
    price: z.array(z.object({ fromCents: count, toCents: count.optional(), count })),
    marketDays: z.array(z.object({ day: z.string(), count })),
    weekdays: z.array(z.object({ weekday: z.int().min(1).max(7), count })),
  }),
  emptyHint: z
    .object({
      productId: z.uuid(),
      slug: z.string(),
      name: z.string(),
      reason: z.enum(["off_season", "sold_out"]),
      returnsOn: z.iso.date().optional(),
    })
    .optional(),
  personalised: z.boolean(),
  rankingVersion: count,
  arm: z.string(),
  tookMs: z.number().min(0),
});

const rankingVersion = z.object({
  number: count,
  weights: z.record(z.enum(rankingTerms), share),
  note: z.string(),
  basedOn: count.optional(),
  authorUserId: z.uuid().optional(),
  authorName: z.string().optional(),
  createdAt: moment.optional(),
});

export const rankingSchema = z.object({
  live: count.meta({ description: "Number of the version that searches go by" }),
  liveVersion: rankingVersion,
  versions: z.array(rankingVersion),
  switches: z.array(
    z.looseObject({
      seq: count,
      version: count,
      previous: count,
      kind: z.enum(["published", "rolled_back"]),
    }),
  ),
});

export const putRankingSchema = z.object({ id: count, isLive: z.boolean(), version: rankingVersion });

const training = z.looseObject({
  id: z.uuid(),
  status: z.string(),
  reason: z.string(),
  requestedAt: moment,
  seed: z.int(),
  versionId: z.uuid().nullable(),
});

export const modelsSchema = z.object({
  models: z.array(
    z.object({
      name: z.enum(modelNames),
      type: z.string(),
      title: z.string(),
      purpose: z.string(),
      champion: z.uuid().nullable().meta({ description: "The version that answers" }),
      challenger: z.object({ versionId: z.uuid(), percent: count }).nullable(),
      drifted: z.array(z.string()),
      versions: z.array(z.looseObject({ id: z.uuid(), version: count, createdAt: moment })),
      runs: z.array(training),
      farms: z.array(z.looseObject({})).nullable(),
    }),
  ),
  health: z.looseObject({ problem: z.string().optional(), loaded: z.array(z.string()) }),
});

export const predictionSchema = z.object({
  score: z.number().meta({ description: "A chance or an amount, by the model" }),
  low: z.number().optional(),
  high: z.number().optional(),
  orders: z.number().optional(),
  reasons: z.array(z.string()),
  servedBy: z.string(),
  versionId: z.uuid(),
  version: count,
  scope: z.string(),
  arm: z.enum(["champion", "challenger"]),
  executionMs: z.number().min(0),
});

export const trainingsSchema = z.object({ runs: z.array(training) });

export const orderedTrainingSchema = z.object({
  runId: z.uuid(),
  isNew: z.boolean().meta({ description: "false where such a training waits already" }),
});
