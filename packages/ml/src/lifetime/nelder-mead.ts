interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

/**
 * Where a function is least near a start, by the downhill simplex: no derivatives, few dimensions. Ends when the values at
 * its corners agree to 1e-9 of themselves. Nelder and Mead (1965), with coefficients 1, 2, 1/2, 1/2.
 *
 * @param valueOf values that are no numbers count as infinitely bad
 * @param step    size of the first simplex in every direction
 */
export function leastAt(
  valueOf: (at: readonly number[]) => number,
  start: readonly number[],
  step = 0.5,
  mostSteps = 2_000,
): number[] {
  const corner = (at: readonly number[]): Corner => {
    const value = valueOf(at);
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [
    corner(start),
    ...start.map((_, moved) => corner(start.map((x, at) => (at === moved ? x + step : x)))),
  ];
  for (let count = 0; count < mostSteps; count++) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex.pop()!;
    if (worst.value - best.value <= 1e-9 * (Math.abs(best.value) + 1e-12)) break;
    const centre = start.map((_, at) => simplex.reduce((sum, own) => sum + own.at[at]!, 0) / simplex.length);
    const along = (share: number): Corner => corner(centre.map((x, at) => x + share * (worst.at[at]! - x)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex.push(expanded.value < reflected.value ? expanded : reflected);
    } else if (reflected.value < simplex.at(-1)!.value) {
      simplex.push(reflected);
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex.push(contracted);
      else {
        simplex.push(worst);
        simplex.forEach((own, at) => {
          if (own !== best) simplex[at] = corner(own.at.map((x, place) => (x + best.at[place]!) / 2));
        });
      }
    }
  }
  return [...simplex.sort((a, b) => a.value - b.value)[0]!.at];
}
