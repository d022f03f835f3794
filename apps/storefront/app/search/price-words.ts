import { searchHref } from "./search-query.ts";

/** What words of a search say of prices, and what is left to look for. */
export interface PriceWords {
  /** The search without them. */
  readonly q: string;
  /** The most a product may cost. */
  readonly maxPriceCents?: number;
  /** "cheap": the cheapest first. */
  readonly isCheap?: true;
}

/** What a number counts that is no price: "under 5 kg", "max 2 for 1". */
const counted =
  "%|(?:k?g|kilos?|kilograms?|grams?|lbs?|oz|ounces?|m?l|lit(?:er|re)s?|k?m|miles?|min(?:utes?)?|days?|weeks?|for|x|pcs?|pieces?|packs?|dozen)(?!\\p{L})";
/** An amount, with its sign or name or neither. */
const amount = String.raw`[$€£]?\s*(\d{1,5}(?:[.,]\d{1,2})?)(?![.,]?\d)(?!\s*(?:${counted}))\s*(?:[$€£]|(?:dollars?|bucks|usd|euros?|eur)(?!\p{L}))?`;
const before = String.raw`under|below|less\s+than|cheaper\s+than|at\s+most|(?:no|not)\s+more\s+than|not\s+over|up\s+to|max(?:imum)?`;
const behind = String.raw`or\s+less|or\s+under|or\s+cheaper|max(?:imum)?`;
const limits = [
  new RegExp(String.raw`(?<![\p{L}\d])(?:(?:${before})(?!\p{L})|<=?)\s*${amount}`, "giu"),
  new RegExp(String.raw`(?<![\p{L}\d.,])${amount}\s*(?:${behind})(?!\p{L})`, "giu"),
];
const cheap =
  /(?<![\p{L}\d-])(?:cheap(?:est|er)?|inexpensive|affordable|low(?:est)?[ -]price[sd]?)(?![\p{L}\d])/giu;

/**
 * Reads "cheap eggs under $5" as eggs up to 5, the cheapest first. Of several limits the least counts.
 *
 * @param q as somebody typed it
 * @returns nothing where no word is about a price
 */
export function readPriceWords(q: string): PriceWords | undefined {
  const amounts: number[] = [];
  const takeAmount = (words: string, typed: string): string => {
    const cents = Math.round(Number(typed.replace(",", ".")) * 100);
    if (cents === 0) return words;
    amounts.push(cents);
    return " ";
  };
  const withoutLimits = limits.reduce((words, limit) => words.replace(limit, takeAmount), q);
  const rest = withoutLimits.replace(cheap, " ");
  if (rest === q) return undefined;
  const most = Math.min(...amounts);
  return {
    q: rest.replace(/\s+/g, " ").trim(),
    ...(Number.isFinite(most) && { maxPriceCents: most }),
    ...(rest !== withoutLimits && { isCheap: true }),
  };
}

/** The address that asks for what the words of this one mean, with filters that can be taken off; nothing where they mean no more. */
export function hrefOfPriceWords(search: URLSearchParams): string | undefined {
  const read = search.has("exact") ? undefined : readPriceWords(search.get("q") ?? "");
  if (read === undefined) return undefined;
  const { q, maxPriceCents, isCheap } = read;
  const chosen = Number(search.get("maxPriceCents")) || Infinity;
  return searchHref(search, {
    q: q || undefined,
    ...(maxPriceCents !== undefined && maxPriceCents < chosen && { maxPriceCents: String(maxPriceCents) }),
    ...(isCheap && !search.has("sort") && { sort: "cheapest" }),
  });
}
