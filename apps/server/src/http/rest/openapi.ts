import { liveMessageSchema } from "@almanac/realtime/messages";
import { recommendationsSchema } from "@almanac/recsys";
import { z } from "zod";
import {
  modelsSchema,
  orderedTrainingSchema,
  predictionSchema,
  putRankingSchema,
  rankingSchema,
  searchSchema,
  trainingsSchema,
} from "./answers.ts";
import {
  boughtTogetherQuery,
  eventStreamQuery,
  inventoryAnswerBody,
  inventoryOptimizeQuery,
  inventoryQuery,
  liveQuery,
  personalizedSearchQuery,
  predictBody,
  rankingBody,
  recommendationsQuery,
  resetBody,
  statsQuery,
  trackBody,
  trainBody,
  trainingsQuery,
} from "./inputs.ts";
import {
  answeredAdviceSchema,
  inventoryAdviceSchema,
  inventoryForecastSchema,
  inventoryPlanSchema,
  inventoryTrendsSchema,
} from "./inventory-answers.ts";
import { clearedSchema, resetSchema, statsSchema } from "./stats-answers.ts";

export interface OpenApiOperation {
  readonly summary: string;
  readonly description?: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: object;
  readonly example?: string;
}

export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: object;
}

type JsonSchema = Record<string, unknown>;

