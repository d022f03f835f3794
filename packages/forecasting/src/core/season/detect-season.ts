import { laggedProducts, powerOf } from "./fft.ts";

/** Shares of false alarms accepted on noise. */
const falseAlarms = 0.01;
const fewestCycles = 3;
/** Lengths that people live by; tried whatever the periodogram says. */
const calendar = [4, 7, 12, 24, 48, 52, 96, 144, 168, 288, 336, 364, 365];

/**
 * The number of periods after which a series repeats itself.
 *
 * @param values n values; NaN are gaps and count as their neighbours' mean
 * @returns 1 when nothing repeats beyond what noise does; never more than a third of n
 *
 * Candidates are the peaks of the periodogram that pass Fisher's g test, and the calendar's lengths. Each must be a peak of
 * the autocorrelation, and stand out of noise when the memory of the series from one value to the next is taken out, or
 * a wandering series would seem to have a season in every fourth case. Of lengths that come near the best the shortest
 * wins, as every multiple of a season is one too.
 * Vlachos, Yu & Castelli (2005), "On periodicity detection and structural periodic similarity", SIAM SDM.
 */
export function detectSeason(values: ArrayLike<number>): number {
  const series = detrended(interpolated(values));
  const n = series.length;
  if (n < 3 * fewestCycles) return 1;
  const most = Math.floor(n / fewestCycles);
  const correlation = autocorrelations(series, most + Math.ceil(most / 12));
  if (correlation.length < 3) return 1;
  const white = whitened(series, correlation[1]!);
  const innovation = autocorrelations(white, 2 * most);
  const judged = [...candidates(white, most)]
    .filter((length) => isPeak(correlation, length))
    .filter((length) => repeats(innovation, length, n) > standsOut)
    .map((length) => ({ length, score: stands(innovation, length, n) }));
  if (judged.length === 0) return 1;
  const best = judged.reduce((a, b) => (b.score > a.score ? b : a));
  const near = judged.filter(({ length, score }) => score >= shareNeeded(length, best.length) * best.score);
  const usual = near.filter(({ length }) => calendar.includes(length));
  const chosen = (usual.length > 0 ? usual : near).reduce((a, b) => (b.length < a.length ? b : a));
  const part = judged
    .filter(({ length, score }) => chosen.length % length === 0 && score >= partRepeats * chosen.score)
    .reduce((a, b) => (b.length < a.length ? b : a), chosen);
  return calendarNeighbour(part.length, correlation);
}

/** A length of the calendar within a twelfth of the one found that repeats nearly as well, else the one found. */
function calendarNeighbour(found: number, correlation: Float64Array): number {
  const usual = calendar.find(
    (length) => Math.abs(length - found) <= found / 12 && correlation[length]! >= 0.95 * correlation[found]!,
  );
  return usual ?? found;
}

/** Of the score of a length of the calendar, from which a part of it that no calendar has is the season: 6 rather than 12. */
const partRepeats = 0.95;

/** What share of the best score another length must have to be considered beside it: less for divisors and neighbours. */
function shareNeeded(length: number, best: number): number {
  if (best % length === 0) return 0.7;
  return calendar.includes(length) && Math.abs(length - best) <= best / 12 ? 0.8 : 0.95;
}

/** Standard errors of a correlation of noise; of the dozen lengths tried one in fifty would pass by chance. */
const standsOut = 3;
/** Twice a length is asked too where this share of the series is left to compare: what repeats, repeats twice. */
const leftToCompare = 0.4;

/** How far the correlation at a lag stands out of noise, in standard errors. */
function stands(innovation: Float64Array, lag: number, n: number): number {
  return Math.sqrt(n - lag) * innovation[lag]!;
}

/**
 * How far the correlations at a length and at twice that stand out together: a season of rare sales shows in neither alone.
 * Ljung & Box's statistic at seasonal lags, with the sign kept.
 */
function repeats(innovation: Float64Array, length: number, n: number): number {
  const once = stands(innovation, length, n);
  if (2 * length >= innovation.length || 2 * length > (1 - leftToCompare) * n) return once;
  return (once + stands(innovation, 2 * length, n)) / Math.SQRT2;
}

function candidates(white: Float64Array, most: number): Set<number> {
  const found = new Set<number>();
  const add = (length: number): void => {
    if (length >= 2 && length <= most) found.add(length);
  };
  for (const length of calendar) add(length);
  for (const period of significantPeriods(white)) {
    const spread = Math.max(1, Math.ceil((period * period) / white.length / 2));
    for (let length = Math.round(period) - spread; length <= Math.round(period) + spread; length++)
      add(length);
  }
  return found;
}

/**
 * Whether the correlation at a lag is the largest within a twelfth of the lag; for a length of the calendar nine tenths of
 * the largest do, as noise moves peaks by a place or two.
 */
function isPeak(correlation: Float64Array, lag: number): boolean {
  const value = correlation[lag] ?? 0;
  const reach = Math.max(1, Math.floor(lag / 12));
  const share = calendar.includes(lag) && lag > 7 ? 0.9 : 1;
  if (!(value > 0)) return false;
  for (let k = 1; k <= reach; k++) {
    if (value < share * correlation[lag - k]!) return false;
    if (value < share * (correlation[lag + k] ?? -1)) return false;
  }
  return true;
}

