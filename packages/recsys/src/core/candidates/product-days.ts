/** A day for some products; a map of numbers is one too. */
export interface DaysByProduct extends Iterable<readonly [product: number, day: number]> {
  readonly size: number;
  has(product: number): boolean;
  get(product: number): number | undefined;
  /** In the order in which they came. */
  keys(): Iterable<number>;
}

/** By product one more than its place in the list, 0 for one that is not there: of the list that was made last. */
let placeOf = new Uint32Array(0);
let productsOfLast: readonly number[] = [];

/**
 * The latest day of each product that somebody bought. A map of some hundred takes longer to make than all that is asked of
 * it; here a product's place is looked up in an array, which the next list takes over: what one says holds until then.
 */
export class ProductDays implements DaysByProduct {
  private readonly products: number[] = [];
  private readonly days: number[] = [];

  constructor(productCount: number) {
    for (const product of productsOfLast) placeOf[product] = 0;
    if (placeOf.length < productCount) placeOf = new Uint32Array(Math.ceil(productCount * 1.25));
    productsOfLast = this.products;
  }

  /** Keeps the later day of a product that is there. */
  add(product: number, day: number): void {
    const at = placeOf[product]! - 1;
    if (at < 0) {
      this.days.push(day);
      placeOf[product] = this.products.push(product);
    } else if (day > this.days[at]!) {
      this.days[at] = day;
    }
  }

  get size(): number {
    return this.products.length;
  }

  has(product: number): boolean {
    return placeOf[product] !== 0;
  }

  get(product: number): number | undefined {
    const place = placeOf[product]!;
    return place === 0 ? undefined : this.days[place - 1];
  }

  keys(): readonly number[] {
    return this.products;
  }

  *[Symbol.iterator](): Iterator<readonly [number, number]> {
    for (const [at, product] of this.products.entries()) yield [product, this.days[at]!];
  }
}
