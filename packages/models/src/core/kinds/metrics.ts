import { invariant } from "@almanac/kernel";
import type { ModelMetrics } from "./family.ts";

/** Metrics are written by this package alone, in one shape. */
export function metricsOf(stored: Record<string, unknown>): ModelMetrics {
  invariant(isMetrics(stored), "the metrics of a version are as they were written");
  return stored;
}

function isMetrics(stored: Record<string, unknown>): stored is Record<string, unknown> & ModelMetrics {
  const { servedBy, verdict, rowsLearned, rowsTested, measures, weights } = stored;
  return (
    [servedBy, verdict].every((text) => typeof text === "string") &&
    [rowsLearned, rowsTested].every((count) => typeof count === "number") &&
    [measures, weights].every((list) => Array.isArray(list))
  );
}
