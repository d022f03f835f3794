import { powerSpectrum } from "./fft.ts";

export interface SpectralPeak {
  /** In periods of the series: 7 for a weekly rhythm of days. */
  readonly period: number;
  /** Of the wave, in the unit of the series: half of the way from its bottom to its top. */
  readonly amplitude: number;
  /** In [0, 1]: the chance that noise has a wave like this anywhere. */
  readonly chance: number;
  /** The period of which this is a half, a third and so on: part of its shape. */
  readonly harmonicOf?: number;
}

export interface SpectralOptions {
  /** .01 unless told. */
  readonly falseAlarms?: number;
  /** 8 unless told. */
  readonly most?: number;
}

/** Cycles that a period has to come round within the series. */
const fewestCycles = 2;

/**
 * Periods that a series repeats itself in, strongest first, by Fourier's transform and the harmonic F-test: the highest peak of the
 * spectrum is fitted as a wave and tested against what is left (a wave in n values of noise has F(2, n - 3) of it), with
 * the chance multiplied by how many frequencies that was the best of; it is taken out, and the next is looked for. White
 * noise so has a peak in one of a hundred series, whatever their length.
 *
 * @param values n values, NaN are taken as 0 around the trend; n at least 16, else nothing is told
 *
 * Thomson (1982), Proceedings of the IEEE 70, section XIII, for the test; the removal one by one is Högbom's (1974),
 * Astronomy & Astrophysics Supplement 15; how many frequencies there are, as all between two of the n / 2 are looked at too,
 * is Baluev's (2008), Monthly Notices of the Royal Astronomical Society 385.
 */
export function spectralPeaks(values: ArrayLike<number>, options: SpectralOptions = {}): SpectralPeak[] {
  const { falseAlarms = 0.01, most = 8 } = options;
  const n = values.length;
  if (n < 16) return [];
  let rest = withoutLine(values);
  const size = 2 ** Math.ceil(Math.log2(4 * n));
  const peaks: SpectralPeak[] = [];
  while (peaks.length < most) {
    const total = sumOfSquares(rest);
    if (!(total > 0)) break;
    const frequency = refined(rest, strongestFrequency(rest, size, n), 0.5 / size);
    const wave = fitWave(rest, frequency);
    const left = sumOfSquares(wave.rest);
    if (!(left < total)) break;
    // The upper tail of F with 2 and m degrees of freedom has a closed form.
    const m = n - 3;
    const f = (total - left) / 2 / Math.max(left / m, 1e-12 * total);
    const single = (1 + (2 * f) / m) ** (-m / 2);
    const chance = Math.min(1, single * (n / 2) * Math.sqrt((Math.PI / 3) * Math.max(1, -Math.log(single))));
    if (chance >= falseAlarms) break;
    const period = 1 / frequency;
    const base = peaks.find((peak) => isHarmonic(period, peak.period, n));
    peaks.push({ period, amplitude: wave.amplitude, chance, ...(base && { harmonicOf: base.period }) });
    rest = wave.rest;
  }
  return peaks;
}

function strongestFrequency(rest: Float64Array, size: number, n: number): number {
  const power = powerSpectrum(rest, size);
  let best = Math.ceil((fewestCycles * size) / n);
  for (let k = best; k < power.length; k++) if (power[k]! > power[best]!) best = k;
  // The peak of a parabola through the logarithms of three neighbours.
  const [a, b, c] = [best - 1, best, best + 1].map((k) => Math.log((power[k] ?? 0) + 1e-300));
  const bend = a! - 2 * b! + c!;
  const shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (a! - c!)) / bend)) : 0;
  return Math.min(0.5, (best + shift) / size);
}

/** The frequency within a reach whose wave leaves least, by halving: the grid of the spectrum is too coarse to take a wave out. */
function refined(rest: Float64Array, frequency: number, reach: number): number {
  let best = frequency;
  let least = sumOfSquares(fitWave(rest, best).rest);
  for (let step = reach; step > reach / 64; step /= 2) {
    for (const near of [best - step, best + step]) {
      if (!(near > 0 && near <= 0.5)) continue;
      const left = sumOfSquares(fitWave(rest, near).rest);
      if (left < least) [best, least] = [near, left];
    }
  }
  return best;
}

/** Least squares of a wave beside a straight line: both waves without their own line, as the values are without theirs. */
function fitWave(values: Float64Array, frequency: number): { amplitude: number; rest: Float64Array } {
  const angle = 2 * Math.PI * frequency;
  const cos = withoutLine(values.map((_, t) => Math.cos(angle * t)));
  const sin = withoutLine(values.map((_, t) => Math.sin(angle * t)));
  let [cc, cs, ss, yc, ys] = [0, 0, 0, 0, 0];
  values.forEach((value, t) => {
    cc += cos[t]! * cos[t]!;
    cs += cos[t]! * sin[t]!;
    ss += sin[t]! * sin[t]!;
    yc += value * cos[t]!;
    ys += value * sin[t]!;
  });
  const determinant = cc * ss - cs * cs;
  // At half the sampling rate the sine vanishes.
  const isPlain = determinant < 1e-9 * cc * cc;
  const a = isPlain ? yc / cc : (yc * ss - ys * cs) / determinant;
  const b = isPlain ? 0 : (ys * cc - yc * cs) / determinant;
  const rest = values.map((value, t) => value - a * cos[t]! - b * sin[t]!);
  return { amplitude: Math.hypot(a, b), rest };
}

/** Whether a period is a whole part of a longer one, as near as the length of the series lets one tell. */
function isHarmonic(period: number, base: number, n: number): boolean {
  const ratio = base / period;
  const whole = Math.round(ratio);
  return whole >= 2 && Math.abs(1 / period - whole / base) < 1 / n;
}

function withoutLine(values: ArrayLike<number>): Float64Array {
  const known = Array.from(values, (value, t) => ({ value, t })).filter(({ value }) =>
    Number.isFinite(value),
  );
  const count = Math.max(1, known.length);
  const meanT = known.reduce((sum, { t }) => sum + t, 0) / count;
  const mean = known.reduce((sum, { value }) => sum + value, 0) / count;
  const spread = known.reduce((sum, { t }) => sum + (t - meanT) ** 2, 0);
  const slope =
    spread > 0 ? known.reduce((sum, { t, value }) => sum + (t - meanT) * (value - mean), 0) / spread : 0;
  const level = known.reduce((sum, { value }) => sum + Math.abs(value), 0) / count;
  return Float64Array.from({ length: values.length }, (_, t) => {
    const rest = values[t]! - mean - slope * (t - meanT);
    // What is left of a straight line is rounding.
    return Number.isFinite(rest) && Math.abs(rest) > 1e-9 * level ? rest : 0;
  });
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
