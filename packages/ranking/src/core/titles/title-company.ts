import { titleMatchNames } from "./title-match.ts";
import type { TitleView } from "./title-match.ts";

/** How a title stands among the other candidates of a query. */
export const titleCompanyNames = [
  /** Share of the others with the same head, with the same first word, that have its head, and whose head it has. */
  "headShare",
  "firstWordShare",
  "headAmongOthers",
  "othersHeads",
] as const;

export const titleCompanyCount = titleCompanyNames.length;

/** Writes the numbers of `titleCompanyNames` for the title at `place`, from `offset` on; 0 for one alone. */
export function matchCompany(
  titles: readonly TitleView[],
  place: number,
  out: Float32Array,
  offset: number,
): void {
  const own = titles[place]!;
  const sums = [0, 0, 0, 0];
  titles.forEach((other, at) => {
    if (at === place) return;
    if (other.head === own.head) sums[0]!++;
    if (other.terms[0] === own.terms[0]) sums[1]!++;
    if (own.head !== undefined && other.terms.includes(own.head)) sums[2]!++;
    if (other.head !== undefined && own.terms.includes(other.head)) sums[3]!++;
  });
  out.set(
    sums.map((sum) => sum / Math.max(1, titles.length - 1)),
    offset,
  );
}

/** Features that say most relative to the other candidates. */
const ledNames = [
  "coverage",
  "likeness",
  "squeezed",
  "closeness",
  "trigrams",
  "titleTrigrams",
  "titleHead",
  "lead",
  "precision",
  "titleWords",
] as const satisfies readonly (typeof titleMatchNames)[number][];

const ledColumns = ledNames.map((name) => titleMatchNames.indexOf(name));

export const titleLeadNames = ledNames.map((name) => `${name}Ahead`);
export const titleLeadCount = titleLeadNames.length;

/**
 * Writes how far each of `ledNames` lies above its mean over the candidates; NaN stays NaN.
 *
 * @param values a row of `width` features a candidate, each beginning with those of `titleMatchNames`
 * @param offset where in a row to write
 */
export function writeLeads(values: Float32Array, width: number, offset: number): void {
  ledColumns.forEach((column, place) => {
    let sum = 0;
    let known = 0;
    for (let at = column; at < values.length; at += width)
      if (!Number.isNaN(values[at]!)) {
        sum += values[at]!;
        known++;
      }
    for (let start = 0; start < values.length; start += width)
      values[start + offset + place] = values[start + column]! - sum / known;
  });
}
