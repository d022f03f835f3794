import { logistic } from "../trees/losses.ts";

/** Log-odds are stretched by `slope` and moved by `shift`; 1 and 0 leave them as they are. */
export interface PlattScaling {
  readonly slope: number;
  readonly shift: number;
}

export const asTheyAre: PlattScaling = { slope: 1, shift: 0 };

/**
 * The stretch and move of log-odds that lose least on labels, by Newton's method.
 *
 * Platt (1999), "Probabilistic Outputs for Support Vector Machines", without his softened labels, as log-odds of a fitted
 * model are given rather than margins. With one class only, or when the steps do not end, they are left as they are.
 *
 * @param weights how much each row counts, not below 0; all alike unless told
 */
export function fitPlatt(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): PlattScaling {
  // Steps are the same for any unit of weight; what ends them is told for a mean weight of 1.
  const unit = weights ? labels.length / Array.from(weights).reduce((sum, weight) => sum + weight, 0) : 1;
  let slope = 1;
  let shift = 0;
  for (let step = 0; step < 50; step++) {
    let gSlope = 0;
    let gShift = 0;
    let hSlope = 1e-9;
    let hShift = 1e-9;
    let hBoth = 0;
    for (let row = 0; row < labels.length; row++) {
      const x = logits[row]!;
      const p = logistic(slope * x + shift);
      const weight = weights ? unit * weights[row]! : 1;
      const first = weight * (p - labels[row]!);
      const second = weight * p * (1 - p);
      gSlope += first * x;
      gShift += first;
      hSlope += second * x * x;
      hShift += second;
      hBoth += second * x;
    }
    const determinant = hSlope * hShift - hBoth * hBoth;
    if (!(determinant > 1e-12)) return asTheyAre;
    const stepSlope = (hShift * gSlope - hBoth * gShift) / determinant;
    const stepShift = (hSlope * gShift - hBoth * gSlope) / determinant;
    slope -= stepSlope;
    shift -= stepShift;
    if (!Number.isFinite(slope) || !Number.isFinite(shift) || Math.abs(slope) > 1e3) return asTheyAre;
    if (Math.abs(stepSlope) + Math.abs(stepShift) < 1e-10) return { slope, shift };
  }
  return asTheyAre;
}

export function applyPlatt({ slope, shift }: PlattScaling, logit: number): number {
  return logistic(slope * logit + shift);
}
