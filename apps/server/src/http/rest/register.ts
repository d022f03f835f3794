import type { FastifyInstance } from "fastify";
import { AppError } from "@almanac/kernel";
import type { HealthReporter } from "../../health.ts";
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
import { getBoughtTogether, getRecommendations, postRecommendations } from "./recommendations.ts";
import { issueTicket, pollLive } from "./realtime.ts";
import { restRoute, type RestDeps, type RestHandler } from "./rest-route.ts";
import { getPersonalizedSearch, getRanking, putRanking } from "./search.ts";
import { clearQueue, getStats, resetStats } from "./stats.ts";

export interface RestOptions extends RestDeps {
  readonly health: HealthReporter;
  readonly version: string;
}

const noSuchAddress: RestHandler = ({ url }) =>
  Promise.reject(new AppError("not_found", `There is nothing at ${url.pathname} for this method.`));

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
  app.all("/api/*", route(noSuchAddress));

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