/** What is new in each value: the series less its first autocorrelation times the value before. */
function whitened(series: Float64Array, first: number): Float64Array {
  const memory = Math.max(0, Math.min(0.98, first));
  const out = new Float64Array(series.length);
  for (let t = 1; t < out.length; t++) out[t] = series[t]! - memory * series[t - 1]!;
  return out;
}

/**
 * Periods whose peak in the periodogram is larger than noise gives in one of a hundred series.
 * Fisher (1929), "Tests of significance in harmonic analysis", Proceedings of the Royal Society A 125: the largest of k
 * ordinates as a share g of their sum; P(g > x) is at most k (1 - x)^(k - 1).
 */
export function significantPeriods(series: Float64Array): number[] {
  const power = periodogram(series);
  const count = power.length - 1;
  const total = power.reduce((sum, value) => sum + value, 0);
  if (!(total > 0) || count < 3) return [];
  const limit = 1 - (falseAlarms / count) ** (1 / (count - 1));
  const peaks: { period: number; share: number }[] = [];
  for (let k = fewestCycles; k <= count; k++) {
    const share = power[k]! / total;
    const isPeak = share >= (power[k - 1] ?? 0) / total && share >= (power[k + 1] ?? 0) / total;
    if (isPeak && share > limit) peaks.push({ period: series.length / k, share });
  }
  return peaks
    .sort((a, b) => b.share - a.share)
    .slice(0, 8)
    .map(({ period }) => period);
}

/** Power at the frequencies 0 .. n / 2 (cycles over the whole series), 0 at the first: the level is no cycle. */
export function periodogram(series: Float64Array): Float64Array {
  const out = powerOf(series).map((power) => power / series.length);
  out[0] = 0;
  return out;
}

function autocorrelations(series: Float64Array, most: number): Float64Array {
  const n = series.length;
  let variance = 0;
  for (const value of series) variance += value * value;
  if (!(variance > 0)) return new Float64Array(0);
  // Of n - lag products, scaled as if of n: long lags are not put behind short ones.
  return laggedProducts(series, Math.min(most, n - 1)).map((sum, lag) => (sum / (n - lag)) * (n / variance));
}

/** Without gaps, and of a size whose squares have room. */
function interpolated(values: ArrayLike<number>): Float64Array {
  let largest = 0;
  for (let t = 0; t < values.length; t++) {
    if (Number.isFinite(values[t]!)) largest = Math.max(largest, Math.abs(values[t]!));
  }
  // A power of two changes no digit.
  const scale = largest > 0 ? 2 ** Math.max(-1_000, Math.min(1_000, -Math.floor(Math.log2(largest)))) : 1;
  const known = Array.from(values, (value, at) => ({ value: value * scale, at })).filter(({ value }) =>
    Number.isFinite(value),
  );
  const out = new Float64Array(values.length);
  for (let t = 0, next = 0; t < out.length; t++) {
    while (next < known.length && known[next]!.at < t) next++;
    const after = known[next];
    const before = known[next - 1];
    if (after?.at === t) out[t] = after.value;
    else if (before && after)
      out[t] = before.value + ((after.value - before.value) * (t - before.at)) / (after.at - before.at);
    else out[t] = (after ?? before)?.value ?? 0;
  }
  return out;
}

/** The series less its line and a slow trend (a centred mean over a third of it, its ends held), outliers drawn in. */
function detrended(values: Float64Array): Float64Array {
  const n = values.length;
  const level = drawnIn(lessLine(values));
  const width = Math.max(3, Math.floor(n / 3));
  const half = width >> 1;
  const sums = new Float64Array(n + 1);
  level.forEach((value, t) => (sums[t + 1] = sums[t]! + value));
  return drawnIn(
    level.map((value, t) => {
      const from = Math.max(half, Math.min(n - 1 - half, t)) - half;
      const to = from + 2 * half;
      const edges = width % 2 === 0 ? (level[from]! + level[to]!) / 2 : 0;
      return value - (sums[to + 1]! - sums[from]! - edges) / width;
    }),
  );
}

function lessLine(values: Float64Array): Float64Array {
  const n = values.length;
  let sum = 0;
  let cross = 0;
  values.forEach((value, t) => {
    sum += value;
    cross += t * value;
  });
  const slope = (6 * (2 * cross - (n - 1) * sum)) / (n * (n * n - 1));
  return values.map((value, t) => value - slope * (t - (n - 1) / 2) - sum / n);
}

/** Values around their mean, none further out than four times the upper quartile of their sizes. */
function drawnIn(values: Float64Array): Float64Array {
  const n = values.length;
  const sizes = values.map((value) => Math.abs(value)).sort();
  const limit = 4 * (sizes[Math.floor(0.75 * n)]! || sizes[n - 1]!);
  const drawn = values.map((value) => Math.max(-limit, Math.min(limit, value)));
  const mean = drawn.reduce((sum, value) => sum + value, 0) / n;
  return drawn.map((value) => value - mean);
}
