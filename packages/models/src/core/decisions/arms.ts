import { fnv1a } from "@almanac/kernel";

export type Arm = "champion" | "challenger";

/**
 * Where a unit falls in [0, 1): twice 32-bit FNV-1a, as experiments deal their shoppers, over a seed of its own, so that a
 * rollout and an experiment share no bits.
 */
export function placeOf(unit: string, seed: string): number {
  const first = fnv1a(`${seed}/${unit}`);
  return fnv1a(`${seed}:${first}`) / 4_294_967_296;
}

/**
 * Who answers a unit. The same at every call; whoever is among the challenger's 5 % is among its 25 %.
 *
 * @param percent 0 to 100
 */
export function armOf(unit: string, { seed, percent }: { seed: string; percent: number }): Arm {
  return placeOf(unit, seed) * 100 < percent ? "challenger" : "champion";
}

/** The steps that are offered; any share in between may be set. */
export const rolloutSteps = [5, 25, 50, 100] as const;
