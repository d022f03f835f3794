import type { DatabaseHandle } from "@almanac/db";
import { allowedEdits, editDistance } from "../core/words/edit-distance.ts";
import { tokenizeQuery } from "../core/words/tokenize.ts";
import { likeWords, searchText, wordsWithoutAnswer } from "../store/text-search.ts";
import { mostHits, toHits, type SearchEngine } from "./engine.ts";

/** With fewer products than this a query may be misspelt; with more it is taken as it stands. */
const few = 3;
/** How like a name must be: first as most slips leave it, and only then as two letters swapped in a short word do. */
const alikeSteps = [0.6, 0.35];

/**
 * PostgreSQL's full text: the truth, and what serves while the index in memory cannot. Any of the words, the last one as a
 * beginning too, long texts held back. Only where little is found, words that nothing answers to are put right one by one by
 * likeness of letters. It knows names and descriptions; categories, farms and synonyms are the index's.
 */
export function postgresEngine(handle: DatabaseHandle): SearchEngine {
  const { db } = handle;

  async function correct(words: readonly string[]): Promise<string[]> {
    const doubted = words.filter((word) => /^\p{L}{3,}$/u.test(word));
    if (doubted.length === 0) return [...words];
    const unknown = await wordsWithoutAnswer(db, doubted);
    const corrected = new Map<string, string>();
    for (const word of unknown) {
      const meant = await nearestWord(word);
      if (meant !== undefined) corrected.set(word, meant);
    }
    return words.map((word) => corrected.get(word) ?? word);
  }

  async function nearestWord(word: string): Promise<string | undefined> {
    const bound = Math.max(1, allowedEdits(word.length));
    for (const leastAlike of alikeSteps) {
      const alike = await handle.transaction((tx) => likeWords(tx, word, leastAlike));
      const near = alike
        .map((found) => ({ ...found, distance: editDistance(word, found.word, bound) }))
        .filter(({ distance }) => distance <= bound)
        .sort((a, b) => a.distance - b.distance || b.count - a.count || (a.word < b.word ? -1 : 1));
      if (near[0]) return near[0].word;
    }
    return undefined;
  }

  return {
    name: "postgres",
    async find(query, { fuzzy }) {
      const words = tokenizeQuery(query).map(({ surface }) => surface.replace(/[^\p{L}\p{N}]+/gu, ""));
      const known = words.filter((word) => word !== "");
      if (known.length === 0) return { hits: [] };
      const isOpen = /[\p{L}\p{N}]$/u.test(query.trimStart());
      const found = await searchText(db, toTsquery(known, isOpen), mostHits);
      if (!fuzzy || found.length >= few) return { hits: toHits(found) };
      const corrected = await correct(known);
      if (corrected.every((word, at) => word === known[at])) return { hits: toHits(found) };
      const again = await searchText(db, toTsquery(corrected, isOpen), mostHits);
      return { hits: toHits(again), correctedQuery: corrected.join(" ") };
    },
  };
}

/** Letters and digits only, so that no word can be an operator. */
function toTsquery(words: readonly string[], isOpen: boolean): string {
  return words.map((word, at) => (isOpen && at === words.length - 1 ? `${word}:*` : word)).join(" | ");
}
