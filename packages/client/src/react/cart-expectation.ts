import { expectCart, type Cart, type CartChange } from "./cart-change.ts";

/** What the server said last, and what it has not answered yet: a page shows the one with the other on top. */
export class CartExpectation {
  private confirmed: Cart | undefined;
  private pending: readonly CartChange[] = [];

  get isWaiting(): boolean {
    return this.pending.length > 0;
  }

  /** The cart to show; `undefined` while none was ever read. */
  expected(): Cart | undefined {
    return this.confirmed && this.pending.reduce(expectCart, this.confirmed);
  }

  /**
   * Begins a change.
   *
   * @param shown the cart of the page: what the server said, unless changes are under way
   * @returns the cart to show
   */
  begin(change: CartChange, shown: Cart | undefined): Cart | undefined {
    if (!this.isWaiting) this.confirmed = shown;
    this.pending = [...this.pending, change];
    return this.expected();
  }

  /** The server did it and answered the cart. Changes that are still under way stay on top. */
  done(change: CartChange, answer: Cart): Cart {
    this.end(change);
    this.confirmed = answer;
    return this.expected() ?? answer;
  }

  /** The server refused it, or could not be reached: it alone is taken back, whatever was begun after it. */
  failed(change: CartChange): Cart | undefined {
    this.end(change);
    return this.expected();
  }

  private end(change: CartChange): void {
    this.pending = this.pending.filter((other) => other !== change);
  }
}
