import { categoryPictures, picturesByWord } from "./picture-words.ts";
import type { PictureName } from "./picture-tints.ts";
import { singular } from "./singular.ts";

/** What is known of a product when a picture is chosen for it. */
export interface Pictured {
  readonly name: string;
  /** Category in words, as in the catalogue ("Root Vegetables"); may be several levels joined by any sign. */
  readonly category?: string | null;
}

const longestPhrase = Math.max(...[...picturesByWord.keys()].map((phrase) => phrase.split(" ").length));

/**
 * The picture of a product without a photo: the food its name ends on ("peach jam" is a jam, "heirloom tomato" a
 * tomato), else the nearest of its category, else a basket. The same product always gets the same picture.
 *
 * What comes after "with", "in", "from", "for", a comma or a bracket describes rather than names, so it is only read
 * when the words before it say nothing: "Mozzarella with basil" is a cheese.
 */
export function pictureFor({ name, category }: Pictured): PictureName {
  const [head = "", ...rest] = name.split(/[,(;:]|\s(?:with|in|from|for|and|on|&)\s/i);
  return (
    lastMatch(head, picturesByWord) ??
    firstFound(rest, (part) => lastMatch(part, picturesByWord)) ??
    (category ? (lastMatch(category, categoryPictures) ?? lastMatch(category, picturesByWord)) : undefined) ??
    "basket"
  );
}

/** The phrase that ends last in the text; of those that end together, the longest. */
function lastMatch(text: string, pictures: ReadonlyMap<string, PictureName>): PictureName | undefined {
  const words = wordsOf(text);
  for (let end = words.length; end > 0; end -= 1) {
    for (let start = Math.max(0, end - longestPhrase); start < end; start += 1) {
      const found = pictures.get(words.slice(start, end).join(" "));
      if (found) return found;
    }
  }
  return undefined;
}

function firstFound<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lower case, no accents, singular: "Crème fraîche, 2 Peaches" -> creme fraiche peach. */
function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]s?\b/g, "");
  return (plain.match(/[a-z]+/g) ?? []).map(singular);
}
