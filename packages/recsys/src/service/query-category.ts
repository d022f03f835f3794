import type { World } from "./world.ts";

/** What a world's words tell of searches. */
interface QueryWords {
  /** How often each word names each category. */
  readonly words: Map<string, Map<string, number>>;
  /** The answers so far, by query: each list asks again about all that its shopper searched for. */
  readonly known: Map<string, string | undefined>;
}

const wordsByWorld = new WeakMap<World, QueryWords>();

/** So many answers are remembered before all are forgotten. */
const maxKnown = 5_000;

/**
 * The category that a search is about: the one whose products' names, or whose own name, hold most of its words.
 *
 * @returns the category's name; `undefined` when no word is known
 */
export function categoryOfQuery(world: World, query: string): string | undefined {
  const { words, known } = wordsOf(world);
  if (known.has(query)) return known.get(query);
  const category = mostVotes(words, query);
  if (known.size >= maxKnown) known.clear();
  known.set(query, category);
  return category;
}

function mostVotes(words: QueryWords["words"], query: string): string | undefined {
  const votes = new Map<string, number>();
  for (const word of split(query)) {
    const counts = words.get(word);
    if (!counts) continue;
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    for (const [category, count] of counts) votes.set(category, (votes.get(category) ?? 0) + count / total);
  }
  return [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

function wordsOf(world: World): QueryWords {
  const kept = wordsByWorld.get(world);
  if (kept) return kept;
  const words: QueryWords["words"] = new Map();
  const add = (text: string, category: string, by: number): void => {
    for (const word of split(text)) {
      const counts = words.get(word) ?? new Map<string, number>();
      words.set(word, counts);
      counts.set(category, (counts.get(category) ?? 0) + by);
    }
  };
  for (const { source, snapshot } of world.products.values()) add(source.name, snapshot.category, 1);
  // The name of a category says more than that of a product.
  for (const category of world.snapshot.categories) add(category, category, 1_000);
  const made = { words, known: new Map<string, string | undefined>() };
  wordsByWorld.set(world, made);
  return made;
}

/** Words in lower case, a plural's "s" taken off: enough to find the shelf, not the product. */
function split(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}+/gu) ?? []).map((word) =>
    word.length > 3 && word.endsWith("s") ? word.replace(/(?<=o|ch|sh|x)es$|s$/, "") : word,
  );
}
