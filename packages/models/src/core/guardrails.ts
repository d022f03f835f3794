/** What was seen of one arm since the last step of a rollout. */
export interface ArmFigures {
  readonly predictions: number;
  readonly errors: number;
  /** 95th percentile of the execution time, in milliseconds; `undefined` without predictions. */
  readonly p95Ms?: number;
  /** How its scores are spread: counts in `scoreCells` cells of equal width, and one more at each end for what is beyond. */
  readonly scores: readonly number[];
}

/** Cells of equal width that a score's scale is parted into. */
export const scoreCells = 100;
/** Cells that are one bin of the stability index. */
const cellsOfBin = 10;

export interface GuardrailSettings {
  /** Below so many predictions of the challenger nothing is said. */
  readonly minPredictions: number;
  /** The p95 may not be above this and above `slowerTimes` that of the champion. */
  readonly p95Ms: number;
  readonly slowerTimes: number;
  /** Share of failures that is let pass. */
  readonly errorShare: number;
  /** Stability index between the scores of both arms that is let pass, over ten bins. */
  readonly scoreShift: number;
  /** Share of its scale that a score may move on average, whatever the index says. */
  readonly scoreMove: number;
  /** From how many predictions of each arm on scores are compared. */
  readonly minForShift: number;
}

export const defaultGuardrails: GuardrailSettings = {
  minPredictions: 20,
  p95Ms: 100,
  slowerTimes: 2,
  errorShare: 0.02,
  scoreShift: 0.5,
  scoreMove: 0.05,
  minForShift: 200,
};

export interface Verdict {
  readonly rail: "latency" | "errors" | "scores" | "orders" | "revenue";
  readonly state: "holds" | "broken" | "too early";
  readonly words: string;
}

/**
 * Each guardrail of a rollout. A slow or failing challenger is told after twenty predictions; a shift of scores needs two
 * hundred of each arm, as small samples differ by chance. Scores shift where they are spread differently and have moved by
 * something that matters: the index alone is large too where all of one arm are just below the edge of a bin and all of the
 * other just above it.
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
  { minForShift, scoreShift, scoreMove }: GuardrailSettings,
): Verdict {
  const seen = Math.min(champion.predictions, challenger.predictions);
  if (seen < minForShift) return early("scores", seen, minForShift);
  const index = stabilityIndex(binsOf(champion.scores), binsOf(challenger.scores));
  const moved = earthMoved(champion.scores, challenger.scores);
  return {
    rail: "scores",
    state: index > scoreShift && moved > scoreMove ? "broken" : "holds",
    words:
      `scores differ by a stability index of ${index.toFixed(2)} and moved by ${percentOf(moved)} of their scale; ` +
      `${scoreShift} or ${percentOf(scoreMove)} is allowed`,
  };
}

const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`;

function binsOf(cells: readonly number[]): number[] {
  const bins = Array.from({ length: Math.ceil(cells.length / cellsOfBin) + 1 }, () => 0);
  // The first cell is what lies below the scale: a bin of its own.
  for (const [cell, count] of cells.entries()) bins[Math.ceil(cell / cellsOfBin)]! += count;
  return bins;
}

/** Earth mover's distance of two histograms over the same cells, as a share of the scale. */
function earthMoved(before: readonly number[], after: readonly number[]): number {
  const total = (counts: readonly number[]): number =>
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  const [then, now] = [total(before), total(after)];
  let ahead = 0;
  let moved = 0;
  for (const [cell, count] of before.entries()) {
    ahead += count / then - after[cell]! / now;
    moved += Math.abs(ahead);
  }
  return moved / scoreCells;
}
