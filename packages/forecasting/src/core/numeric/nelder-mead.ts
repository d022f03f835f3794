/** Bounds and effort of a search. */
export interface SearchOptions {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Evaluations at most; the search also ends when the simplex is flat. */
  readonly evaluations: number;
  /** Relative spread of the criterion at which the simplex counts as flat. */
  readonly tolerance?: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
}

/**
 * Minimises a function of a few parameters without derivatives, inside a box.
 *
 * @param criterion reads its argument, does not keep it; may return Infinity or NaN where it is not defined
 * @param start d values; moved into the box
 * @param step d lengths of the first simplex's edges, none zero
 * @returns the best point seen; `value` is Infinity when the criterion was nowhere finite
 *
 * Nelder & Mead (1965), "A simplex method for function minimization", Computer Journal 7. Points outside the box are put
 * on its wall, which for these smooth criteria is as good as a barrier and needs no transformation.
 */
export function minimise(
  criterion: (parameters: Float64Array) => number,
  start: Float64Array,
  step: Float64Array,
  options: SearchOptions,
): Minimum {
  const { lower, upper, evaluations, tolerance = 1e-8 } = options;
  const size = start.length;
  const points: Float64Array[] = [];
  const values = new Float64Array(size + 1);
  let spent = 0;
  const clamp = (point: Float64Array): void => {
    for (let i = 0; i < size; i++) point[i] = Math.min(upper[i]!, Math.max(lower[i]!, point[i]!));
  };
  const evaluate = (point: Float64Array): number => {
    spent++;
    const value = criterion(point);
    return Number.isNaN(value) ? Infinity : value;
  };
  for (let k = 0; k <= size; k++) {
    const point = Float64Array.from(start);
    clamp(point);
    if (k > 0) {
      const i = k - 1;
      const moved = point[i]! + step[i]!;
      point[i] = moved > upper[i]! || moved < lower[i]! ? point[i]! - step[i]! : moved;
    }
    clamp(point);
    points.push(point);
    values[k] = evaluate(point);
  }
  const centre = new Float64Array(size);
  const trial = new Float64Array(size);
  const second = new Float64Array(size);
  const along = (out: Float64Array, worst: Float64Array, factor: number): number => {
    for (let i = 0; i < size; i++) out[i] = centre[i]! + factor * (worst[i]! - centre[i]!);
    clamp(out);
    return evaluate(out);
  };
  while (spent < evaluations) {
    let best = 0;
    let worst = 0;
    for (let k = 1; k <= size; k++) {
      if (values[k]! < values[best]!) best = k;
      if (values[k]! > values[worst]!) worst = k;
    }
    let nextWorst = best;
    for (let k = 0; k <= size; k++) if (k !== worst && values[k]! > values[nextWorst]!) nextWorst = k;
    const spread = values[worst]! - values[best]!;
    if (spread <= tolerance * (Math.abs(values[best]!) + tolerance)) break;
    centre.fill(0);
    for (let k = 0; k <= size; k++) {
      if (k !== worst) for (let i = 0; i < size; i++) centre[i]! += points[k]![i]! / size;
    }
    const worstPoint = points[worst]!;
    const reflected = along(trial, worstPoint, -1);
    if (reflected < values[best]!) {
      const expanded = along(second, worstPoint, -2);
      const taken = expanded < reflected ? second : trial;
      worstPoint.set(taken);
      values[worst] = Math.min(expanded, reflected);
    } else if (reflected < values[nextWorst]!) {
      worstPoint.set(trial);
      values[worst] = reflected;
    } else {
      const contracted = along(second, reflected < values[worst]! ? trial : worstPoint, 0.5);
      if (contracted < Math.min(reflected, values[worst]!)) {
        worstPoint.set(second);
        values[worst] = contracted;
      } else {
        for (let k = 0; k <= size; k++) {
          if (k === best) continue;
          for (let i = 0; i < size; i++) points[k]![i] = (points[k]![i]! + points[best]![i]!) / 2;
          values[k] = evaluate(points[k]!);
        }
      }
    }
  }
  let best = 0;
  for (let k = 1; k <= size; k++) if (values[k]! < values[best]!) best = k;
  return { at: points[best]!, value: values[best]! };
}
