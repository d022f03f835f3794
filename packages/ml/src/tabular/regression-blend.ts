import { invariant } from "@almanac/kernel";

/** What a blend can weigh: what a member says of every learned row without having seen it. */
export interface HeldOutMember {
  readonly name: string;
  readonly heldOut: Float64Array;
}

/**
 * Weights of the members, summing to 1, by greedy selection with replacement on the squared error.
 *
 * Caruana et al. (2004), "Ensemble Selection from Libraries of Models".
 */
export function blendBySquares(members: readonly HeldOutMember[], labels: Float64Array): Float64Array {
  invariant(members.length > 0, "a blend needs a member");
  const rounds = 20;
  const counts = new Float64Array(members.length);
  const sum = new Float64Array(labels.length);
  for (let round = 1; round <= rounds; round++) {
    let best = 0;
    let bestLoss = Infinity;
    members.forEach(({ heldOut }, at) => {
      let loss = 0;
      for (let row = 0; row < labels.length; row++)
        loss += ((sum[row]! + heldOut[row]!) / round - labels[row]!) ** 2;
      if (loss < bestLoss) [best, bestLoss] = [at, loss];
    });
    counts[best]! += 1;
    members[best]!.heldOut.forEach((value, row) => (sum[row]! += value));
  }
  return counts.map((count) => count / rounds);
}

/** The weighted sum of what members say. */
export function weighted(answers: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(answers[0]?.length ?? 0);
  answers.forEach((own, member) => own.forEach((value, row) => (sum[row]! += weights[member]! * value)));
  return sum;
}

/**
 * The factor of the width of an interval that holds a share of new rows, by split conformal prediction on errors that
 * were made on held-out rows, each in units of its own expected size.
 *
 * Lei et al. (2018), "Distribution-Free Predictive Inference for Regression", section 5.2.
 *
 * @returns 0 without an error; with fewer errors than the share needs, the largest of them
 */
export function conformalFactor(errors: ArrayLike<number>, sizes: ArrayLike<number>, share: number): number {
  const ratios = Float64Array.from(errors, (error, at) => Math.abs(error) / sizes[at]!).sort();
  if (ratios.length === 0) return 0;
  return ratios[Math.min(ratios.length, Math.ceil(share * (ratios.length + 1))) - 1]!;
}
