import type { MetricKind } from "./difference.ts";
import { sumMoments, type Moments } from "./moments.ts";
import { studentQuantile } from "./special-functions.ts";

/** What the two arms did in one market on one day: shoppers who stood in the same rain before the same stalls. */
export interface Cluster {
  readonly control: Moments;
  readonly treatment: Moments;
}

export interface ClusteredError {
  readonly standardError: number;
  readonly clusters: number;
  /** What to multiply with in place of 1.96: few clusters say little about how clusters differ. */
  readonly multiplier: number;
}

/** Fewer clusters than this say nothing of use, and the shoppers' own spread is what is reported. */
export const leastClusters = 10;

/**
 * The standard error of the absolute difference when shoppers of one cluster are alike (CR1): the residuals of each
 * cluster are summed with their arm's sign before they are squared, and the sums are multiplied by G / (G - 1).
 *
 * Cameron, Miller (2015), "A practitioner's guide to cluster-robust inference", J. Human Resources 50, section II.B.
 *
 * @param level two-sided, .95 for a 95 % interval
 * @returns `undefined` for fewer than ten clusters with shoppers
 */
export function clusteredError(
  kind: MetricKind,
  clusters: readonly Cluster[],
  level = 0.95,
): ClusteredError | undefined {
  const filled = clusters.filter(({ control, treatment }) => control.n + treatment.n > 0);
  const count = filled.length;
  if (count < leastClusters) return undefined;
  const control = scorer(kind, sumMoments(filled.map((cluster) => cluster.control)));
  const treatment = scorer(kind, sumMoments(filled.map((cluster) => cluster.treatment)));
  if (!control || !treatment) return undefined;
  const squares = filled.reduce(
    (sum, cluster) => sum + (treatment(cluster.treatment) - control(cluster.control)) ** 2,
    0,
  );
  return {
    standardError: Math.sqrt((squares * count) / (count - 1)),
    clusters: count,
    multiplier: studentQuantile(0.5 + level / 2, count - 1),
  };
}

/** How much a part of an arm moves the arm's estimate: sum of (y - r x) over that of x. */
function scorer(kind: MetricKind, arm: Moments): ((part: Moments) => number) | undefined {
  const base = kind === "ratio" ? arm.x : arm.n;
  if (base <= 0) return undefined;
  const value = arm.y / base;
  return (part) => (part.y - value * (kind === "ratio" ? part.x : part.n)) / base;
}