/** The REST addresses as an OpenAPI 3.1 document, from the schemas that also check the calls. */
export function openApiDocument(version: string): OpenApiDocument {
  const operators: readonly Record<string, readonly string[]>[] = [{ session: [] }, { apiKey: [] }];
  return {
    openapi: "3.1.0",
    info: {
      title: "Almanac",
      version,
      description:
        "Recommendations, search and a farm's inventory over REST. The same calls, and all others, are in the typed client over /trpc. Who asks is known by the session, the visitor cookie or an API key (Authorization: Bearer), never by a parameter.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths: {
      "/api/recommendations": {
        get: {
          summary: "Recommendations for whoever asks",
          description: "At most 50 products, however many are asked for. Kept by the browser for a minute.",
          operationId: "getRecommendations",
          tags: ["recommendations"],
          parameters: parametersOf(recommendationsQuery, { limit: "4", context: "HOME" }),
          responses: answers("Recommendations", [304, 400, 401, 403, 404, 429]),
        },
        post: {
          summary: "Log what a shopper did",
          description:
            "Stored once by eventId. With getRecommendations it answers what recsys.triggers says the action leads to, or the shopper's own where it leads to nothing. 202 when the shopper does not want to be followed (nothing is stored), and with shed when too much waits: the event is stored, and nothing reacts to it.",
          operationId: "trackAction",
          tags: ["recommendations"],
          requestBody: bodyOf(trackBody, {
            action: "VIEW_PRODUCT",
            entityType: "PRODUCT",
            entityId: exampleId,
          }),
          responses: {
            ...answers("Tracked", [400, 401, 403, 413, 429]),
            "202": json("Heard, but not stored or not reacted to", "Tracked"),
          },
        },
      },
      "/api/recommendations/frequently-bought-together": {
        get: {
          summary: "What is bought with a product",
          description: "The same for everybody; shared caches may keep it for five minutes.",
          operationId: "getBoughtTogether",
          tags: ["recommendations"],
          parameters: parametersOf(boughtTogetherQuery, { productId: exampleId, limit: "3" }),
          responses: answers("Recommendations", [304, 400, 404, 429]),
        },
      },
      "/api/recommendations/stats": {
        get: {
          summary: "Figures of events, recommendations and connections",
          operationId: "getStats",
          tags: ["operating"],
          security: operators,
          parameters: parametersOf(statsQuery, { detailed: "true" }),
          responses: answers("Stats", [400, 401, 403, 429]),
        },
        post: {
          summary: "Let the figures begin at zero",
          description:
            "Nothing is deleted, and the audit log says who did it. Asks for a password of the last ten minutes (403 step_up_required).",
          operationId: "resetStats",
          tags: ["operating"],
          security: operators,
          requestBody: bodyOf(resetBody, { resetType: "events" }),
          responses: answers("Reset", [400, 401, 403, 413, 429]),
        },
        delete: {
          summary: "Take what waits out of the queue",
          description:
            "Into an archive that can be restored; the audit log holds the sizes before and after. Asks for a password of the last ten minutes (403 step_up_required).",
          operationId: "clearQueue",
          tags: ["operating"],
          security: operators,
          responses: answers("ClearedQueue", [401, 403, 429]),
        },
      },
      "/api/search/personalized": {
        get: {
          summary: "Search, in the order that suits whoever asks",
          description:
            "Every hit explains its score: five terms, each with its value, weight and contribution. rankingVersion says by which weights. The same as search.query.",
          operationId: "searchPersonalized",
          tags: ["search"],
          parameters: parametersOf(personalizedSearchQuery, { q: "tomato", organic: "true", limit: "5" }),
          responses: answers("Search", [400, 401, 403, 429]),
        },
      },
      "/api/search/ranking": {
        get: {
          summary: "The weights of search: which are live, all versions, all switches",
          description: "The same as admin.ranking.list.",
          operationId: "getRanking",
          tags: ["search", "operating"],
          security: operators,
          responses: answers("Ranking", [401, 403, 429]),
        },
        put: {
          summary: "New weights",
          description:
            "Keeps them as a new version, which never changes again, and makes it live unless publish is false. Each weight is 0 to 1 and the five sum to 1. The same as admin.ranking.saveDraft and admin.ranking.publish.",
          operationId: "putRanking",
          tags: ["search", "operating"],
          security: operators,
          requestBody: bodyOf(rankingBody, {
            weights: { base: 0.4, personalization: 0.3, recency: 0.1, popularity: 0.1, seasonal: 0.1 },
            note: "As shipped",
            publish: false,
          }),
          responses: {
            ...failures([400, 401, 403, 409, 413, 429]),
            "201": json("Kept", "KeptRanking"),
          },
        },
      },
      "/api/inventory/forecast": {
        get: {
          summary: "What a farm should expect of its next market days",
          description:
            "P10, P50 and P90 by product in base units, with how well such forecasts went. The same as planning.forecasts.",
          operationId: "getInventoryForecast",
          tags: ["inventory"],
          security: operators,
          parameters: parametersOf(inventoryQuery, { farmId: exampleId }),
          responses: answers("InventoryForecast", [400, 401, 403, 404, 429]),
        },
      },
      "/api/inventory/optimize": {
        get: {
          summary: "What to bring of everything",
          description:
            "The newsvendor's quantity in whole crates, within the van, by the farm's own leaning or another. The same as advice.preview.",
          operationId: "getInventoryPlan",
          tags: ["inventory"],
          security: operators,
          parameters: parametersOf(inventoryOptimizeQuery, { farmId: exampleId, leaning: "25" }),
          responses: answers("InventoryPlan", [400, 401, 403, 404, 429]),
        },
      },
      "/api/inventory/trends": {
        get: {
          summary: "What of a farm's products rises and falls",
          description:
            "Trend, strength, direction, confidence and factors by product, the time of the year taken out, beside last season by weeks since the first harvest, and the rhythms of all its sales. The same as growing.trends.",
          operationId: "getInventoryTrends",
          tags: ["inventory"],
          security: operators,
          parameters: parametersOf(inventoryQuery, { farmId: exampleId }),
          responses: answers("InventoryTrends", [400, 401, 403, 404, 429]),
        },
      },
      "/api/inventory/recommendations": {
        get: {
          summary: "What a farm is advised to do, and what runs low",
          description: "The same as advice.list and lowStock.list.",
          operationId: "getInventoryRecommendations",
          tags: ["inventory"],
          security: operators,
          parameters: parametersOf(inventoryQuery, { farmId: exampleId }),
          responses: answers("InventoryAdvice", [400, 401, 403, 404, 429]),
        },
        post: {
          summary: "Accept an advice, turn it down, or take the answer back",
          description: "The same as advice.accept, advice.reject and advice.undo.",
          operationId: "answerInventoryRecommendation",
          tags: ["inventory"],
          security: operators,
          requestBody: bodyOf(inventoryAnswerBody, {
            farmId: exampleId,
            adviceId: exampleId,
            decision: "ACCEPT",
          }),
          responses: answers("AnsweredAdvice", [400, 401, 403, 404, 409, 413, 429]),
        },
      },
      "/api/ml/models": {
        get: {
          summary: "Every kind of model: what is live, what is tried, its versions and trainings",
          description: "The same as ml.models.list.",
          operationId: "listModels",
          tags: ["models"],
          security: operators,
          responses: answers("Models", [401, 403, 429]),
        },
      },
      "/api/ml/predict": {
        post: {
          summary: "One answer of a live model to an input of its signature",
          description:
            "Sixty a minute. What a farm sells is for operators (403). 503 model_not_serving while no version of it is live. The same as ml.predict.",
          operationId: "predict",
          tags: ["models"],
          security: operators,
          requestBody: bodyOf(predictBody, { name: "lifetime", input: lifetimeExample }),
          responses: answers("Prediction", [400, 401, 403, 404, 413, 429, 503]),
        },
      },
      "/api/ml/train": {
        get: {
          summary: "Trainings, the latest first, and how far they are",
          description: "The same as ml.runs.",
          operationId: "listTrainings",
          tags: ["models"],
          security: operators,
          parameters: parametersOf(trainingsQuery, { name: "churn", limit: "5" }),
          responses: answers("Trainings", [400, 401, 403, 429]),
        },
        post: {
          summary: "Order a training",
          description:
            "It waits in the queue; the list of trainings tells how far it is. One that waits already is answered again, with isNew false. The same as ml.train.",
          operationId: "train",
          tags: ["models"],
          security: operators,
          requestBody: bodyOf(trainBody, { name: "churn", seed: 7 }),
          responses: {
            ...failures([400, 401, 403, 404, 413, 429]),
            "202": json("Ordered", "OrderedTraining"),
          },
        },
      },
      "/api/realtime/recommendations": {
        get: {
          summary: "What came on the live lane since a cursor",
          description:
            "For clients that can hold no connection: recommendations and alerts of the caller's topics, at most 200, of the last five minutes. Idle polls with If-None-Match are answered with 304. The same as realtime.poll.",
          operationId: "pollLive",
          tags: ["live"],
          parameters: parametersOf(liveQuery, { topics: "price_drops", cursor: "0" }),
          responses: answers("LiveMessages", [304, 400, 403, 429]),
        },
      },
      "/api/realtime/events": {
        get: {
          summary: "The live lane as server-sent events",
          description:
            "Each event's data is one LiveMessage and its id the cursor; EventSource sends the last one back and misses nothing. The same as the subscription realtime.live.",
          operationId: "streamLive",
          tags: ["live"],
          parameters: parametersOf(eventStreamQuery, { topics: "price_drops" }),
          responses: {
            ...failures([400, 403, 429]),
            "200": {
              description: "A stream that goes on until the client leaves",
              content: { "text/event-stream": { schema: reference("LiveMessage") } },
            },
          },
        },
      },
      "/api/realtime/ticket": {
        post: {
          summary: "A ticket to the live lane",
          description: "Opens /ws/recommendations once, within 30 seconds.",
          operationId: "issueTicket",
          tags: ["live"],
          responses: answers("Ticket", [401, 403, 429]),
        },
      },
    },
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "__Host-almanac-session" },
        apiKey: { type: "http", scheme: "bearer" },
      },
      schemas: {
        Meta: schemaOf(
          z.looseObject({
            processingTime: z.number(),
            requestId: z.string(),
            count: z.number().int().optional(),
          }),
          "output",
        ),
        Failure: schemaOf(
          z.object({
            success: z.literal(false),
            error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
            meta: z.object({ processingTime: z.number(), requestId: z.string() }),
          }),
          "output",
        ),
        Recommendations: schemaOf(recommendationsSchema, "output"),
        Tracked: schemaOf(
          z.object({
            eventId: z.string(),
            eventProcessed: z.boolean(),
            duplicate: z.boolean(),
            shed: z.boolean(),
            recommendations: recommendationsSchema.optional(),
          }),
          "output",
        ),
        LiveMessage: schemaOf(liveMessageSchema, "output"),
        LiveMessages: schemaOf(
          z.object({
            messages: z.array(z.looseObject({ id: z.string(), type: z.string() })),
            cursor: z.string(),
            startsOver: z.literal(true).optional().meta({
              description: "The cursor given is of another life of the database: read everything anew",
            }),
          }),
          "output",
        ),
        Stats: schemaOf(statsSchema, "output"),
        Reset: schemaOf(resetSchema, "output"),
        ClearedQueue: schemaOf(clearedSchema, "output"),
        InventoryForecast: schemaOf(inventoryForecastSchema, "output"),
        InventoryPlan: schemaOf(inventoryPlanSchema, "output"),
        InventoryTrends: schemaOf(inventoryTrendsSchema, "output"),
        InventoryAdvice: schemaOf(inventoryAdviceSchema, "output"),
        AnsweredAdvice: schemaOf(answeredAdviceSchema, "output"),
        Search: schemaOf(searchSchema, "output"),
        Ranking: schemaOf(rankingSchema, "output"),
        KeptRanking: schemaOf(putRankingSchema, "output"),
        Models: schemaOf(modelsSchema, "output"),
        Prediction: schemaOf(predictionSchema, "output"),
        Trainings: schemaOf(trainingsSchema, "output"),
        OrderedTraining: schemaOf(orderedTrainingSchema, "output"),
        Ticket: schemaOf(z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }), "output"),
      },
    },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** An id in examples; those of a real market are others. */
