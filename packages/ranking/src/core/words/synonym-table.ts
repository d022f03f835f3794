import { tokenize } from "./tokenize.ts";

/** Names of the same thing, looked up by any of them. Phrases are lists of singular, folded words. */
export interface SynonymTable {
  /** The other names of a phrase; empty when it has none. */
  othersOf(phrase: readonly string[]): readonly (readonly string[])[];
  /** Every single word that is a whole name, so that a typing error in it can be recognised. */
  readonly singleWords: readonly string[];
  /** Words in the longest name. */
  readonly longest: number;
}

/**
 * @param groups one group of names each, separated by commas: "courgette, zucchini". Repeated names join their groups'
 *               names without joining the groups: "beet" may mean two things that are not each other.
 */
export function buildSynonymTable(groups: readonly string[]): SynonymTable {
  const others = new Map<string, (readonly string[])[]>();
  let longest = 0;
  for (const group of groups) {
    const names = group.split(",").map((name) => tokenize(name).map((token) => token.term));
    for (const name of names) {
      longest = Math.max(longest, name.length);
      const key = name.join(" ");
      const known = others.get(key) ?? [];
      const fresh = names.filter((other) => other.join(" ") !== key);
      others.set(key, [
        ...known,
        ...fresh.filter((other) => !known.some((k) => k.join(" ") === other.join(" "))),
      ]);
    }
  }
  return {
    othersOf: (phrase) => others.get(phrase.join(" ")) ?? [],
    singleWords: [...others.keys()].filter((key) => key !== "" && !key.includes(" ")),
    longest,
  };
}
