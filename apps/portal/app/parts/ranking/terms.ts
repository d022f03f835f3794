/** The five terms of the search score, in the words of the page. */
export const terms = [
  { key: "base", label: "Words", hint: "how well name, synonyms and description match" },
  { key: "personalization", label: "Taste", hint: "what this shopper buys, views and wishes for" },
  { key: "recency", label: "Freshness", hint: "days since the harvest" },
  { key: "popularity", label: "Popularity", hint: "how many bought it this week" },
  { key: "seasonal", label: "Season", hint: "peak of the harvest where it grows" },
] as const;

export type TermKey = (typeof terms)[number]["key"];
export type Weights = Readonly<Record<TermKey, number>>;

/** 0.4 as "40 %", 0.125 as "12.5 %". */
export const percent = (weight: number): string => `${Math.round(weight * 1_000) / 10}\u00a0%`;
