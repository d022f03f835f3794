import { csrRow } from "./csr.ts";
import type { Csr } from "./csr.ts";
import type { OrderColumns } from "./snapshot.ts";

/** Gaps that must have been seen before a product counts as one that is bought again. */
const minGaps = 5;
/** Of those who bought it, the share that must have come back: one shopper's habit is not the product's nature. */
const minRepeatShare = 0.1;
/** An item counts as due a little early: who shops every seventh day plans on the sixth. */
const dueFraction = 0.8;

/**
 * For each product the median number of days between two purchases by one shopper; NaN where it is not bought again
 * (fewer than five gaps, or fewer than a tenth of its buyers came back).
 */
export function learnIntervals(
  ordersByShopper: Csr,
  orders: OrderColumns,
  productCount: number,
): Float32Array {
  const gaps = new Map<number, number[]>();
  const buyers = new Int32Array(productCount);
  const returners = new Int32Array(productCount);
  for (let shopper = 0; shopper + 1 < ordersByShopper.offsets.length; shopper++) {
    const lastDay = new Map<number, number>();
    const returned = new Set<number>();
    for (const order of csrRow(ordersByShopper, shopper)) {
      const day = orders.day[order]!;
      for (const product of csrRow(orders.lines, order)) {
        const last = lastDay.get(product);
        lastDay.set(product, day);
        if (last === undefined || last === day) continue;
        returned.add(product);
        const known = gaps.get(product);
        if (known === undefined) gaps.set(product, [day - last]);
        else known.push(day - last);
      }
    }
    for (const product of lastDay.keys()) buyers[product]!++;
    for (const product of returned) returners[product]!++;
  }
  const medians = new Float32Array(productCount).fill(NaN);
  for (const [product, days] of gaps) {
    if (days.length < minGaps || returners[product]! < minRepeatShare * buyers[product]!) continue;
    days.sort((a, b) => a - b);
    const middle = days.length >> 1;
    medians[product] = days.length % 2 === 1 ? days[middle]! : (days[middle - 1]! + days[middle]!) / 2;
  }
  return medians;
}

/**
 * Whether a product that the shopper already bought may be recommended again.
 *
 * @param medianIntervalDays of the product; NaN for what is bought once, which is never due
 */
export function isDueAgain(daysSincePurchase: number, medianIntervalDays: number): boolean {
  return daysSincePurchase >= dueFraction * medianIntervalDays;
}
