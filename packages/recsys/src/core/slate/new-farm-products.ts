import type { ScoreOrder } from "../scores/score-order.ts";
import { floatScratch } from "../scores/scratch.ts";
import { topK } from "../scores/top-k.ts";

/** So many of the best are looked through at first; all of them when the caps are against most of these. */
const firstLook = 40;

const scoreScratch = floatScratch();

/** Who may take the place that is kept for new farms: their products by score, put in order once for a list. */
export class NewFarmProducts {
  private readonly order: ScoreOrder;
  private readonly products: ArrayLike<number>;
  /** Best first. */
  private sorted: readonly number[] = [];
  private isSorted = false;
  /** Whether `sorted` holds all that were left when it was made. */
  private isWhole = false;

  /** @param products ascending */
  constructor(order: ScoreOrder, products: ArrayLike<number>) {
    this.order = order;
    this.products = products;
  }

  /** The best `count` that are left and accepted, best first. */
  best(count: number, accept: (product: number) => boolean): number[] {
    if (!this.isSorted) this.sort(firstLook);
    const found = this.accepted(count, accept);
    if (found.length === count || this.isWhole) return found;
    this.sort(this.products.length);
    return this.accepted(count, accept);
  }

  private accepted(count: number, accept: (product: number) => boolean): number[] {
    const found: number[] = [];
    for (const product of this.sorted) {
      if (found.length === count) break;
      if (!this.order.isGone(product) && accept(product)) found.push(product);
    }
    return found;
  }

  private sort(count: number): void {
    const { order, products } = this;
    const scores = scoreScratch.borrowAsIs(products.length);
    order.readScores(products, scores);
    this.sorted = topK(scores, count).map((at) => products[at]!);
    this.isSorted = true;
    this.isWhole = this.sorted.length < count || count >= products.length;
  }
}