const exampleId = "01990000-0000-7000-8000-00000000000a";

/** What a regular shopper is to the model of their value. */
const lifetimeExample = {
  repeats: 6,
  lastWeeks: 30,
  ageWeeks: 32,
  meanCents: 2_400,
  weeksAhead: 26,
  lastHalfYearCents: 9_600,
};

/** @param examples what the operation may be called with, by name */
function parametersOf(schema: z.ZodObject, examples: Readonly<Record<string, string>>): OpenApiParameter[] {
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(typeof description === "string" && { description }),
    schema: property,
    ...(examples[name] !== undefined && { example: examples[name] }),
  }));
}

function bodyOf<Schema extends z.ZodType>(schema: Schema, example: z.input<Schema>): object {
  return { required: true, content: { "application/json": { schema: schemaOf(schema, "input"), example } } };
}

const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

function json(description: string, data: string): { description: string; content: object } {
  const properties = { success: { const: true }, data: reference(data), meta: reference("Meta") };
  const schema = { type: "object", properties, required: ["success", "data", "meta"] };
  return { description, content: { "application/json": { schema } } };
}

const refusals: Record<number, string> = {
  304: "Not changed",
  400: "The input is not valid",
  401: "Sign in first",
  403: "Not allowed",
  404: "There is no such thing",
  409: "Somebody else changed it meanwhile",
  413: "The body is too large",
  429: "Too many calls; see Retry-After",
  503: "Not now",
};

function failures(statuses: readonly number[]): Record<string, { description: string }> {
  const content = { "application/json": { schema: reference("Failure") } };
  return Object.fromEntries(
    statuses.map((status) => {
      const description = refusals[status] ?? "";
      return [String(status), status === 304 ? { description } : { description, content }];
    }),
  );
}

function answers(data: string, statuses: readonly number[]): Record<string, { description: string }> {
  return { "200": json("Done", data), ...failures(statuses) };
}
