import { metrics, type MetricKey } from "./metrics.ts";
import { referenceArm, type ExperimentReport, type ReportInput } from "./report.ts";

/** What the first decisive look said of an arm; kept, as later looks do not take it back. */
export interface Decision {
  readonly arm: string;
  readonly direction: "better" | "worse";
}

export type Verdict =
  /** The split is not what was meant: find out why; there is no result. */
  | { readonly kind: "mismatch" }
  /** Too early to say. */
  | { readonly kind: "collecting" }
  | { readonly kind: "winner"; readonly arm: string }
  /** Every other arm is worse than control. */
  | { readonly kind: "control_wins" }
  /** The plan is filled, and nothing was seen. */
  | { readonly kind: "no_difference" };

/** What the present look decides about the arms. */
export function decisionsOf(report: ExperimentReport, primary: MetricKey): Decision[] {
  return report.comparisons
    .filter(({ metric, isDecisive }) => metric === primary && isDecisive)
    .map(({ arm, absolute }) => ({
      arm,
      direction: absolute.value > 0 === (metrics[primary].better === "higher") ? "better" : "worse",
    }));
}

/**
 * What may be concluded. An arm that breaks a guardrail is no winner, whatever it sells.
 *
 * @param decided decisions of earlier looks and of this one, the first of each arm
 */
export function verdictOf(
  input: Pick<ReportInput, "kind" | "arms" | "plannedUnits" | "looks" | "primary">,
  report: ExperimentReport,
  decided: readonly Decision[],
): Verdict {
  if (report.ratio.isAlarm) return { kind: "mismatch" };
  const reference = referenceArm(input).key;
  const breached = new Set(
    report.guardrails.filter(({ state }) => state === "breached").map(({ arm }) => arm),
  );
  const better = decided.filter(({ arm, direction }) => direction === "better" && !breached.has(arm));
  const valueOf = (arm: string): number =>
    report.comparisons.find((one) => one.arm === arm && one.metric === input.primary)?.absolute.value ?? 0;
  const sign = metrics[input.primary].better === "higher" ? 1 : -1;
  const [best] = better.toSorted((a, b) => sign * (valueOf(b.arm) - valueOf(a.arm)));
  if (best) return { kind: "winner", arm: best.arm };
  const others = input.arms.filter(({ key }) => key !== reference);
  const isWorse = ({ key }: { key: string }): boolean =>
    breached.has(key) || decided.some(({ arm, direction }) => arm === key && direction === "worse");
  if (others.length > 0 && others.every(isWorse)) return { kind: "control_wins" };
  const isFull = input.plannedUnits !== undefined && (input.looks.at(-1) ?? 0) >= input.plannedUnits;
  return { kind: isFull ? "no_difference" : "collecting" };
}
