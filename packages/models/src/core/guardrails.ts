/** What was seen of one arm since the last step of a rollout. */
export interface ArmFigures {
  readonly predictions: number;
  readonly errors: number;
  /** 95th percentile of the execution time, in milliseconds; `undefined` without predictions. */
  readonly p95Ms?: number;
  /** How its scores are spread over ten bins of equal width. */
  readonly scores: readonly number[];
}

export interface GuardrailSettings {
  /** Below so many predictions of the challenger nothing is said. */
  readonly minPredictions: number;
  /** The p95 may not be above this and above `slowerTimes` that of the champion. */
  readonly p95Ms: number;
  readonly slowerTimes: number;
  /** Share of failures that is let pass. */
  readonly errorShare: number;
  /** Stability index between the scores of both arms that is let pass, and from how many predictions on. */
  readonly scoreShift: number;
  readonly minForShift: number;
}

export const defaultGuardrails: GuardrailSettings = {
  minPredictions: 20,
  p95Ms: 100,
  slowerTimes: 2,
  errorShare: 0.02,
  scoreShift: 0.5,
  minForShift: 200,
};

export interface Verdict {
  readonly rail: "latency" | "errors" | "scores";
  readonly state: "holds" | "broken" | "too early";
  readonly words: string;
}

/**
 * Each guardrail of a rollout. A slow or failing challenger is told after twenty predictions; a shift of scores needs two
 * hundred of each arm, as small samples differ by chance.
 *
 * @param stabilityIndex of two histograms: PSI
 */
export function judgeGuardrails(
  champion: ArmFigures,
  challenger: ArmFigures,
  stabilityIndex: (before: readonly number[], after: readonly number[]) => number,
  settings: GuardrailSettings = defaultGuardrails,
): Verdict[] {
  return [
    judgeLatency(champion, challenger, settings),
    judgeErrors(champion, challenger, settings),
    judgeScores(champion, challenger, stabilityIndex, settings),
  ];
}

const round = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const early = (rail: Verdict["rail"], seen: number, needed: number): Verdict => ({
  rail,
  state: "too early",
  words: `${seen} of ${needed} predictions that it takes to say`,
});

function judgeLatency(champion: ArmFigures, challenger: ArmFigures, settings: GuardrailSettings): Verdict {
  const { minPredictions, p95Ms, slowerTimes } = settings;
  if (challenger.predictions < minPredictions || challenger.p95Ms === undefined)
    return early("latency", challenger.predictions, minPredictions);
  const allowed = Math.max(p95Ms, slowerTimes * (champion.p95Ms ?? 0));
  const isBroken = challenger.p95Ms > allowed;
  return {
    rail: "latency",
    state: isBroken ? "broken" : "holds",
    words: `p95 is ${round(challenger.p95Ms)} ms, ${round(allowed)} ms are allowed`,
  };
}

function judgeErrors(champion: ArmFigures, challenger: ArmFigures, settings: GuardrailSettings): Verdict {
  const { minPredictions, errorShare } = settings;
  if (challenger.predictions < minPredictions) return early("errors", challenger.predictions, minPredictions);
  const share = challenger.errors / challenger.predictions;
  const allowed = Math.max(errorShare, 2 * (champion.errors / Math.max(1, champion.predictions)));
  return {
    rail: "errors",
    state: share > allowed ? "broken" : "holds",
    words: `${(100 * share).toFixed(1)} % failed, ${(100 * allowed).toFixed(1)} % are allowed`,
  };
}

function judgeScores(
  champion: ArmFigures,
  challenger: ArmFigures,
  stabilityIndex: (before: readonly number[], after: readonly number[]) => number,
  { minForShift, scoreShift }: GuardrailSettings,
): Verdict {
  const seen = Math.min(champion.predictions, challenger.predictions);
  if (seen < minForShift) return early("scores", seen, minForShift);
  const index = stabilityIndex(champion.scores, challenger.scores);
  return {
    rail: "scores",
    state: index > scoreShift ? "broken" : "holds",
    words: `scores differ by a stability index of ${index.toFixed(2)}, ${scoreShift} is allowed`,
  };
}
