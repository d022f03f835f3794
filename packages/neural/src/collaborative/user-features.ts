import { invariant } from "@almanac/kernel";
import type { TasteVectors } from "./taste-vectors.ts";

/** One thing that a person chose: which, when, and with which others (things of one basket share it). */
export interface Choice {
  readonly item: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly basket: number;
}

/** Taste vectors are this wide. */
export const tasteWidth = 24;

const habits = [
  "baskets, logarithm",
  "choices, logarithm",
  "choices a basket",
  "different things, share of choices",
  "chosen more than once, share of things",
  "commonness of what is chosen",
  "days since the latest choice, logarithm",
  "days between baskets, logarithm",
] as const;

/** What is told of a person, in this order: 44 numbers. */
export const userFeatureNames: readonly string[] = [
  ...habits,
  ...["January", "February", "March", "April", "May", "June", "July"].map((month) => `share in ${month}`),
  ...["August", "September", "October", "November", "December"].map((month) => `share in ${month}`),
  ...Array.from({ length: tasteWidth }, (_, at) => `taste ${at + 1}`),
];
invariant(
  userFeatureNames.length >= 30 && userFeatureNames.length <= 50,
  "a person is told by 30 to 50 numbers",
);

const day = 86_400_000;

/**
 * A person as the numbers of `userFeatureNames`, from choices before `now` alone: later ones are not looked at. Somebody
 * who has chosen nothing is all zeros.
 *
 * @param choices in any order; items are positions in `tastes`
 */
export function userFeatures(choices: readonly Choice[], tastes: TasteVectors, now: number): Float32Array {
  const out = new Float32Array(userFeatureNames.length);
  const past = choices.filter(({ at }) => at < now);
  if (past.length === 0) return out;
  const times = new Map(past.map(({ item }) => [item, 0]));
  for (const { item } of past) times.set(item, times.get(item)! + 1);
  const baskets = new Map(past.map(({ basket, at }) => [basket, at]));
  const dates = [...baskets.values()].sort((a, b) => a - b);
  out[0] = Math.log1p(baskets.size);
  out[1] = Math.log1p(past.length);
  out[2] = Math.min(5, past.length / baskets.size / 10);
  out[3] = times.size / past.length;
  out[4] = [...times.values()].filter((count) => count > 1).length / times.size;
  out[5] = mean(past.map(({ item }) => tastes.commonness[item]!));
  out[6] = Math.log1p((now - dates.at(-1)!) / day) / 5;
  out[7] = dates.length > 1 ? Math.log1p((dates.at(-1)! - dates[0]!) / day / (dates.length - 1)) / 5 : 1;
  for (const { at } of past) out[habits.length + new Date(at).getUTCMonth()]! += 1 / past.length;
  writeTaste(out, habits.length + 12, times.keys(), tastes);
  return out;
}

/** The mean taste of different things, stretched to length 1 times five so that it weighs as much as the rest. */
function writeTaste(
  out: Float32Array,
  place: number,
  items: Iterable<number>,
  { vectors }: TasteVectors,
): void {
  for (const item of items)
    for (let at = 0; at < tasteWidth; at++) out[place + at]! += vectors[item * tasteWidth + at]!;
  const own = out.subarray(place, place + tasteWidth);
  const length = Math.hypot(...own);
  if (length > 0) for (let at = 0; at < tasteWidth; at++) own[at]! *= 5 / length;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
