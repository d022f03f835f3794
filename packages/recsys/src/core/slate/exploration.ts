import type { Rng } from "@almanac/kernel";

/** How often a farm's products were shown by recommendations, and looked at from there, lately. */
export interface FarmExposure {
  readonly impressions: number;
  readonly clicks: number;
}

/** Share of the draw that is uniform: it bounds what an inverse propensity can weigh. */
const uniformShare = 0.1;
/** Clicks a farm nobody has seen yet is believed to get: one in twenty. */
const prior = { clicks: 1, impressions: 20 };
const curiosity = 0.1;

/**
 * How much a farm is worth showing: the rate of clicks that is believed, plus what could be learned (UCB1; Auer,
 * Cesa-Bianchi & Fischer (2002), "Finite-time analysis of the multiarmed bandit problem").
 */
export function explorationIndex({ impressions, clicks }: FarmExposure, totalImpressions: number): number {
  const rate = (clicks + prior.clicks) / (impressions + prior.impressions);
  return rate + curiosity * Math.sqrt(Math.log1p(totalImpressions) / (1 + impressions));
}

/**
 * Chances with which candidates are drawn: by score times index, a tenth of it uniform. They sum to one, and each is what is
 * logged as the propensity of the one that was drawn.
 */
export function drawChances(scores: readonly number[], indexes: readonly number[]): number[] {
  const weights = scores.map((score, at) => Math.max(score, 1e-6) * indexes[at]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => ((1 - uniformShare) * weight) / total + uniformShare / weights.length);
}

/** @returns a position, drawn by its chance */
export function draw(chances: readonly number[], rng: Rng): number {
  return rng.weighted([...chances]);
}
