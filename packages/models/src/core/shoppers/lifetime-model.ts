import { AppError, days, seededRng, type Rng } from "@almanac/kernel";
import type { Answer, LoadedModel, Mathematics } from "../kinds/family.ts";
import type { KnownHistory } from "./history.ts";
import type { Signature } from "../kinds/signature.ts";

export const lifetimeFormat = "almanac-lifetime-1";
/** How far the value of a shopper looks ahead. */
export const horizonDays = 182;
const weekDays = 7;
const draws = 400;

export type LifetimeMember = "buy till you leave" | "last half-year again";

export interface LifetimeArtefact {
  readonly format: typeof lifetimeFormat;
  readonly servedBy: LifetimeMember;
  readonly purchase: { readonly r: number; readonly alpha: number; readonly a: number; readonly b: number };
  readonly spend: { readonly p: number; readonly q: number; readonly v: number };
}

/** Weeks are open weeks: seven days on which the shopper's market was open. */
export const lifetimeSignature: Signature = [
  { name: "repeats", kind: "number", min: 0, max: 10_000, isOptional: false },
  { name: "lastWeeks", kind: "number", min: 0, max: 5_000, isOptional: false },
  { name: "ageWeeks", kind: "number", min: 0, max: 5_000, isOptional: false },
  { name: "meanCents", kind: "number", min: 0, max: 10_000_000, isOptional: false },
  { name: "weeksAhead", kind: "number", min: 0, max: 60, isOptional: false },
  { name: "lastHalfYearCents", kind: "number", min: 0, max: 1_000_000_000, isOptional: false },
];

/** What each input is, for the model's card. */
export const lifetimeWords: Readonly<Record<string, string>> = {
  repeats: "Orders after the first",
  lastWeeks: "Open weeks from the first order to the last",
  ageWeeks: "Open weeks since the first order",
  meanCents: "Mean total of an order",
  weeksAhead: "Open weeks of the coming half-year, as a year ago",
  lastHalfYearCents: "Total of the orders of the last half-year",
};

/** How many open weeks the next half-year has: as many as the same half-year a year ago, or by the share of days so far. */
export function weeksAhead({ season, at }: Pick<KnownHistory, "season" | "at">): number {
  const yearAgo = at - days(364);
  const isKnown = season.openDaysBetween(0, yearAgo) > 0;
  if (isKnown) return season.openDaysBetween(yearAgo, yearAgo + days(horizonDays)) / weekDays;
  const open = season.openDaysBetween(yearAgo, at);
  return open === 0 ? horizonDays / weekDays : Math.min(horizonDays, open) / weekDays;
}

/** A row of `lifetimeSignature`. */
export function lifetimeInput(known: KnownHistory): Float64Array {
  const { orders, season, at } = known;
  const first = orders[0]!.at;
  const total = orders.reduce((sum, { cents }) => sum + cents, 0);
  return Float64Array.of(
    orders.length - 1,
    orders.length === 1 ? 0 : season.openDaysBetween(first, orders.at(-1)!.at) / weekDays,
    season.openDaysBetween(first, at) / weekDays,
    total / orders.length,
    weeksAhead(known),
    spentWithin(known, at - days(horizonDays), at),
  );
}

export function spentWithin({ orders }: Pick<KnownHistory, "orders">, from: number, to: number): number {
  return orders
    .filter((order) => order.at > from && order.at <= to)
    .reduce((sum, { cents }) => sum + cents, 0);
}

/** The row of somebody who has yet to order: what is expected of anybody, with all that this may be. */
export const newShopperInput = (weeks: number): Float64Array => Float64Array.of(0, 0, 0, 0, weeks, 0);

/** Nothing was ever paid: no past to repeat. */
const isNew = (columns: Float64Array): boolean => columns[0] === 0 && columns[3] === 0;

/**
 * Opens an artefact: how often by BG/NBD, for how much by Gamma-Gamma. The interval is of four hundred seeded futures drawn
 * from what the two models believe of this shopper, so it holds both their chance and what is not known of the shopper.
 *
 * @throws AppError `input_invalid` for bytes that are no lifetime model
 */
