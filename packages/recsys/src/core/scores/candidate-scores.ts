import type { Csr } from "../snapshot/csr.ts";
import { floatScratch } from "./scratch.ts";

/** Scores that depend on a few kinds only: what is in season is so by its category, and by being new or not. */
export interface KindScores {
  /** By product its kind; 0 for one that is not named. */
  readonly kindOf: Uint16Array;
  /** By kind; what is at 0 is not read. */
  readonly scoreOfKind: Float64Array;
  /** The products of each kind, ascending. */
  readonly productsOfKind: Csr;
}

export interface OwnScores {
  /** By product one more than its slot, 0 for a product without a score of its own. */
  readonly slotOf: Uint16Array | Int32Array;
  /** By slot the product, and its score; the first `count` are used, and there is room for every product. */
  readonly products: Int32Array;
  readonly values: Float64Array;
  count: number;
}

const denseScratch = floatScratch();
const noKinds = { kindOf: new Uint16Array(0), scoreOfKind: Float64Array.of(-Infinity) };

/**
 * A score for each product: of their own for those that have one, for the others that of their kind. So thousands that only
 * the season names are never touched unless somebody looks that far down, and the others stand close together.
 *
 * Made by a fusion, of arrays that the next one writes over.
 */
export class CandidateScores {
  readonly productCount: number;
  private own: OwnScores;
  private byKind: KindScores | undefined;

  constructor(productCount: number, own: OwnScores, byKind?: KindScores) {
    this.productCount = productCount;
    this.own = own;
    this.byKind = byKind;
  }

  /** Of products one by one, in any order, each once. */
  get ownScores(): OwnScores {
    return this.own;
  }

  /** Of the others; -Infinity for kind 0. */
  get kinds(): KindScores | undefined {
    return this.byKind;
  }

  /** -Infinity for what is no candidate. */
  at(product: number): number {
    const { own, byKind } = this;
    const slot = own.slotOf[product]!;
    if (slot !== 0) return own.values[slot - 1]!;
    return byKind === undefined ? -Infinity : byKind.scoreOfKind[byKind.kindOf[product]!]!;
  }

  /** The scores of many, in their order. */
  readScores(products: ArrayLike<number>, into: Float64Array): void {
    const { slotOf, values } = this.own;
    const { kindOf, scoreOfKind } = this.byKind ?? noKinds;
    for (let at = 0; at < products.length; at++) {
      const product = products[at]!;
      const slot = slotOf[product]!;
      into[at] = slot === 0 ? scoreOfKind[kindOf[product] ?? 0]! : values[slot - 1]!;
    }
  }

  /** It is no candidate any more. */
  leaveOut(product: number): void {
    const { own } = this;
    if (own.slotOf[product] === 0) {
      own.products[own.count++] = product;
      own.slotOf[product] = own.count;
    }
    own.values[own.slotOf[product]! - 1] = -Infinity;
  }

  /** The scores by product, in an array in which they may be changed. */
  spreadOut(): Float64Array {
    const values = denseScratch.borrowAsIs(this.productCount);
    for (let product = 0; product < values.length; product++) values[product] = this.at(product);
    this.own = ownScoresOf(values);
    this.byKind = undefined;
    return values;
  }
}

/** @param values by product; -Infinity and NaN are no candidates */
export function scoresOfAll(values: Float64Array): CandidateScores {
  return new CandidateScores(values.length, ownScoresOf(values));
}

function ownScoresOf(values: Float64Array): OwnScores {
  const count = values.length;
  return { slotOf: numbersFrom(1, count), products: numbersFrom(0, count), values, count };
}

let numbers = new Int32Array(0);

/** `count` numbers one after the other: shared, and so not to be changed. */
function numbersFrom(first: 0 | 1, count: number): Int32Array {
  if (numbers.length <= count)
    numbers = Int32Array.from({ length: Math.ceil(count * 1.25) + 1 }, (_, at) => at);
  return numbers.subarray(first, first + count);
}
