import type { Beside } from "./beside.ts";
import { besideEffects } from "./beside-effects.ts";
import { leftBy } from "./pooled-forecast.ts";
import type { AverageFit, SettingFits } from "./pooled-forecast.ts";
import type { PooledSettings } from "./pooled-regression.ts";
import { steadyLevel } from "./smoothed-level.ts";

/** One a series, undefined where its history was too short. */
export type Averages = readonly (AverageFit | undefined)[];

/** A weight of the newest value, and how much it counts among others, in [0, 1]. */
export interface Smoothing {
  readonly alpha: number;
  readonly share: number;
}

/** How much each smoothing of the settings counts. */
export function smoothings(settings: readonly PooledSettings[], weights: Float64Array): Smoothing[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const byAlpha = Map.groupBy(settings.keys(), (at) => settings[at]!.alpha);
  return [...byAlpha].map(([alpha, at]) => ({
    alpha,
    share: at.reduce((sum, one) => sum + weights[one]! / total, 0),
  }));
}

/** The fits with a share of what stands beside them, and the levels that this leaves. */
export function withBeside(
  beside: Beside,
  fits: SettingFits,
  averages: Averages,
  smoothing: readonly Smoothing[],
  share: number,
): Averages {
  const rests = averages.map((fit, i) => fit && leftBy(fits, i, fit));
  const alpha = smoothing.reduce((sum, one) => sum + one.share * one.alpha, 0);
  const effects = besideEffects(beside, rests, fits.data, alpha);
  return averages.map((fit, i) => {
    if (!fit) return undefined;
    const effect = effects[i]!.map((value) => share * value);
    const left = rests[i]!.map((value, t) => value - effect[t]!);
    const { observed } = fits.data[i]!;
    const level = smoothing.reduce((sum, one) => sum + one.share * steadyLevel(left, observed, one.alpha), 0);
    return { ...fit, level, effect };
  });
}