export function openLifetimeModel(bytes: Uint8Array, math: Mathematics): LoadedModel & LifetimeMembers {
  const { servedBy, purchase, spend } = parseArtefact(bytes);
  const score = (columns: Float64Array): number =>
    // Repeating what somebody new has not bought yet would be nothing: what is expected of anybody is told, whoever serves.
    members[isNew(columns) ? "buy till you leave" : servedBy](columns);
  const members: LifetimeMembers["members"] = {
    "buy till you leave": (columns) => {
      const orders = math.expectedPurchases(purchase, historyOf(columns), columns[4]!);
      return Math.max(0, orders * spendOf(columns, spend, math));
    },
    "last half-year again": (columns) => columns[5]!,
  };
  return {
    members,
    score,
    answer(columns): Answer {
      const told = score(columns);
      const { low, high } = simulate(columns, purchase, spend);
      return {
        score: told,
        // A mean may lie outside of the middle four fifths where few futures hold most of the money.
        low: Math.min(low, told),
        high: Math.max(high, told),
        orders: math.expectedPurchases(purchase, historyOf(columns), columns[4]!),
        reasons: [],
        servedBy: isNew(columns) ? "buy till you leave" : servedBy,
      };
    },
  };
}

export interface LifetimeMembers {
  readonly members: Readonly<Record<LifetimeMember, (columns: Float64Array) => number>>;
}

const historyOf = (columns: Float64Array) => ({
  repeats: Math.round(columns[0]!),
  lastAt: columns[0]! > 0 ? Math.min(columns[1]!, columns[2]!) : 0,
  age: columns[2]!,
});

/** Somebody of whom no amount is known is taken for anybody. */
function spendOf(columns: Float64Array, spend: LifetimeArtefact["spend"], math: Mathematics): number {
  const mean = columns[3]!;
  const own = math.expectedSpend(spend, { purchases: mean > 0 ? columns[0]! + 1 : 0, mean });
  return Number.isFinite(own) ? own : mean;
}

function simulate(
  columns: Float64Array,
  { r, alpha, a, b }: LifetimeArtefact["purchase"],
  { p, q, v }: LifetimeArtefact["spend"],
): { low: number; high: number } {
  const { repeats, lastAt, age } = historyOf(columns);
  const weeks = columns[4]!;
  const mean = columns[3]!;
  const known = mean > 0 ? repeats + 1 : 0;
  const rng = seededRng(`lifetime/${Array.from(columns).join("/")}`);
  const odds =
    repeats === 0
      ? 0
      : Math.exp(
          Math.log(a / (b + repeats - 1)) +
            (r + repeats) * (Math.log(alpha + age) - Math.log(alpha + lastAt)),
        );
  const values = Float64Array.from({ length: draws }, () => {
    if (rng.next() >= 1 / (1 + odds)) return 0;
    const rate = gammaDraw(rng, r + repeats) / (alpha + age);
    const leaving = betaDraw(rng, a, b + repeats);
    let purchases = 0;
    for (let at = exponential(rng, rate); at <= weeks && purchases < 1_000; at += exponential(rng, rate)) {
      purchases += 1;
      if (rng.next() < leaving) break;
    }
    if (purchases === 0) return 0;
    const spendRate = gammaDraw(rng, q + p * known) / (v + known * mean);
    return gammaDraw(rng, p * purchases) / spendRate;
  }).sort();
  return { low: values[Math.floor(0.1 * draws)]!, high: values[Math.floor(0.9 * draws)]! };
}

const exponential = (rng: Rng, rate: number): number => -Math.log1p(-rng.next()) / rate;

/** Marsaglia and Tsang (2000), "A Simple Method for Generating Gamma Variables"; rate 1. */
function gammaDraw(rng: Rng, shape: number): number {
  if (shape < 1) return gammaDraw(rng, shape + 1) * (1 - rng.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const cube = (1 + c * x) ** 3;
    if (cube > 0 && Math.log(1 - rng.next()) < 0.5 * x * x + d - d * cube + d * Math.log(cube))
      return d * cube;
  }
}

function betaDraw(rng: Rng, a: number, b: number): number {
  const x = gammaDraw(rng, a);
  return x / (x + gammaDraw(rng, b));
}

function parseArtefact(bytes: Uint8Array): LifetimeArtefact {
  const refuse = (cause?: unknown): never => {
    throw new AppError("input_invalid", "These bytes are no lifetime model.", { cause });
  };
  try {
    const found = JSON.parse(Buffer.from(bytes).toString("utf8")) as LifetimeArtefact;
    const { r, alpha, a, b } = found.purchase;
    const { p, q, v } = found.spend;
    const isWhole =
      found.format === lifetimeFormat &&
      ["buy till you leave", "last half-year again"].includes(found.servedBy) &&
      [r, alpha, a, b, p, q, v].every((value) => Number.isFinite(value) && value > 0);
    return isWhole ? found : refuse();
  } catch (error) {
    return error instanceof AppError ? refuse() : refuse(error);
  }
}
