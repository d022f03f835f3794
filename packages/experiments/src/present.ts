import type { Interval } from "./core/interval.ts";
import { metrics } from "./core/metrics.ts";
import { referenceArm, type Comparison } from "./core/report.ts";
import type { ExperimentResults } from "./results.ts";
import type { StoredExperiment } from "./store/experiments.ts";

/** An experiment as JSON: moments are ISO texts. */
export function presentExperiment({ createdAt, startedAt, stoppedAt, ...rest }: StoredExperiment) {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    stoppedAt: stoppedAt?.toISOString() ?? null,
  };
}

/** Results as JSON, which knows no infinity: an interval without ends is `null`. */
export function presentResults({
  experiment,
  exposed,
  looks,
  report,
  verdict,
  interleaving,
}: ExperimentResults) {
  const reference = referenceArm(experiment);
  return {
    experiment: presentExperiment(experiment),
    reference: reference.key,
    exposed: experiment.arms.map(({ key, name, weight }) => ({
      arm: key,
      name,
      weight,
      shoppers: exposed.byArm[key] ?? 0,
    })),
    crossed: exposed.crossed,
    ratio: report.ratio,
    verdict,
    interleaving: interleaving ? { ...interleaving, preference: finite(interleaving.preference) } : null,
    values: report.values.map(({ standardError, ...value }) => ({
      ...value,
      standardError: Number.isFinite(standardError) ? standardError : null,
    })),
    comparisons: report.comparisons.map(presentComparison),
    guardrails: report.guardrails.map(({ comparison, ...guardrail }) => ({
      ...guardrail,
      relative: finite(comparison?.relative),
    })),
    looks: looks.map(({ units, at, intervals }) => ({ units, at: at.toISOString(), intervals })),
    metrics: [...new Set(report.values.map(({ metric }) => metric))].map((key) => metrics[key]),
  };
}

function presentComparison({ absolute, relative, multiplier, ...rest }: Comparison) {
  return {
    ...rest,
    multiplier: Number.isFinite(multiplier) ? multiplier : null,
    absolute: finite(absolute),
    relative: finite(relative),
  };
}

function finite(interval: Interval | undefined): Interval | null {
  return interval && Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;
}
