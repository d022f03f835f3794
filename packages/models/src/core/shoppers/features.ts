import { days } from "@almanac/kernel";
import { gapsOf, medianOf, type ActKind, type KnownHistory } from "./history.ts";
import type { Signature } from "../kinds/signature.ts";

/**
 * A fact about a shopper that models learn from: declared once, and the same function in training, in replay and live.
 * Pure; it sees what was known at its moment and nothing else.
 */
export interface ShopperFeature {
  readonly name: string;
  /** What it is, for the model's card. */
  readonly words: string;
  readonly reads: readonly ("orders" | "acts" | "season")[];
  readonly min: number;
  readonly max: number;
  /** NaN where there is nothing to tell it from. */
  value(known: KnownHistory): number;
  /** What is so about the shopper, in words for people; `undefined` where it would not be understood as a reason. */
  reason(value: number): string | undefined;
  /** What is so where there is nothing to tell it from, if that says something. */
  readonly unknown?: string;
}

/** @returns a feature's value in words, if they would be understood as a reason */
export const reasonOf = (feature: ShopperFeature, value: number): string | undefined =>
  Number.isNaN(value) ? feature.unknown : feature.reason(value);

const openDaysSince = ({ season, orders, at }: KnownHistory): number =>
  season.openDaysBetween(orders.at(-1)!.at, at);
const typicalGap = (known: KnownHistory): number => medianOf(gapsOf(known)) ?? Number.NaN;
const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
const ordersWithin = ({ orders, season, at }: KnownHistory, openDays: number): number =>
  orders.filter((order) => season.openDaysBetween(order.at, at) < openDays).length;
const actsWithin = ({ acts, at }: KnownHistory, span: number, kind?: ActKind): number =>
  acts.filter((act) => act.at > at - days(span) && (kind === undefined || act.kind === kind)).length;
const money = (cents: number): string => (cents / 100).toFixed(2);
const plural = (n: number, what: string, many = `${what}s`): string =>
  `${Math.round(n)} ${Math.round(n) === 1 ? what : many}`;

