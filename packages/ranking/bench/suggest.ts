// Does what the search box offers after two, three or four letters hold the word that a shopper was about to type?
//
//   node packages/ranking/bench/suggest.ts --names items.csv.gz --baskets train.csv.gz [--queries 1000] [--seed 5]
//
// The second column of the first CSV file (plain or gzip) holds the names, its first one their ids; the second file has a
// basket a line: an id, then the ids of what is in it. Every other basket says how popular a product is; what is meant is
// drawn from the others, a line of a basket at a time, and typed is the beginning of its head noun or of its first word.
import { seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { CatalogIndex, headOf, popularityRanks, suggest, tokenize } from "../src/index.ts";

const { values } = parseArgs({
  options: {
    names: { type: "string", default: "" },
    baskets: { type: "string", default: "" },
    queries: { type: "string", default: "1000" },
    seed: { type: "string", default: "5" },
  },
});

function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.trim().split("\n").slice(1);
}

const names = new Map(
  linesOf(values.names).map((line) => {
    const [, id = "", name = ""] = /^([^,]*),("(?:[^"]|"")*"|[^,]*)/.exec(line) ?? [];
    return [id, name.replace(/^"|"$/g, "")] as const;
  }),
);
const baskets = linesOf(values.baskets).map((line) => (line.split(",")[1] ?? "").split(" "));
const told = baskets.filter((_, at) => at % 2 === 0).flat();
const meant = baskets.filter((_, at) => at % 2 === 1).flat();
const ids = [...names.keys()];
const buyers = new Map<string, number>();
for (const id of told) buyers.set(id, (buyers.get(id) ?? 0) + 1);
const ranks = popularityRanks(ids.map((id) => buyers.get(id) ?? 0));
const index = new CatalogIndex();
ids.forEach((id, at) =>
  index.put({
    id,
    name: names.get(id)!,
    category: "",
    farmId: "one",
    farmName: "",
    description: "",
    organic: false,
    snapEligible: true,
    priceCents: 100,
    marketIds: [],
    marketWeekdays: [],
    pickupWindows: [],
    place: { latitude: 0, longitude: 0 },
    harvestedOrListedAt: 0,
    popularity: ranks[at]!,
    season: { windows: [] },
    available: true,
  }),
);

const places = [1, 3, 6, 10];

/** Share of queries with the meant word among the first 1, 3, 6 and 10 names. */
function successOf(kind: "head" | "first", letters: number, rng: Rng): number[] {
  const found = places.map(() => 0);
  let asked = 0;
  while (asked < Number(values.queries)) {
    const name = names.get(rng.pick(meant)) ?? "";
    const word = kind === "head" ? headOf(name) : tokenize(name)[0]?.term;
    if (word === undefined || word.length <= letters) continue;
    asked++;
    const { products } = suggest(index, word.slice(0, letters), { limit: 10, today: "2025-08-13" });
    const at = products.findIndex((one) => tokenize(one.name).some(({ term }) => term === word));
    places.forEach((place, n) => (found[n]! += at >= 0 && at < place ? 1 : 0));
  }
  return found.map((count) => Math.round((count / asked) * 1000) / 1000);
}

const rng = seededRng(Number(values.seed));
const table = (["head", "first"] as const).flatMap((kind) =>
  [2, 3, 4].map((letters) => [
    `${kind} word, ${letters} letters`,
    successOf(kind, letters, rng.fork(`${kind} ${letters}`)),
  ]),
);
console.log(JSON.stringify({ names: names.size, successAt: places, ...Object.fromEntries(table) }, null, 1));
