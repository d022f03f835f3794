import type { CalendarDay } from "@almanac/kernel";
import { minutes } from "@almanac/kernel";
import type { ShopEntry, ShopWindow } from "@almanac/signals";
import type { SearchSuggestions } from "./types.ts";

/** What suggestions were made from; they are the same for everybody, so nobody's own is in it. */
export interface SuggestionGround {
  readonly now: Date;
  /** The market's calendar day. */
  readonly today: CalendarDay;
  /** Of the index: words, popularity, what is to be had. */
  readonly indexRevision: number;
  /** Of the queries that many shoppers share. */
  readonly queriesRevision: number;
}

export interface RememberedSuggestions {
  /** What was answered to the same, if it would be answered now; else what `make` answers, which is then remembered. */
  find(
    asked: { readonly typed: string; readonly limit: number },
    ground: SuggestionGround,
    make: () => SearchSuggestions,
  ): SearchSuggestions;
}

interface Remembered {
  readonly answer: SearchSuggestions;
  readonly products: readonly (ShopEntry["product"] | undefined)[];
}

/** Answers that one process remembers; each has some three kilobytes. */
const mostRemembered = 1_000;

/**
 * Suggestions of one process, remembered for as long as what they were made from is the same: the revisions of index and shared
 * queries, the day at the market and at each farm (which changes on a quarter of an hour in every time zone), and each product
 * that is named.
 */
export function createRememberedSuggestions(shopWindow: Pick<ShopWindow, "find">): RememberedSuggestions {
  const answers = new Map<string, Remembered>();
  let ground = "";

  const isUnchanged = ({ answer, products }: Remembered): boolean =>
    answer.products.every(({ id }, at) => shopWindow.find(id)?.product === products[at]);

  return {
    find({ typed, limit }, { now, today, indexRevision, queriesRevision }, make) {
      const quarter = Math.floor(now.getTime() / minutes(15));
      const current = `${indexRevision} ${queriesRevision} ${quarter} ${today}`;
      if (current !== ground) {
        ground = current;
        answers.clear();
      }
      const key = `${limit} ${typed}`;
      const known = answers.get(key);
      answers.delete(key);
      if (known && isUnchanged(known)) {
        answers.set(key, known);
        return known.answer;
      }
      const answer = make();
      answers.set(key, { answer, products: answer.products.map(({ id }) => shopWindow.find(id)?.product) });
      if (answers.size > mostRemembered) answers.delete(answers.keys().next().value!);
      return answer;
    },
  };
}