/** Days are days on which the shopper's market was open; amounts are in cents. */
export const shopperFeatures: readonly ShopperFeature[] = [
  {
    name: "openDaysSinceOrder",
    words: "Open days since the last order",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: openDaysSince,
    reason: (value) => `no order for ${plural(value, "open day")}`,
  },
  {
    name: "typicalGapDays",
    words: "The middle number of open days between orders",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: typicalGap,
    reason: (value) => `usually orders every ${plural(value, "open day")}`,
    unknown: "has ordered only once",
  },
  {
    name: "gapRatio",
    words: "Time since the last order in usual gaps",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: (known) => openDaysSince(known) / Math.max(3, typicalGap(known)),
    reason: (value) => (value > 1 ? `away for ${value.toFixed(1)} times the usual gap` : undefined),
    unknown: "has ordered only once",
  },
  {
    name: "longestGapRatio",
    words: "Time since the last order against the longest pause so far",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: (known) => {
      const gaps = gapsOf(known);
      return gaps.length === 0 ? Number.NaN : openDaysSince(known) / Math.max(3, ...gaps);
    },
    reason: (value) =>
      value >= 1
        ? "was never away for so long"
        : value >= 0.5
          ? `away for ${Math.round(100 * value)} % of the longest pause so far`
          : undefined,
  },
  {
    name: "gapTrend",
    words: "The last two gaps against the usual one",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: (known) => {
      const gaps = gapsOf(known);
      return gaps.length < 3 ? Number.NaN : meanOf(gaps.slice(-2)) / Math.max(3, medianOf(gaps)!);
    },
    reason: (value) => (value > 1 ? "the pauses between orders grow" : undefined),
  },
  {
    name: "orders90",
    words: "Orders in the last 90 open days",
    reads: ["orders", "season"],
    min: 0,
    max: 1_000,
    value: (known) => ordersWithin(known, 90),
    reason: (value) =>
      value <= 4 ? `${value < 1 ? "no order" : plural(value, "order")} in the last 90 open days` : undefined,
  },
  {
    name: "ordersTotal",
    words: "Orders so far",
    reads: ["orders"],
    min: 0,
    max: 10_000,
    value: ({ orders }) => orders.length,
    reason: (value) =>
      value === 1
        ? "has ordered only once"
        : value <= 6
          ? `only ${plural(value, "order")} so far`
          : undefined,
  },
  {
    name: "tenureDays",
    words: "Open days since the first order",
    reads: ["orders", "season"],
    min: 0,
    max: 10_000,
    value: ({ season, orders, at }) => season.openDaysBetween(orders[0]!.at, at),
    reason: (value) => `a shopper for ${plural(value, "open day")}`,
  },
  {
    name: "basketCents",
    words: "Mean total of an order",
    reads: ["orders"],
    min: 0,
    max: 10_000_000,
    value: ({ orders }) => meanOf(orders.map(({ cents }) => cents)),
    reason: (value) => `the usual order is of ${money(value)}`,
  },
  {
    name: "basketTrend",
    words: "The last two totals against the mean",
    reads: ["orders"],
    min: 0,
    max: 1_000,
    value: ({ orders }) =>
      orders.length < 3
        ? Number.NaN
        : meanOf(orders.slice(-2).map(({ cents }) => cents)) /
          Math.max(1, meanOf(orders.map(({ cents }) => cents))),
    reason: (value) => (value < 1 ? "the last baskets were smaller than usual" : undefined),
  },
  {
    name: "centsPerLine",
    words: "Mean price of what was bought, a line",
    reads: ["orders"],
    min: 0,
    max: 10_000_000,
    value: ({ orders }) => {
      const lines = orders.reduce((sum, order) => sum + order.lines, 0);
      return lines === 0 ? Number.NaN : orders.reduce((sum, { cents }) => sum + cents, 0) / lines;
    },
    reason: (value) => `pays ${money(value)} a line on average`,
  },
  {
    name: "cancelledShare",
    words: "Share of orders that were cancelled",
    reads: ["orders"],
    min: 0,
    max: 1,
    value: ({ orders, cancelled }) => cancelled / (orders.length + cancelled),
    reason: (value) => (value > 0 ? `${Math.round(100 * value)} % of the orders were cancelled` : undefined),
  },
  {
    name: "acts28",
    words: "Actions on the site in 28 days",
    reads: ["acts"],
    min: 0,
    max: 1_000_000,
    value: (known) => actsWithin(known, 28),
    reason: (value) =>
      value === 0 ? "was not on the site for 28 days" : `${plural(value, "action")} in 28 days`,
  },
  {
    name: "searches28",
    words: "Searches in 28 days",
    reads: ["acts"],
    min: 0,
    max: 1_000_000,
    value: (known) => actsWithin(known, 28, "search"),
    reason: (value) =>
      value === 0 ? "has searched for nothing lately" : `${plural(value, "search", "searches")} in 28 days`,
  },
  {
    name: "daysSinceVisit",
    words: "Days since the last action on the site, within 90",
    reads: ["acts", "orders"],
    min: 0,
    max: 90,
    value: ({ acts, orders, at }) => {
      const last = Math.max(orders.at(-1)!.at, ...acts.slice(-1).map((act) => act.at));
      return Math.min(90, (at - last) / days(1));
    },
    reason: (value) =>
      value >= 90 ? "was not here for 90 days or longer" : `was last here ${plural(value, "day")} ago`,
  },
];

/** What a model of shoppers takes: every feature within its bounds, not known where there is too little to tell it from. */
export const shopperSignature: Signature = shopperFeatures.map(({ name, min, max }) => ({
  name,
  kind: "number",
  min,
  max,
  isOptional: true,
}));

/** One row of features, in the order of their declaration. */
export function featuresOf(known: KnownHistory): Float32Array {
  return Float32Array.from(shopperFeatures, (feature) => {
    const { min, max } = feature;
    const own = feature.value(known);
    return Number.isNaN(own) ? Number.NaN : Math.min(max, Math.max(min, own));
  });
}
