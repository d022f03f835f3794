import type { FastifyInstance } from "fastify";
import { AppError } from "@almanac/kernel";
import type { HealthReporter } from "../../health/health.ts";
import { takeOver } from "../app.ts";
import { commonHeaders } from "../security-headers.ts";
import { docsPage, docsPagePolicy } from "./docs-page.ts";
import { openApiDocument } from "./openapi.ts";
import {
  answerInventoryAdvice,
  getInventoryAdvice,
  getInventoryForecast,
  getInventoryPlan,
  getInventoryTrends,
} from "./inventory.ts";
import { getModels, getTrainings, postPrediction, postTraining } from "./models.ts";
import { getBoughtTogether, getRecommendations, postRecommendations } from "./recommendations.ts";
import { issueTicket, pollLive } from "./realtime.ts";
import { restRoute, type RestDeps, type RestHandler } from "./rest-route.ts";
import { getPersonalizedSearch, getRanking, putRanking } from "./search.ts";
import { clearQueue, getStats, resetStats } from "./stats.ts";

export interface RestOptions extends RestDeps {
  readonly health: HealthReporter;
  readonly version: string;
}

/**
 * What no route takes: `OPTIONS` of a known address is told the methods it answers to, another method that there are only those
 * (RFC 9110, 15.5.6), and any method of an unknown address that there is nothing.
 */
function otherMethods(app: FastifyInstance): RestHandler {
  return async ({ request, url }) => {
    const address = url.pathname.replace(/\/$/, "");
    const pattern = address.replace(/^(\/api\/calendar)\/[^/]+$/, "$1/:file");
    const taken = restMethods.filter((method) => app.hasRoute({ method, url: pattern }));
    if (taken.length === 0) throw new AppError("not_found", `There is nothing at ${url.pathname}.`);
    const allow = [...taken, "OPTIONS"].join(", ");
    if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
    throw new AppError("method_not_allowed", `${address} does not take ${request.method}, only ${allow}.`, {
      details: { allow },
    });
  };
}

const restMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The REST addresses: thin, over the same router as everything else. Unknown ones under `/api/` answer in the same envelope. */
export function registerRestRoutes(app: FastifyInstance, { health, version, ...deps }: RestOptions): void {
  const route = (handler: RestHandler) => takeOver(restRoute(handler, deps), deps.parts.log);
  const recommendations = "/api/recommendations";
  app.get(recommendations, route(getRecommendations));
  app.post(recommendations, route(postRecommendations));
  app.get(`${recommendations}/frequently-bought-together`, route(getBoughtTogether));
  app.get(`${recommendations}/stats`, route(getStats(health)));
  app.post(`${recommendations}/stats`, route(resetStats));
  app.delete(`${recommendations}/stats`, route(clearQueue));
  app.get("/api/search/personalized", route(getPersonalizedSearch));
  app.get("/api/search/ranking", route(getRanking));
  app.put("/api/search/ranking", route(putRanking));
  app.get("/api/realtime/recommendations", route(pollLive));
  app.post("/api/realtime/ticket", route(issueTicket));
  app.get("/api/inventory/forecast", route(getInventoryForecast));
  app.get("/api/inventory/optimize", route(getInventoryPlan));
  app.get("/api/inventory/trends", route(getInventoryTrends));
  app.get("/api/inventory/recommendations", route(getInventoryAdvice));
  app.post("/api/inventory/recommendations", route(answerInventoryAdvice));
  app.get("/api/ml/models", route(getModels));
  app.post("/api/ml/predict", route(postPrediction));
  app.get("/api/ml/train", route(getTrainings));
  app.post("/api/ml/train", route(postTraining));
  app.all("/api/*", route(otherMethods(app)));

  const document = openApiDocument(version);
  const page = docsPage(document);
  const cached = { ...commonHeaders, "cache-control": "public, max-age=300" };
  app.get("/api/openapi.json", async (_request, reply) => reply.headers(cached).send(document));
  app.get("/api/docs", async (_request, reply) =>
    reply
      .headers({ ...cached, "content-security-policy": docsPagePolicy })
      .type("text/html; charset=utf-8")
      .send(page),
  );
}
