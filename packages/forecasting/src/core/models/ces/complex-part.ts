/**
 * A complex exponentially smoothed part of a series: a level whose change is told by a second state, the information
 * potential, in place of a trend. With a lag of one season each position has its own two states.
 *
 * The states at `t` are those that the value `t` is forecast from; there are n + lag of them.
 */
export interface ComplexPart {
  readonly lag: number;
  /** False in a part that is plain exponential smoothing: its potential is not used. */
  readonly complex: boolean;
  readonly level: Float64Array;
  readonly potential: Float64Array;
}

/** The complex weight of a part, real + i imaginary; of a part that is not complex the real one counts alone. */
export interface ComplexWeight {
  readonly real: number;
  readonly imaginary: number;
}

/**
 * Runs a sum of parts over the values, from the first to the last or back, the states in place: forwards from the `lag`
 * states at the start, backwards from those at the end.
 *
 * @param parts one or two, with their weights
 * @param fitted filled with the one-step forecasts where given
 * @returns the sum of the squared one-step errors
 *
 * Svetunkov & Kourentzes (2015), "Complex exponential smoothing", MPRA 69394, in state space: l(t) = l - (1 - a1) c +
 * (a0 - a1) e, c(t) = l + (1 - a0) c + (a0 + a1) e, with l and c those of one lag before.
 */
export function followParts(
  values: Float64Array,
  parts: readonly ComplexPart[],
  weights: readonly ComplexWeight[],
  backwards = false,
  fitted?: Float64Array,
): number {
  const n = values.length;
  const [first, second] = [parts[0]!, parts[1]];
  const [firstLevel, secondLevel] = [first.level, second?.level];
  // Forwards the states of t + lag follow from those of t, backwards the other way round.
  const firstFrom = backwards ? first.lag : 0;
  const firstTo = backwards ? 0 : first.lag;
  const secondFrom = backwards && second ? second.lag : 0;
  const secondTo = backwards || !second ? 0 : second.lag;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const t = backwards ? n - 1 - i : i;
    const forecast = firstLevel[t + firstFrom]! + (secondLevel ? secondLevel[t + secondFrom]! : 0);
    const error = values[t]! - forecast;
    squares += error * error;
    if (fitted) fitted[t] = forecast;
    move(first, weights[0]!, t + firstFrom, t + firstTo, error);
    if (second) move(second, weights[1]!, t + secondFrom, t + secondTo, error);
  }
  return squares;
}

/** Forecasts from the states after the last of `n` values: the recursion without errors. */
export function aheadOfParts(
  n: number,
  parts: readonly ComplexPart[],
  weights: readonly ComplexWeight[],
  horizon: number,
): Float64Array {
  const out = new Float64Array(horizon);
  parts.forEach((part, k) => {
    const { lag } = part;
    const onwards = (states: Float64Array): Float64Array => {
      const room = new Float64Array(horizon + lag);
      room.set(states.subarray(n));
      return room;
    };
    const ahead = { ...part, level: onwards(part.level), potential: onwards(part.potential) };
    for (let step = 0; step < horizon; step++) {
      out[step]! += ahead.level[step]!;
      move(ahead, weights[k]!, step, step + lag, 0);
    }
  });
  return out;
}

function move(part: ComplexPart, weight: ComplexWeight, from: number, to: number, error: number): void {
  const { level, potential } = part;
  const { real, imaginary } = weight;
  const l = level[from]!;
  if (part.complex) {
    const c = potential[from]!;
    level[to] = l - (1 - imaginary) * c + (real - imaginary) * error;
    potential[to] = l + (1 - real) * c + (real + imaginary) * error;
  } else {
    level[to] = l + real * error;
  }
}

/** Whether what was long ago fades with this weight, in a complex part alone: the paper's conditions of stability. */
export function fades({ real, imaginary }: ComplexWeight): boolean {
  return (
    (real - 2.5) ** 2 + imaginary ** 2 > 1.25 &&
    (real - 0.5) ** 2 + (imaginary - 1) ** 2 > 0.25 &&
    (real - 1.5) ** 2 + (imaginary - 0.5) ** 2 < 1.5
  );
}
