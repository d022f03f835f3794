import { clusteredError, type Cluster } from "./clusters.ts";
import { anytimeMultiplier, anytimeP } from "./confidence-sequence.ts";
import { cupedDifference } from "./cuped.ts";
import { difference, estimate, type Difference, type Estimate } from "./difference.ts";
import { controlOf, type Arm, type ExperimentKind } from "./experiment.ts";
import { excludesZero, intervalsOf, type IntervalPair } from "./interval.ts";
import { metrics, type Guardrail, type Metric, type MetricKey } from "./metrics.ts";
import { noMoments, sumMoments, type Moments } from "./moments.ts";
import { normalQuantile } from "./special-functions.ts";
import { spendingBoundaries } from "./spending.ts";
import { checkSplit, type SplitCheck, type SplitPeriod } from "./split.ts";

/** What one arm did in one market among those first exposed on one day. */
export interface MetricCell {
  readonly metric: MetricKey;
  readonly arm: string;
  /** Market and day; any text. */
  readonly cluster: string;
  readonly moments: Moments;
}

export interface ReportInput {
  readonly kind: ExperimentKind;
  readonly arms: readonly Arm[];
  /** Who came while which arms were dealt. */
  readonly periods: readonly SplitPeriod[];
  readonly cells: readonly MetricCell[];
  readonly primary: MetricKey;
  readonly guardrails: readonly Guardrail[];
  /** With a plan, alpha is spent over the looks and gone at this many shoppers; without, the sequence never ends. */
  readonly plannedUnits: number | undefined;
  /** Shoppers at each look so far, rising; the present one last. */
  readonly looks: readonly number[];
}

export interface Comparison extends IntervalPair {
  readonly arm: string;
  readonly metric: MetricKey;
  readonly n: number;
  /** What the interval is worth: by the plan's looks, or at any time. */
  readonly method: "planned" | "anytime";
  /** Standard errors either side. */
  readonly multiplier: number;
  /** At any time. */
  readonly p: number;
  readonly isDecisive: boolean;
  /** Share of variance left after the past was taken into account. */
  readonly remainingVariance?: number;
  /** Market days, where they widened the interval. */
  readonly clusters?: number;
}

export interface ArmValue extends Estimate {
  readonly arm: string;
  readonly metric: MetricKey;
}

export interface GuardrailState extends Guardrail {
  readonly arm: string;
  readonly state: "holds" | "unsure" | "breached";
  readonly comparison: Comparison | undefined;
}

export interface ExperimentReport {
  readonly ratio: SplitCheck;
  readonly values: readonly ArmValue[];
  /** Empty while the ratio alarms: a broken experiment has no result, and what it seems to say misleads. */
  readonly comparisons: readonly Comparison[];
  readonly guardrails: readonly GuardrailState[];
}

/** Fewer shoppers in an arm than this are not compared: standard errors of so few are guesses. */
export const leastPerArm = 100;

const alpha = 0.05;

/** All that can be said of an experiment from its moments. */
export function buildReport(input: ReportInput): ExperimentReport {
  const { arms, periods, guardrails } = input;
  if (input.kind === "interleaving") return withoutGroups(input);
  const ratio = checkSplit(arms, periods);
  const keys = [...new Set(input.cells.map(({ metric }) => metric))];
  const values = keys.flatMap((metric) =>
    arms.map(({ key }) => ({
      arm: key,
      metric,
      ...estimate(metrics[metric].kind, momentsIn(input, metric, key)),
    })),
  );
  if (ratio.isAlarm) return { ratio, values, comparisons: [], guardrails: [] };
  const comparisons = keys.flatMap((metric) =>
    treatmentsOf(input).flatMap((arm) => compareArm(input, metrics[metric], arm) ?? []),
  );
  return {
    ratio,
    values,
    comparisons,
    guardrails: guardrails.flatMap((guardrail) =>
      treatmentsOf(input).map(({ key }) => {
        const comparison = comparisons.find(({ arm, metric }) => arm === key && metric === guardrail.metric);
        return { ...guardrail, arm: key, comparison, state: guardrailState(guardrail, comparison) };
      }),
    ),
  };
}

/** Where everybody sees both arms there are no groups to compare: what is measured is that of all who were shown them. */
function withoutGroups({ arms, cells }: ReportInput): ExperimentReport {
  const [arm] = arms.slice(-1);
  const keys = [...new Set(cells.map(({ metric }) => metric))];
  const values = keys.map((metric) => ({
    arm: arm?.key ?? "",
    metric,
    ...estimate(
      metrics[metric].kind,
      sumMoments(cells.filter((c) => c.metric === metric).map((c) => c.moments)),
    ),
  }));
  return { ratio: checkSplit([], []), values, comparisons: [], guardrails: [] };
}

/** A holdout is what recommendations are compared against, although it is the arm that changes something. */
export function referenceArm({ kind, arms }: Pick<ReportInput, "kind" | "arms">): Arm {
  return (kind === "holdout" ? arms.at(-1) : undefined) ?? controlOf({ arms });
}

