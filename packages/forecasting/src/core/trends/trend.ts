/** What a series is doing. */
export interface TrendAnalysis {
  readonly type: "rising" | "falling" | "stable" | "volatile";
  /** In [0, 1]: the share of the series' movement that the trend explains. */
  readonly strength: number;
  readonly direction: "up" | "down" | "stable";
  /** In [0, 1]: 1 less the chance that noise looks like this. */
  readonly confidence: number;
  /** Change a period, as a share of the mean level; 0 when the level is 0. */
  readonly changePerPeriod: number;
}

export interface TrendOptions {
  /** Chance of calling noise a trend, 0.01 unless told; divide it by the number of series that are looked at together. */
  readonly falseAlarms?: number;
  /** Values that are needed, 12 unless told; with fewer the answer is stable, with confidence 0. */
  readonly leastValues?: number;
}

/** Deviation over mean from which a series without trend is volatile rather than stable. */
const volatileFrom = 0.6;
/** A change smaller than this share of the level over the whole series is stable, however certain. */
const leastChange = 0.05;

/**
 * Classifies a series by its trend.
 *
 * @param values n values, NaN are left out; take the season out before (`stl`)
 *
 * Mann-Kendall's test with the correction for memory of Hamed & Rao (1998), Journal of Hydrology 204 (first lag only), and
 * the median of slopes of Theil and Sen. Neither minds outliers.
 */
export function analyseTrend(values: ArrayLike<number>, options: TrendOptions = {}): TrendAnalysis {
  const { falseAlarms = 0.01, leastValues = 12 } = options;
  const seen = Array.from(values, (value, t) => ({ value, t })).filter(({ value }) => Number.isFinite(value));
  const n = seen.length;
  if (n < Math.max(3, leastValues)) return unclear(0);
  // All that is told is a share: what is so large that its squares are beyond any number is looked at smaller.
  const most = seen.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), 0);
  const scale = most > 1e100 ? most : 1;
  const known = seen.map(({ value, t }) => ({ value: value / scale, t }));
  const level = known.reduce((sum, { value }) => sum + value, 0) / n;
  const slope = senSlope(known);
  const rest = known.map(({ value, t }) => value - slope * t);
  const chance = kendallChance(known, Math.max(0, memory(rest)));
  const around = deviation(rest);
  const moved = Math.abs(slope) * (known[n - 1]!.t - known[0]!.t);
  const strength = moved > 0 ? Math.min(1, moved ** 2 / (moved ** 2 + 12 * around ** 2)) : 0;
  const changePerPeriod = level !== 0 ? slope / Math.abs(level) : 0;
  const large = level === 0 ? moved > 0 : moved >= leastChange * Math.abs(level);
  if (chance < falseAlarms && large) {
    const up = slope > 0;
    return {
      type: up ? "rising" : "falling",
      strength,
      direction: up ? "up" : "down",
      confidence: 1 - chance,
      changePerPeriod,
    };
  }
  const volatile = level !== 0 && around / Math.abs(level) >= volatileFrom;
  return {
    type: volatile ? "volatile" : "stable",
    strength,
    direction: "stable",
    confidence: 1 - chance,
    changePerPeriod,
  };
}

function unclear(confidence: number): TrendAnalysis {
  return { type: "stable", strength: 0, direction: "stable", confidence, changePerPeriod: 0 };
}

interface Point {
  readonly value: number;
  readonly t: number;
}

function senSlope(points: readonly Point[]): number {
  const slopes: number[] = [];
  // Every pair of a long series is too many: steps apart that leave some forty thousand.
  const stride = Math.max(1, Math.ceil(points.length / 300));
  for (let i = 0; i < points.length; i += stride) {
    for (let j = i + 1; j < points.length; j += stride) {
      slopes.push((points[j]!.value - points[i]!.value) / (points[j]!.t - points[i]!.t));
    }
  }
  const sorted = Float64Array.from(slopes).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Two-sided chance of the test under no trend, the variance widened for memory from one value to the next. */
function kendallChance(points: readonly Point[], correlation: number): number {
  const n = points.length;
  let score = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) score += Math.sign(points[j]!.value - points[i]!.value);
  const widened = (1 + correlation) / (1 - Math.min(0.95, correlation));
  const deviationOfScore = Math.sqrt(((n * (n - 1) * (2 * n + 5)) / 18) * widened);
  const z = (Math.abs(score) - 1) / deviationOfScore;
  return z <= 0 ? 1 : Math.min(1, 2 * normalTail(z));
}

/** Upper tail of the standard normal for z >= 0. Abramowitz & Stegun (1964), 26.2.17, error below 1e-7. */
function normalTail(z: number): number {
  const k = 1 / (1 + 0.2316419 * z);
  const series =
    k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

function memory(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let products = 0;
  values.forEach((value, t) => {
    squares += (value - mean) ** 2;
    if (t > 0) products += (value - mean) * (values[t - 1]! - mean);
  });
  return squares > 0 ? products / squares : 0;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
