import type { BuildHealth, RecsysService } from "@almanac/recsys";
import type { PartHealth } from "./health.ts";
import type { Metrics } from "./metrics.ts";

/** A build that failed leaves the one before it serving: worse, not down. Without any there is nothing to recommend. */
export function recommendationsHealth({ failing, ...facts }: BuildHealth): PartHealth {
  if (failing === undefined) return { status: "HEALTHY", ...facts };
  return { status: facts.builtAt === undefined ? "UNHEALTHY" : "DEGRADED", detail: failing, ...facts };
}

export function watchRecommendations(metrics: Metrics, recsys: Pick<RecsysService, "health">): void {
  metrics.gauge(
    "almanac_recommendation_builds",
    "Builds of recommendations that are or were served",
    () => recsys.health().builds,
  );
  metrics.gauge(
    "almanac_recommendation_build_failures",
    "Builds of recommendations that failed",
    () => recsys.health().failures,
  );
  metrics.gauge(
    "almanac_recommendation_build_seconds",
    "Time of the last good build",
    () => (recsys.health().buildMs ?? 0) / 1_000,
  );
}