function treatmentsOf(input: ReportInput): Arm[] {
  const reference = referenceArm(input);
  return input.arms.filter((arm) => arm !== reference);
}

function momentsIn(input: ReportInput, metric: MetricKey, arm: string): Moments {
  return sumMoments(
    input.cells.filter((cell) => cell.metric === metric && cell.arm === arm).map((c) => c.moments),
  );
}

function compareArm(input: ReportInput, metric: Metric, arm: Arm): Comparison | undefined {
  const control = momentsIn(input, metric.key, referenceArm(input).key);
  const treatment = momentsIn(input, metric.key, arm.key);
  if (control.n < leastPerArm || treatment.n < leastPerArm) return undefined;
  const cuped = metric.usesPast ? cupedDifference(control, treatment) : undefined;
  const found: Difference = cuped?.difference ?? difference(metric.kind, control, treatment);
  const { absolute } = found;
  if (!Number.isFinite(absolute.standardError) || absolute.standardError === 0) return undefined;
  const clustered = clusteredError(metric.kind, clustersOf(input, metric.key, arm.key));
  const widening = clustered ? wideningOf(clustered, estimateError(metric, control, treatment)) : 1;
  const { method, multiplier } = multiplierOf(input, metric.key, absolute.n);
  const intervals = intervalsOf(found, multiplier, widening);
  return {
    ...intervals,
    arm: arm.key,
    metric: metric.key,
    n: absolute.n,
    method,
    multiplier,
    p: anytimeP(absolute.value / (absolute.standardError * widening), absolute.n),
    isDecisive: excludesZero(intervals.absolute),
    ...(cuped && cuped.theta !== 0 && { remainingVariance: cuped.remainingVariance }),
    ...(clustered && widening > 1 && { clusters: clustered.clusters }),
  };
}

/** How much wider than the shoppers' own spread the market days are; never narrower. */
function wideningOf(
  { standardError, multiplier }: { standardError: number; multiplier: number },
  own: number,
): number {
  return Math.max(1, (standardError * multiplier) / (own * normalQuantile(1 - alpha / 2)));
}

/** Before CUPED, as the clusters' error is; the factor between them is then used on both. */
function estimateError({ kind }: Metric, control: Moments, treatment: Moments): number {
  return difference(kind, control, treatment).absolute.standardError;
}

function clustersOf(input: ReportInput, metric: MetricKey, arm: string): Cluster[] {
  const reference = referenceArm(input).key;
  const clusters = new Map<string, { control: Moments; treatment: Moments }>();
  for (const cell of input.cells) {
    if (cell.metric !== metric || (cell.arm !== reference && cell.arm !== arm)) continue;
    const cluster = clusters.get(cell.cluster) ?? { control: noMoments, treatment: noMoments };
    const side = cell.arm === reference ? "control" : "treatment";
    clusters.set(cell.cluster, { ...cluster, [side]: sumMoments([cluster[side], cell.moments]) });
  }
  return [...clusters.values()];
}

/**
 * Several treatments share alpha evenly (Bonferroni) where a winner is named: for the primary metric. All others are
 * watched without a plan.
 */
function multiplierOf(
  input: ReportInput,
  metric: MetricKey,
  n: number,
): Pick<Comparison, "method" | "multiplier"> {
  const { plannedUnits, looks, primary } = input;
  const share = metric === primary ? alpha / Math.max(1, treatmentsOf(input).length) : alpha;
  const fractions = plannedUnits === undefined ? [] : looksOfPlan(looks, plannedUnits);
  const boundary = metric === primary ? spendingBoundaries({ fractions, alpha: share }).at(-1) : undefined;
  if (boundary !== undefined) return { method: "planned", multiplier: boundary };
  return { method: "anytime", multiplier: anytimeMultiplier(n, { alpha: share, tightestAt: 5_000 }) };
}

/** A look counts when a hundredth of the plan more is there than at the last; the one that fills the plan is the last. */
export const leastStep = 0.01;

/** The shares of the plan at which was looked. */
export function looksOfPlan(looks: readonly number[], plannedUnits: number): number[] {
  const fractions: number[] = [];
  for (const units of looks) {
    const fraction = Math.min(1, units / plannedUnits);
    const last = fractions.at(-1) ?? 0;
    if (fraction - last >= leastStep || (fraction === 1 && last < 1)) fractions.push(fraction);
  }
  return fractions;
}

function guardrailState(
  { metric, margin }: Guardrail,
  comparison: Comparison | undefined,
): GuardrailState["state"] {
  const relative = comparison?.relative;
  if (!relative) return "unsure";
  const isHigherBetter = metrics[metric].better === "higher";
  const worst = isHigherBetter ? -relative.low : relative.high;
  const best = isHigherBetter ? -relative.high : relative.low;
  if (best > margin) return "breached";
  return worst <= margin ? "holds" : "unsure";
}
