import type { Rng } from "@almanac/kernel";
import type { ItemHistory } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import type { AdamTable } from "./adam-table.ts";

/** Of a longer history so many items, drawn anew in every round, are learned from. */
const mostItems = 100;

/**
 * What a model learns from one item of a user: who the user is without it, and the item.
 *
 * @param gradient to be filled with the slope of the loss by `person`; zeros on entry
 */
export type LearnItem = (
  person: Float64Array,
  item: number,
  draw: () => number,
  gradient: Float64Array,
) => void;

/**
 * A person as what they have: the sum of their items' vectors over the root of their weight. It needs no place in training,
 * so that carts and people who came later have one too. Kabbur, Ning & Karypis (2013), "FISM".
 */
export function poolHistory({ items, weights }: ItemHistory, sources: AdamTable): Float64Array {
  const { width, values } = sources;
  const person = new Float64Array(width);
  let total = 0;
  items.forEach((item, h) => {
    total += weights[h]!;
    for (let k = 0; k < width; k++) person[k]! += weights[h]! * values[item * width + k]!;
  });
  if (total > 0) for (let k = 0; k < width; k++) person[k]! /= Math.sqrt(total);
  return person;
}

export interface RoundOptions {
  readonly rounds: number;
  readonly rng: Rng;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Goes over all users in a new order each round. Each of a user's items is learned from the user without it; the slopes of
 * one user move their items' source vectors together, once. `draw` gives items that the user does not have.
 */
export function learnByUser(
  interactions: SparseRows,
  sources: AdamTable,
  learn: LearnItem,
  { rounds, rng, onProgress }: RoundOptions,
): void {
  const { offsets, columns, columnCount, rowCount } = interactions;
  const { width, values } = sources;
  const users = Array.from({ length: rowCount }, (_, user) => user);
  const person = new Float64Array(width);
  const slope = new Float64Array(width);
  for (let round = 0; round < rounds; round++) {
    for (const user of rng.shuffle(users)) {
      const all = columns.subarray(offsets[user]!, offsets[user + 1]!);
      // Nothing is left of a person without their only item, and nothing is not theirs of somebody with everything.
      if (all.length < 2 || all.length >= columnCount) continue;
      const owned = new Set(all);
      const draw = (): number => {
        for (;;) {
          const item = rng.int(columnCount);
          if (!owned.has(item)) return item;
        }
      };
      const items = all.length <= mostItems ? all : rng.shuffle([...all]).slice(0, mostItems);
      const scale = 1 / Math.sqrt(items.length - 1);
      const sum = new Float64Array(width);
      for (const item of items) for (let k = 0; k < width; k++) sum[k]! += values[item * width + k]!;
      const slopes = new Float64Array(items.length * width);
      const total = new Float64Array(width);
      items.forEach((item: number, i: number) => {
        for (let k = 0; k < width; k++) person[k] = scale * (sum[k]! - values[item * width + k]!);
        const own = slopes.subarray(i * width, (i + 1) * width);
        learn(person, item, draw, own);
        for (let k = 0; k < width; k++) {
          own[k]! *= scale;
          total[k]! += own[k]!;
        }
      });
      items.forEach((item: number, i: number) => {
        for (let k = 0; k < width; k++) slope[k] = total[k]! - slopes[i * width + k]!;
        sources.descend(item, slope);
      });
    }
    onProgress?.((round + 1) / rounds);
  }
}
