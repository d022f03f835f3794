/** What was seen of one arm since the last step of a rollout. */
export interface ArmFigures {
  readonly predictions: number;
  readonly errors: number;
  /** 95th percentile of the execution time, in milliseconds; `undefined` without predictions. */
  readonly p95Ms?: number;
  /** The longest execution times, in milliseconds, longest first; all of them where predictions are few. */
  readonly longestMs: readonly number[];
  /** How its scores are spread: counts in `scoreCells` cells of equal width, and one more at each end for what is beyond. */
  readonly scores: readonly number[];
}

/** Cells of equal width that a score's scale is parted into. */
export const scoreCells = 100;
/** Cells that are one bin of the stability index. */
const cellsOfBin = 10;

export interface GuardrailSettings {
  /** Below so many predictions of the challenger only what is beyond doubt is said. */
  readonly minPredictions: number;
  /** As improbable is what is beyond doubt, were the challenger as it may be. */
  readonly doubt: number;
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
  doubt: 1e-6,
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
 * Each guardrail of a rollout. A slow or failing challenger is told after twenty predictions, and before where so many slow or
 * failed ones would come by chance once in a million looks; a shift of scores needs two hundred of each arm, as small samples differ by chance. Scores shift where they are spread differently and have moved by
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
  words: `${seen} of the ${needed} predictions that it takes`,
});

function judgeLatency(champion: ArmFigures, challenger: ArmFigures, settings: GuardrailSettings): Verdict {
  const { minPredictions, p95Ms, slowerTimes } = settings;
  const allowed = Math.max(p95Ms, slowerTimes * (champion.p95Ms ?? 0));
  const slow = challenger.longestMs.filter((ms) => ms > allowed).length;
  const isEarly = challenger.predictions < minPredictions || challenger.p95Ms === undefined;
  if (isEarly && !isBeyondDoubt(slow, challenger.predictions, 0.05, settings))
    return early("latency", challenger.predictions, minPredictions);
  const isBroken = isEarly || challenger.p95Ms! > allowed;
  return {
    rail: "latency",
    state: isBroken ? "broken" : "holds",
    words: isEarly
      ? `${slow} of ${challenger.predictions} took longer than the ${round(allowed)} ms that are allowed`
      : `p95 is ${round(challenger.p95Ms!)} ms, ${round(allowed)} ms are allowed`,
  };
}

function judgeErrors(champion: ArmFigures, challenger: ArmFigures, settings: GuardrailSettings): Verdict {
  const { minPredictions, errorShare } = settings;
  const { errors, predictions } = challenger;
  const allowed = Math.max(errorShare, 2 * (champion.errors / Math.max(1, champion.predictions)));
  const isEarly = predictions < minPredictions;
  if (isEarly && !isBeyondDoubt(errors, predictions, allowed, settings))
    return early("errors", predictions, minPredictions);
  const share = errors / predictions;
  return {
    rail: "errors",
    state: isEarly || share > allowed ? "broken" : "holds",
    words: `${(100 * share).toFixed(1)} % failed, ${(100 * allowed).toFixed(1)} % are allowed`,
  };
}

/** Would `hits` or more of `trials` come less often than `doubt`, each by itself with chance `share`? */
function isBeyondDoubt(hits: number, trials: number, share: number, { doubt }: GuardrailSettings): boolean {
  return hits > 0 && share < 1 && binomialTail(hits, trials, share) < doubt;
}

/** P(X >= hits) of a binomial count, its terms from that of none on; exact enough for dozens of trials. */
function binomialTail(hits: number, trials: number, share: number): number {
  let term = (1 - share) ** trials;
  let below = 0;
  for (let count = 0; count < hits; count++) {
    below += term;
    term *= ((trials - count) / (count + 1)) * (share / (1 - share));
  }
  return Math.max(0, 1 - below);
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
