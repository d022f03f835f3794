/**
 * What is known of one shopper at a moment, and nothing later than it. Times are days before that moment; windows are the
 * days that the names say, counted back from it.
 */
export interface ShopperFacts {
  /** Visits in 90 days: runs of actions without a pause of more than 30 minutes, and orders outside of any run. */
  readonly visits90: number;
  readonly visits28: number;
  /** Since the last visit or order; `undefined` for somebody who was never here. */
  readonly daysSinceVisit?: number;
  /** Product and farm pages a visit with at least one of them, averaged over 90 days; 0 without such a visit. */
  readonly pagesPerVisit: number;
  /** Searches and filters in 90 days. */
  readonly searches90: number;
  /** Pages looked at in 90 days. */
  readonly pages90: number;
  /** Mean length of a visit. */
  readonly visitMinutes: number;
  /** Share of visits with one action alone, 0 to 1. */
  readonly bounceRate: number;
  readonly orders90: number;
  readonly orders365: number;
  readonly daysSinceOrder?: number;
  readonly spend90Cents: number;
  readonly lines365: number;
  /** Of `lines365`, those whose price had fallen in the two weeks before. */
  readonly reducedLines365: number;
  /** Orders with a visit around them, and the middle number of minutes from its first action to the order. */
  readonly timedOrders: number;
  readonly minutesToOrder?: number;
  /** Ratings, followed farms, shared products and wishes in 90 days. */
  readonly social90: number;
}

/** Somebody of whom nothing is known. */
export const noFacts: ShopperFacts = {
  visits90: 0,
  visits28: 0,
  pagesPerVisit: 0,
  searches90: 0,
  pages90: 0,
  visitMinutes: 0,
  bounceRate: 0,
  orders90: 0,
  orders365: 0,
  spend90Cents: 0,
  lines365: 0,
  reducedLines365: 0,
  timedOrders: 0,
  social90: 0,
};
