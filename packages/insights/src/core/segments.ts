import type { ShopperFacts } from "./shopper-facts.ts";

/** In the order in which they are tried: the first whose rule holds is the shopper's. `NEW` stands before all of them. */
export const segments = [
  "LOYAL_CUSTOMER",
  "PRICE_SENSITIVE",
  "IMPULSE_BUYER",
  "RESEARCHER",
  "BUYER",
  "BROWSER",
  "NEW",
] as const;
export type Segment = (typeof segments)[number];

/** Visits in 90 days, or orders in a year, before anything is said of somebody. */
export const visitsUntilKnown = 3;

/** One condition of a rule: a figure, and what it has to reach to come in and to stay. */
interface Threshold {
  readonly of: (facts: ShopperFacts) => number;
  readonly enter: number;
  /** Softer than `enter`, so that a figure near the line does not move somebody to and fro. */
  readonly stay: number;
  /** Whether the figure has to be at least (default) or at most that. */
  readonly most?: true;
  readonly words: string;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The published rules. All conditions of a segment have to hold. */
export const segmentRules: Readonly<Record<Exclude<Segment, "NEW" | "BROWSER">, readonly Threshold[]>> = {
  LOYAL_CUSTOMER: [
    { of: (f) => f.orders90, enter: 6, stay: 4, words: "orders in 90 days" },
    {
      of: (f) => f.daysSinceOrder ?? Infinity,
      enter: 28,
      stay: 42,
      most: true,
      words: "days since the last order",
    },
  ],
  PRICE_SENSITIVE: [
    { of: (f) => f.lines365, enter: 5, stay: 4, words: "things bought in a year" },
    {
      of: (f) => share(f.reducedLines365, f.lines365),
      enter: 0.5,
      stay: 0.4,
      words: "share of them bought after a price drop",
    },
  ],
  IMPULSE_BUYER: [
    { of: (f) => f.timedOrders, enter: 2, stay: 2, words: "orders with a visit before" },
    {
      of: (f) => f.minutesToOrder ?? Infinity,
      enter: 8,
      stay: 12,
      most: true,
      words: "minutes from arriving to ordering",
    },
  ],
  RESEARCHER: [
    { of: (f) => f.pagesPerVisit, enter: 8, stay: 6, words: "pages a visit" },
    { of: (f) => f.searches90, enter: 3, stay: 2, words: "searches in 90 days" },
  ],
  BUYER: [{ of: (f) => f.orders90, enter: 1, stay: 1, words: "orders in 90 days" }],
};

/**
 * The segment of a shopper. Everybody has exactly one, so sizes sum to all shoppers.
 *
 * @param current  the segment until now: its own rule is judged by the softer limits (hysteresis), the others by the
 *   harder ones. Who is known once is never new again.
 */
export function segmentOf(facts: ShopperFacts, current?: Segment): Segment {
  const isKnown = current !== undefined && current !== "NEW";
  if (!isKnown && facts.visits90 < visitsUntilKnown && facts.orders365 < visitsUntilKnown) return "NEW";
  for (const segment of segments) {
    if (segment === "BROWSER") return "BROWSER";
    if (segment !== "NEW" && holds(segmentRules[segment], facts, segment === current)) return segment;
  }
  return "BROWSER";
}

function holds(rule: readonly Threshold[], facts: ShopperFacts, isCurrent: boolean): boolean {
  return rule.every(({ of, enter, stay, most }) => {
    const limit = isCurrent ? stay : enter;
    return most ? of(facts) <= limit : of(facts) >= limit;
  });
}

/** The rules as they are shown to people. */
export function describeRule(segment: Segment): string {
  if (segment === "NEW")
    return `fewer than ${visitsUntilKnown} visits in 90 days and ${visitsUntilKnown} orders in a year, and never more`;
  if (segment === "BROWSER") return "none of the others";
  return segmentRules[segment]
    .map(({ words, enter, most }) => `${words}: ${most ? "at most" : "at least"} ${enter}`)
    .join("; ");
}
