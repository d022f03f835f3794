// Is a word that the shop does not have taken for another one it has? And is a word found whose first letter is mistyped?
//
//   node packages/ranking/bench/first-letters.ts --names items.csv --misspellings dictionary.txt
//
// The second column of the CSV file (plain or gzip) holds names; every fortieth is a product of the shop. The words of five
// names or more that the shop has not are asked for one by one. Lines "misspelt->right" (codespell's dictionary) say how first
// letters are mistyped: each kind is done to words of the shop, with a letter that somebody typed for that one.
import { seededRng } from "@almanac/kernel";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { SearchIndex, fold } from "../src/index.ts";
import { namesOfItems } from "./names-of-items.ts";

const { values } = parseArgs({
  options: {
    names: { type: "string", default: "" },
    misspellings: { type: "string", default: "" },
    queries: { type: "string", default: "2000" },
    seed: { type: "string", default: "3" },
  },
});
const names = namesOfItems(values.names);
const shop = names.filter((_, at) => at % 40 === 0);
const index = new SearchIndex();
shop.forEach((name, at) => index.put(String(at), [name]));

const wordsOf = (name: string): Set<string> =>
  new Set(
    fold(name)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => /^[a-z]{4,}$/.test(word)),
  );

const counts = new Map<string, number>();
for (const name of names) for (const word of wordsOf(name)) counts.set(word, (counts.get(word) ?? 0) + 1);
const taken = { absent: 0, sameFirstLetter: 0, otherFirstLetter: 0 };
for (const [word, count] of counts) {
  if (count < 5) continue;
  const plan = index.plan(word, { prefix: false });
  if (plan.words[0]!.alternatives.some(({ weight }) => weight > 0.5)) continue;
  taken.absent++;
  const meant = plan.corrections[0]?.to;
  if (meant !== undefined) taken[meant[0] === word[0] ? "sameFirstLetter" : "otherFirstLetter"]++;
}

interface Slip {
  readonly kind: "left out" | "swapped" | "another" | "in front";
  readonly typed: string;
}

/** How each letter that begins a word was mistyped, once for every line. */
const slips = new Map<string, Slip[]>();
for (const line of readFileSync(values.misspellings, "utf8").split("\n")) {
  const [, typed = "", right = ""] = /^([a-z]{4,})->([a-z]+)/.exec(line) ?? [];
  const kind = kindOf(typed, right);
  if (kind) slips.set(right[0]!, [...(slips.get(right[0]!) ?? []), { kind, typed: typed[0]! }]);
}

function kindOf(typed: string, right: string): Slip["kind"] | undefined {
  if (typed[0] === right[0]) return undefined;
  if (typed === right.slice(1)) return "left out";
  if (typed[0] === right[1] && typed[1] === right[0]) return "swapped";
  if (typed.slice(1) === right.slice(1)) return "another";
  return typed.slice(1) === right ? "in front" : undefined;
}

function mistyped(word: string, { kind, typed }: Slip): string {
  if (kind === "left out") return word.slice(1);
  if (kind === "swapped") return `${word[1]!}${word[0]!}${word.slice(2)}`;
  return typed + (kind === "another" ? word.slice(1) : word);
}

const rng = seededRng(Number(values.seed));
const vocabulary = [...new Set(shop.flatMap((name) => [...wordsOf(name)]))].filter((word) => word.length > 4);
const found: Record<string, { asked: number; found: number }> = {};
for (let asked = 0; asked < Number(values.queries); asked++) {
  const word = rng.pick(vocabulary);
  const own = slips.get(word[0]!);
  if (!own) continue;
  const slip = rng.pick(own);
  const query = mistyped(word, slip);
  if (query === word) continue;
  const kind = (found[slip.kind] ??= { asked: 0, found: 0 });
  kind.asked++;
  const { hits } = index.search(query, { limit: 10 });
  if (hits.some(({ id }) => wordsOf(shop[Number(id)]!).has(word))) kind.found++;
}
console.log(JSON.stringify({ products: shop.length, taken, found }));
