import { normalQuantile } from "@almanac/forecasting";
import type { OwnElasticity } from "./own-elasticity.ts";
import type { Answer } from "./suggest-price.ts";

const shareOfInterval = 0.8;

/**
 * The middle and the ends of what is believed of how buyers answer. No demand grows with its price: where chance says so, that is
 * not cut to "nobody minds", which would be certain of what nobody knows; the middle and the ends of the rest are told.
 */
export function answerOf({ elasticity, standardError }: OwnElasticity): Answer {
  const believed = shareBelow(-elasticity / standardError);
  const at = (share: number): number => elasticity + normalQuantile(share * believed) * standardError;
  const tail = (1 - shareOfInterval) / 2;
  return { low: at(tail), mid: at(0.5), high: at(1 - tail) };
}

/** The share of a standard normal distribution below a value, to nine places, by halving. */
function shareBelow(value: number): number {
  let [low, high] = [1e-9, 1 - 1e-9];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < value) low = middle;
    else high = middle;
  }
  return high;
}
