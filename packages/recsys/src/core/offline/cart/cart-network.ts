import type { Rng } from "@almanac/kernel";
import { AdaGradTable } from "./ada-grad-table.ts";
import type { Rivals } from "./rivals.ts";

/** Standard deviation of the vectors at the start. */
const spread = 0.1;
const ridge = 1e-4;
/** Biases start from what popularity says and have less to learn. */
const biasPace = 0.3;
/** A slope that moves nothing. */
const negligible = 1e-5;

/** Numbers of items. */
type ItemList = ArrayLike<number> & Iterable<number>;

/**
 * The odds of each item given a cart by one layer of hidden units: h = tanh(sum of the cart's source vectors over the root
 * of its items), odds_j = bias_j + h . target_j, learned by the softmax of a hidden item among its rivals. Where linear models
 * say how much two items go together, the units say what kind of cart this is.
 *
 * After Liang et al. (2018), "Variational autoencoders for collaborative filtering" (Mult-DAE), one hidden item a lesson.
 */
export class CartNetwork {
  readonly #sources: AdaGradTable;
  readonly #targets: AdaGradTable;
  readonly #biases: AdaGradTable;
  readonly #units: Float64Array;
  readonly #slopeOfUnits: Float64Array;
  readonly #inCart: Uint8Array;
  readonly #one = Float64Array.of(1);

  /** @param counts carts of each item */
  constructor(counts: ArrayLike<number>, width: number, rng: Rng) {
    this.#sources = new AdaGradTable(counts.length, width, spread, ridge, rng.fork("sources"));
    this.#targets = new AdaGradTable(counts.length, width, spread, ridge, rng.fork("targets"));
    this.#biases = new AdaGradTable(counts.length, 1, 0, 0, rng);
    for (let item = 0; item < counts.length; item++)
      this.#biases.values[item] = Math.log(counts[item]! + 0.1);
    this.#units = new Float64Array(width);
    this.#slopeOfUnits = new Float64Array(width);
    this.#inCart = new Uint8Array(counts.length);
  }

  /** One step: `taken` is to be likelier given `shown` than its rivals, those of the cart aside. */
  learn(shown: ItemList, taken: number, rivals: Rivals, rate: number): void {
    this.#activate(shown);
    const drawn = rivals.draw();
    for (const item of shown) this.#inCart[item] = 1;
    this.#inCart[taken] = 1;
    const odds = new Float64Array(drawn.length + 1);
    odds[0] = this.#oddsOf(taken) - rivals.logExpected[taken]!;
    let best = odds[0];
    for (let at = 0; at < drawn.length; at++) {
      const item = drawn[at]!;
      odds[at + 1] = this.#inCart[item] === 1 ? -Infinity : this.#oddsOf(item) - rivals.logExpected[item]!;
      best = Math.max(best, odds[at + 1]!);
    }
    for (const item of shown) this.#inCart[item] = 0;
    this.#inCart[taken] = 0;
    let total = 0;
    for (let at = 0; at < odds.length; at++) total += odds[at] = Math.exp(odds[at]! - best);
    this.#slopeOfUnits.fill(0);
    this.#moveTarget(taken, odds[0]! / total - 1, rate);
    for (let at = 0; at < drawn.length; at++) this.#moveTarget(drawn[at]!, odds[at + 1]! / total, rate);
    this.#moveSources(shown, rate);
  }

  /** Adds the odds of every item given the cart. */
  addScores(cart: ItemList, scores: Float64Array): void {
    this.#activate(cart);
    for (let item = 0; item < scores.length; item++) scores[item]! += this.#oddsOf(item);
  }

  #activate(cart: ItemList): void {
    const { values, width } = this.#sources;
    const units = this.#units.fill(0);
    for (const item of cart) for (let k = 0; k < width; k++) units[k]! += values[item * width + k]!;
    const scale = 1 / Math.sqrt(Math.max(1, cart.length));
    for (let k = 0; k < width; k++) units[k] = Math.tanh(scale * units[k]!);
  }

  #oddsOf(item: number): number {
    const { values, width } = this.#targets;
    const units = this.#units;
    const start = item * width;
    let odds = this.#biases.values[item]!;
    for (let k = 0; k < width; k++) odds += units[k]! * values[start + k]!;
    return odds;
  }

  #moveTarget(item: number, slope: number, rate: number): void {
    if (Math.abs(slope) < negligible) return;
    const { values, width } = this.#targets;
    const slopeOfUnits = this.#slopeOfUnits;
    const start = item * width;
    for (let k = 0; k < width; k++) slopeOfUnits[k]! += slope * values[start + k]!;
    this.#biases.descend(item, this.#one, slope, biasPace * rate);
    this.#targets.descend(item, this.#units, slope, rate);
  }

  #moveSources(shown: ItemList, rate: number): void {
    const slope = this.#slopeOfUnits;
    for (let k = 0; k < slope.length; k++) slope[k]! *= 1 - this.#units[k]! ** 2;
    const share = 1 / Math.sqrt(shown.length);
    for (const item of shown) this.#sources.descend(item, slope, share, rate);
  }
}
