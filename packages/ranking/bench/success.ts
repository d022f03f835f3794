// Does the product index find what was meant on a list of real names, right, begun and misspelt?
//
//   node packages/ranking/bench/success.ts --names items.csv [--queries 500] [--seed 5]
//
// The second column of the CSV file (plain or gzip) holds the names. A query is made from a word of five letters or more of
// a name drawn at random; it succeeds when one of the first ten names holds every word that was meant, whole and right.
import { seededRng } from "@almanac/kernel";
import { parseArgs } from "node:util";
import { SearchIndex, fold } from "../src/index.ts";
import { namesOfItems } from "./names-of-items.ts";

const { values } = parseArgs({
  options: {
    names: { type: "string", default: "" },
    queries: { type: "string", default: "500" },
    seed: { type: "string", default: "5" },
  },
});
const rng = seededRng(Number(values.seed));
const names = namesOfItems(values.names);
const index = new SearchIndex();
names.forEach((name, at) => index.put(String(at), [name]));

const wordsOf = (name: string): string[] =>
  fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** One letter left out, doubled, or swapped with the next; never the first. */
function misspell(word: string): string {
  const at = 1 + rng.int(word.length - 2);
  const kind = rng.int(3);
  if (kind === 0) return word.slice(0, at) + word.slice(at + 1);
  if (kind === 1) return word.slice(0, at) + word[at]! + word.slice(at);
  return word.slice(0, at) + (word[at + 1] ?? "") + word[at]! + word.slice(at + 2);
}

function succeeds(query: string, meant: readonly string[]): boolean {
  const { hits } = index.search(query, { limit: 10 });
  return hits.some(({ id }) => meant.every((word) => wordsOf(names[Number(id)]!).includes(word)));
}

const found = { "one word": 0, begun: 0, misspelt: 0, "misspelt beside a right one": 0, "two words": 0 };
const wanted = Number(values.queries);
const usable = names.filter((name) => wordsOf(name).filter((word) => /^\p{L}{5,}$/u.test(word)).length >= 2);
for (let asked = 0; asked < wanted; asked++) {
  const [word = "", other = ""] = wordsOf(rng.pick(usable)).filter((own) => /^\p{L}{5,}$/u.test(own));
  if (succeeds(word, [word])) found["one word"]++;
  if (succeeds(word.slice(0, -2), [word])) found.begun++;
  if (succeeds(misspell(word), [word])) found.misspelt++;
  if (succeeds(`${misspell(word)} ${other}`, [word, other])) found["misspelt beside a right one"]++;
  if (succeeds(`${word} ${other}`, [word, other])) found["two words"]++;
}
const shares = Object.entries(found).map(([kind, count]) => [
  kind,
  Math.round((count / wanted) * 1000) / 1000,
]);
console.log(
  JSON.stringify({ names: names.length, queries: wanted, successAt10: Object.fromEntries(shares) }),
);
