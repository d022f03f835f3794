import { idFromName, type Rng } from "@almanac/kernel";
import type { WorldLine, WorldMarketDay, WorldOrder, WorldProduct, WorldShopper } from "./model.ts";
import { supplyOn } from "./season-of-food.ts";
import { affinity, companions, type Taste } from "./tastes.ts";

export interface MarketDayOptions {
  readonly rng: Rng;
  /** How many orders to place; each slot takes at most its capacity. */
  readonly orderCount: number;
  readonly firstSequence: number;
  readonly now: Date;
  /** Not for sale that day: the story's stock-outs. */
  readonly isSoldOut: (product: WorldProduct) => boolean;
  /** What it cost that day. */
  readonly priceOn: (product: WorldProduct) => number;
  /** Slots that may not be used any more (index in the day's slots). */
  readonly closedSlots?: ReadonlySet<number>;
}

/**
 * The orders of one market day: who comes is drawn by how often they come, what they take by their staples, their taste,
 * what is plentiful, and what goes together.
 */
export function ordersOfDay(
  day: WorldMarketDay,
  shoppers: readonly WorldShopper[],
  products: readonly WorldProduct[],
  options: MarketDayOptions,
): WorldOrder[] {
  const { rng, now } = options;
  const customers = shoppers.filter((shopper) => shopper.joinedAt < day.closesAt);
  if (customers.length === 0 || products.length === 0) return [];
  const visitWeights = customers.map((shopper) => shopper.visitProbability);
  const shelf = new Shelf(day, products, options.isSoldOut, options.priceOn);
  const free = day.slots.map((slot, index) => (options.closedSlots?.has(index) ? 0 : slot.capacityOrders));
  const came = new Set<number>();
  const orders: WorldOrder[] = [];
  const opensMs = day.opensAt.getTime();
  const lastMs = Math.min(day.closesAt.getTime(), now.getTime());

  // Somebody drawn twice, or a full slot, is drawn again; a market with too few customers ends up with fewer orders.
  for (let attempt = 0; orders.length < options.orderCount && attempt < options.orderCount * 8; attempt++) {
    if (came.size === customers.length) break;
    const index = rng.weighted(visitWeights);
    const slotIndex = rng.weighted(free);
    if (came.has(index) || !free[slotIndex]) continue;
    came.add(index);
    const shopper = customers[index]!;
    const lines = fillBasket(shelf, shopper, rng, options.priceOn);
    if (lines.length === 0) continue;
    free[slotIndex]! -= 1;
    const slot = day.slots[slotIndex]!;
    const sequence = options.firstSequence + orders.length;
    orders.push({
      id: idFromName("demo/order", String(sequence)),
      sequence,
      shopper,
      marketDay: day.day,
      windowId: day.windowId,
      slotId: slot.id,
      // People order late: the square of a uniform draw, counted back from the cut-off.
      placedAt: new Date(lastMs - (lastMs - opensMs) * rng.next() ** 2),
      collectedAt: slot.startsAt < now ? new Date(slot.startsAt.getTime() + rng.int(55) * 60_000) : undefined,
      lines,
    });
  }
  return orders;
}

/** How much of a product there is to sell on a market day, 0 to 1: nothing before it is listed and out of its season. */
export function supplyFor(product: WorldProduct, { day, market, closesAt }: WorldMarketDay): number {
  if (product.listedAt > closesAt) return 0;
  const supply = product.isAlwaysStocked ? 1 : supplyOn(product.food, day, market.seed.latitude);
  return supply > 0.02 ? supply : 0;
}

/**
 * How what is taken beside the staples answers to a price: staples are bought at any, so that over all about half of it is
 * left.
 */
const priceAnswer = -3;

/** What one market has to sell on one day, with the cumulated weights of every taste worked out once. */
class Shelf {
  readonly #products: WorldProduct[] = [];
  readonly #supply = new Map<WorldProduct, number>();
  readonly #priceOn: (product: WorldProduct) => number;
  readonly #byCrop = new Map<string, WorldProduct[]>();
  readonly #cumulated = new Map<Taste, Float64Array>();

  constructor(
    day: WorldMarketDay,
    products: readonly WorldProduct[],
    isSoldOut: (product: WorldProduct) => boolean,
    priceOn: (product: WorldProduct) => number,
  ) {
    this.#priceOn = priceOn;
    for (const product of products) {
      const supply = isSoldOut(product) ? 0 : supplyFor(product, day);
      if (supply === 0) continue;
      this.#products.push(product);
      this.#supply.set(product, supply);
      const sameCrop = this.#byCrop.get(product.food.crop);
      if (sameCrop) sameCrop.push(product);
      else this.#byCrop.set(product.food.crop, [product]);
    }
  }

  has(product: WorldProduct): boolean {
    return this.#supply.has(product);
  }

  draw(taste: Taste, rng: Rng): WorldProduct | undefined {
    const sums = this.#sumsFor(taste);
    const target = rng.next() * (sums[sums.length - 1] ?? 0);
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return this.#products[low];
  }

  companion(crop: string, rng: Rng): WorldProduct | undefined {
    const choices = this.#byCrop.get(crop);
    return choices ? choices[rng.weighted(choices.map((product) => product.appeal))] : undefined;
  }

  #sumsFor(taste: Taste): Float64Array {
    const known = this.#cumulated.get(taste);
    if (known) return known;
    const sums = new Float64Array(this.#products.length);
    let sum = 0;
    this.#products.forEach((product, index) => {
      const dearness = (this.#priceOn(product) / product.priceCents) ** priceAnswer;
      sum += this.#supply.get(product)! * product.appeal * affinity(product.food, taste) * dearness;
      sums[index] = sum;
    });
    this.#cumulated.set(taste, sums);
    return sums;
  }
}

function fillBasket(
  shelf: Shelf,
  shopper: WorldShopper,
  rng: Rng,
  priceOn: (product: WorldProduct) => number,
): WorldLine[] {
  const basket = new Map<WorldProduct, number>();
  const size = 1 + rng.poisson(3.2);
  for (let n = 0; n < size; n++) {
    const staple = shopper.staples.length > 0 && rng.next() < 0.6 ? rng.pick(shopper.staples) : undefined;
    const product = staple && shelf.has(staple) ? staple : shelf.draw(shopper.taste, rng);
    if (!product) continue;
    if (!basket.has(product)) basket.set(product, 1 + Number(rng.next() < 0.25) + Number(rng.next() < 0.06));
    for (const [crop, other, probability] of companions) {
      if (crop !== product.food.crop || rng.next() >= probability) continue;
      const companion = shelf.companion(other, rng);
      if (companion && !basket.has(companion)) basket.set(companion, 1);
    }
  }
  return [...basket].map(([product, quantity]) => ({
    product,
    quantity,
    weighedBase: product.food.sale.isWeighed
      ? Math.max(1, Math.round(quantity * product.food.sale.unitQuantityBase * (1 + 0.03 * rng.normal())))
      : undefined,
    unitPriceCents: priceOn(product),
  }));
}
