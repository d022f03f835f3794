export interface ShareInterval {
  /** successes / trials; 0 without trials. */
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/** The 95 % quantile of the normal distribution, two-sided. */
const z = 1.959964;

/**
 * A share with its 95 % interval by Wilson's score: holds near 0 and 1 and for few trials, where the usual one does not.
 *
 * @param successes 0 to `trials`
 * @returns all within 0..1; lower 0 and upper 1 without trials
 *
 * Wilson (1927), "Probable inference, the law of succession, and statistical inference".
 */
export function shareInterval(successes: number, trials: number): ShareInterval {
  if (trials === 0) return { share: 0, lower: 0, upper: 1 };
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const margin = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { share, lower: Math.max(0, centre - margin), upper: Math.min(1, centre + margin) };
}
