import type { MetricKind } from "./difference.ts";

export interface Metric {
  readonly key: MetricKey;
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: "share" | "cents" | "milliseconds";
  readonly better: "higher" | "lower";
  /** Whether what the shopper spent before is taken into account (CUPED). */
  readonly usesPast: boolean;
}

export const metricKeys = [
  "search_ctr",
  "recommendation_ctr",
  "add_to_cart",
  "conversion",
  "revenue",
  "small_farm_share",
  "search_latency",
  "empty_searches",
  "opt_out",
] as const;

export type MetricKey = (typeof metricKeys)[number];

/** What is measured of each shopper from the first exposure on. What each is made of: `store/metrics.ts`. */
export const metrics: Readonly<Record<MetricKey, Metric>> = {
  search_ctr: {
    key: "search_ctr",
    name: "Searches with a click",
    kind: "ratio",
    unit: "share",
    better: "higher",
    usesPast: false,
  },
  recommendation_ctr: {
    key: "recommendation_ctr",
    name: "Recommendations clicked",
    kind: "ratio",
    unit: "share",
    better: "higher",
    usesPast: false,
  },
  add_to_cart: {
    key: "add_to_cart",
    name: "Shoppers who put something in the cart",
    kind: "proportion",
    unit: "share",
    better: "higher",
    usesPast: false,
  },
  conversion: {
    key: "conversion",
    name: "Shoppers who ordered",
    kind: "proportion",
    unit: "share",
    better: "higher",
    usesPast: false,
  },
  revenue: {
    key: "revenue",
    name: "Ordered per shopper",
    kind: "mean",
    unit: "cents",
    better: "higher",
    usesPast: true,
  },
  small_farm_share: {
    key: "small_farm_share",
    name: "Places in results that go to small farms",
    kind: "ratio",
    unit: "share",
    better: "higher",
    usesPast: false,
  },
  search_latency: {
    key: "search_latency",
    name: "Time of a search",
    kind: "ratio",
    unit: "milliseconds",
    better: "lower",
    usesPast: false,
  },
  empty_searches: {
    key: "empty_searches",
    name: "Searches that found nothing",
    kind: "ratio",
    unit: "share",
    better: "lower",
    usesPast: false,
  },
  opt_out: {
    key: "opt_out",
    name: "Shoppers who turned personal lists off",
    kind: "proportion",
    unit: "share",
    better: "lower",
    usesPast: false,
  },
};

/** A metric that must not get worse by more than the margin, as a share of control's. */
export interface Guardrail {
  readonly metric: MetricKey;
  /** .1 lets an arm be up to 10 % worse. */
  readonly margin: number;
}

export const defaultGuardrails: readonly Guardrail[] = [
  { metric: "small_farm_share", margin: 0.1 },
  { metric: "search_latency", margin: 0.25 },
  { metric: "empty_searches", margin: 0.1 },
  { metric: "opt_out", margin: 0.2 },
];
