import { countedNames, unitNames } from "../words/unit-names.ts";

/** A number as a text gives it, with the name of the unit behind it; "" where there is none. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** What the numbers of a title say about those of a query; NaN where the query has none. */
export const titleQuantityNames = [
  /** Share of the query's quantities that the title has, whichever way they are written: "3/4", "0.75". */
  "quantitiesMet",
  /** How far off the nearest quantity of the title is, in logarithms, the mean; 3 at most. */
  "quantitiesOff",
  /** Share of the query's quantities that the title has in the same unit with other values only. */
  "quantitiesAgainst",
  /** How many the query has, and how many the title has. */
  "quantitiesAsked",
  "titleQuantities",
  /** The query's first quantity is one of the title's. */
  "firstQuantityMet",
] as const;

export const titleQuantityCount = titleQuantityNames.length;

const farthest = 3;

/**
 * The numbers of a text in order: whole, broken ("1.5", ".5", "1,200"), fractions ("3/4") and mixed ("1-1/2", "1 1/2"), each
 * with the unit that follows it after spaces or a hyphen ("10 ft.", "7-Piece", `12"`).
 */
export function quantitiesOf(text: string): Quantity[] {
  const plain = text
    .toLowerCase()
    .replaceAll("&quot;", '"')
    .replace(/(?<=\d),(?=\d{3})/g, "");
  const found: Quantity[] = [];
  for (const match of plain.matchAll(/(?:(\d{1,6})[\s-]+)?(\d{1,6})\s?\/\s?(\d{1,6})|\d*\.\d+|\d+/g)) {
    const [all, whole = "0", over, under] = match;
    const value =
      over === undefined ? Number(all) : Number(whole) + Number(over) / Math.max(1, Number(under));
    const [, unit = ""] = /^[\s-]?(\p{L}+|["'])/u.exec(plain.slice(match.index + all.length)) ?? [];
    found.push({ value, unit: unitNames.get(unit) ?? countedNames.get(unit) ?? "" });
  }
  return found;
}

/** Writes the numbers of `titleQuantityNames` from `offset` on. */
export function matchQuantities(
  asked: readonly Quantity[],
  there: readonly Quantity[],
  out: Float32Array,
  offset: number,
): void {
  let met = 0;
  let off = 0;
  let against = 0;
  for (const quantity of asked) {
    const comparable = there.filter(({ unit }) => isComparable(unit, quantity.unit));
    if (comparable.some(({ value }) => isSame(value, quantity.value))) met++;
    else if (quantity.unit !== "" && there.some(({ unit }) => unit === quantity.unit)) against++;
    off += comparable.reduce((least, { value }) => Math.min(least, ratio(value, quantity.value)), farthest);
  }
  const first = asked[0];
  const share = (count: number): number => (asked.length === 0 ? NaN : count / asked.length);
  out.set(
    [
      share(met),
      share(off),
      share(against),
      asked.length,
      there.length,
      first === undefined ? NaN : there.some(({ value }) => isSame(value, first.value)) ? 1 : 0,
    ],
    offset,
  );
}

function isComparable(one: string, other: string): boolean {
  return one === "" || other === "" || one === other;
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-6 * Math.max(1, other);
}

function ratio(one: number, other: number): number {
  return Math.abs(Math.log((one + 0.01) / (other + 0.01)));
}
