import type { SynonymTable } from "./synonym-table.ts";
import { tokenize } from "./tokenize.ts";

/** English names of what other languages call otherwise. Phrases are lists of singular, folded words. */
export interface ForeignTable {
  /** The English names of a phrase, with their synonyms; `undefined` where it is none of the table. */
  namesOf(phrase: readonly string[]): readonly (readonly string[])[] | undefined;
  /** The English names of what begins so. */
  beginningWith(letters: string): readonly (readonly string[])[];
  isStopWord(word: string): boolean;
  /** Words in the longest phrase. */
  readonly longest: number;
}

/**
 * @param lines "garlic: ajo, Knoblauch": one English name and what it is called elsewhere; a name may be in several lines
 * @param stopWords separated by spaces
 */
export function buildForeignTable(
  lines: readonly string[],
  stopWords: string,
  synonyms: SynonymTable,
): ForeignTable {
  const names = new Map<string, (readonly string[])[]>();
  let longest = 0;
  for (const line of lines) {
    const [english = "", others = ""] = line.split(":");
    const name = termsOf(english);
    const meant = [name, ...synonyms.othersOf(name)];
    for (const other of others.split(",").flatMap(spellingsOf)) {
      const terms = termsOf(other);
      longest = Math.max(longest, terms.length);
      const key = terms.join(" ");
      const known = names.get(key) ?? [];
      names.set(key, [...known, ...meant.filter((one) => !known.includes(one))]);
    }
  }
  const stops = new Set(stopWords.split(" "));
  const words = [...names.keys()].sort();
  return {
    namesOf: (phrase) => names.get(phrase.join(" ")),
    beginningWith: (letters) =>
      words.filter((word) => word.startsWith(letters)).flatMap((word) => names.get(word)!),
    isStopWord: (word) => stops.has(word),
    longest,
  };
}

const termsOf = (text: string): string[] => tokenize(text).map(({ term }) => term);

const spelledOut: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue" };

/** "Käse" also as "Kaese", and each as a plural: singular and plural of "pêches" are made by English rules on both sides. */
function spellingsOf(name: string): readonly string[] {
  const plain = name.trim().toLowerCase();
  const out = plain.replace(/[äöü]/g, (letter) => spelledOut[letter]!);
  return [...new Set([plain, out])].flatMap((spelling) => [spelling, `${spelling}s`]);
}
