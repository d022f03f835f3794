import { prepare } from "../prepare.ts";
import { stl } from "../season/stl.ts";

/** A day whose sales no rhythm explains. */
export interface SalesAnomaly {
  readonly at: number;
  /** What was expected, in the series' unit. */
  readonly expected: number;
  /** How many robust standard deviations of roots away: negative when less was sold. */
  readonly deviations: number;
}

export interface SalesAnomalyOptions {
  /** 7 unless told. */
  readonly season?: number;
  /** Days on which the stall was closed, by their index: never told, and not learned from. */
  readonly closed?: ReadonlySet<number>;
  /** Deviations from which a day is told, 4.5 unless told: one false alarm in some hundred thousand days of even noise. */
  readonly limit?: number;
}

/**
 * Unusual days in a history of sales, all looked at together (for a stream see `AnomalyDetector`).
 *
 * @param values n values, below 0 taken as 0, NaN or null for gaps; at least three seasons, else nothing is told
 * @returns anomalies in order of time
 *
 * Robust STL on roots, then residuals over their median absolute deviation: what Hochenbaum, Vallis & Kejariwal (2017),
 * "Automatic anomaly detection in the cloud via statistical learning", arXiv 1704.07706, call a seasonal hybrid test, with
 * a fixed limit instead of a fixed share.
 */
export function salesAnomalies(
  values: ArrayLike<number | null>,
  { season = 7, closed = new Set(), limit = 4.5 }: SalesAnomalyOptions = {},
): SalesAnomaly[] {
  const open = Array.from(values, (value, t) => (closed.has(t) ? null : value));
  const history = prepare({ values: open, season });
  if (!history || history.values.length < 3 * season || season < 2) return [];
  const lead = values.length - history.values.length;
  const roots = history.values.map((value) => Math.sqrt(Math.max(0, value)));
  const { trend, seasonal, remainder } = stl(roots, season, { robust: true, seasonalWidth: "periodic" });
  const sizes = remainder
    .filter((_, t) => history.observed[t] === 1)
    .map((value) => Math.abs(value))
    .sort();
  const deviation = 1.4826 * sizes[sizes.length >> 1]!;
  // A tenth of the usual level is the least that counts: in an even history every crumb would stand out.
  const least = 0.02 * Math.sqrt(roots.reduce((sum, root) => sum + root ** 2, 0) / roots.length) + 1e-9;
  const out: SalesAnomaly[] = [];
  remainder.forEach((value, t) => {
    const deviations = value / Math.max(deviation, least);
    if (history.observed[t] === 0 || Math.abs(deviations) < limit) return;
    const expected = Math.max(0, trend[t]! + seasonal[t]!) ** 2 * history.scale;
    out.push({ at: t + lead, expected, deviations });
  });
  return out;
}
