import { formatCents } from "@almanac/kernel";
import type { Api } from "../request/person.ts";

type CustomerValue = Awaited<ReturnType<Api["farmCustomers"]["value"]>>;

/** What a farm's shoppers are worth to it, in figures and sentences. */
export interface CustomersView {
  readonly tiles: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly string[];
}

/** Without cents: what is expected is not that sure. */
const money = (cents: number): string => Math.round(cents / 100).toLocaleString("en-GB");
const percent = (share: number): string => `${Math.round(100 * share)}\u00a0%`;

/** @returns `undefined` where there are too few shoppers to be told of */
export function customersView(told: CustomerValue): CustomersView | undefined {
  if (told.kind === "too-few") return undefined;
  const { customers, salesCents, marginCents, costedShare, atRisk } = told;
  const worth = marginCents ?? salesCents;
  return {
    tiles: [
      { label: "Shoppers in a year", value: customers.toLocaleString("en-GB") },
      { label: "Sales, coming half-year", value: money(salesCents) },
      ...(marginCents === undefined
        ? []
        : [{ label: "Left after fees and costs", value: money(marginCents) }]),
      {
        label: marginCents === undefined ? "Sales a shopper" : "Left a shopper",
        value: formatCents(Math.round(worth / customers)),
      },
    ],
    notes: [
      marginCents === undefined
        ? `The cost is known of ${percent(costedShare)} of what you sold. From half of it on, what is left of the sales is told as well.`
        : costsWords(costedShare),
      atRisk
        ? `${atRisk.customers.toLocaleString("en-GB")} of them may stay away; about ${money(atRisk.lostCents)} of ${
            marginCents === undefined ? "these sales" : "what is left"
          } is likely to go with them.`
        : "Fewer than ten of them are likely to stay away, so nothing is told of those.",
    ],
  };
}

const costsWords = (share: number): string =>
  share > 0.995
    ? "The costs are those that you have told of your products."
    : `The cost is known of ${percent(share)} of what you sold; the rest is taken to leave as much.`;

type Groups = NonNullable<NonNullable<Awaited<ReturnType<Api["ml"]["farm"]>>["outlook"]>["groups"]>;

const groupWords = {
  often: "Often: six times or more",
  "now and then": "Now and then: one to five times",
  hardly: "Hardly: less than once",
} as const;

/** How often the farm's shoppers are expected, as a chart and in a sentence. */
export function groupsView(groups: Groups): {
  readonly bars: readonly { readonly label: string; readonly value: number }[];
  readonly summary: string;
} {
  const often = groups.find(({ group }) => group === "often");
  const cents = groups.reduce((sum, one) => sum + one.cents, 0);
  return {
    bars: groups.map(({ group, people }) => ({ label: groupWords[group], value: people })),
    summary:
      often && often.people > 0 && cents > 0
        ? `${percent(often.cents / cents)} of the money is expected from ${often.people.toLocaleString("en-GB")} shoppers who come often.`
        : "Nobody is expected often.",
  };
}
