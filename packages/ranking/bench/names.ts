// How fast and how large is the product index at 100,000 names, beside MiniSearch in the same process?
//
//   node --expose-gc packages/ranking/bench/names.ts [--names 100000] [--rounds 3] [--seed 7]
//
// Both answer the same queries (right, begun, misspelt, two words), taking turns, and return the best 20. A query succeeds
// when one of the first ten names holds every word that was meant, whole and right.
import { seededRng } from "@almanac/kernel";
import type { Rng } from "@almanac/kernel";
import MiniSearch from "minisearch";
import { parseArgs } from "node:util";
import { SearchIndex } from "../src/index.ts";

const { values } = parseArgs({
  options: {
    names: { type: "string", default: "100000" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "7" },
  },
});
const count = Number(values.names);
const rng = seededRng(Number(values.seed));

const list = (text: string): readonly string[] => text.split(" ");
const crops = list(
  "tomato potato carrot zucchini broccoli cauliflower cabbage kale spinach lettuce radish beetroot onion garlic leek " +
    "pepper aubergine cucumber pumpkin squash corn asparagus artichoke celery fennel parsnip turnip strawberry raspberry " +
    "blueberry apple pear plum cherry peach apricot grape melon quince rhubarb basil parsley coriander dill mint sage " +
    "thyme rosemary chive honey cheese butter yoghurt egg bread cider vinegar mushroom walnut hazelnut chestnut",
);
const kinds = list(
  "heirloom cherry baby young wild red green yellow purple white golden sweet hot early late winter",
);
const forms = list(
  "bunch bag box jar punnet head crate dried smoked pickled fresh organic juice jam soup salad mix",
);

/** A few thousand made-up variety names, as seed catalogues have them. */
function varieties(chance: Rng, size: number): string[] {
  const syllables = list(
    "ma ro li ne ta vo sel bri kan dor fi lu mer pol ran ska tin ul ver wen zor gra ble chi",
  );
  return Array.from({ length: size }, () =>
    Array.from({ length: 2 + chance.int(3) }, () => chance.pick(syllables)).join(""),
  );
}

function produceNames(chance: Rng, size: number): string[] {
  const named = varieties(chance, 4_000);
  return Array.from({ length: size }, () => {
    const words = [chance.pick(named), chance.pick(kinds), chance.pick(crops), chance.pick(forms)];
    return words.slice(chance.int(2)).join(" ");
  });
}

function misspell(word: string, chance: Rng): string {
  const at = 1 + chance.int(Math.max(1, word.length - 2));
  const kind = chance.int(3);
  if (kind === 0) return word.slice(0, at) + word.slice(at + 1);
  if (kind === 1) return word.slice(0, at) + word[at]! + word.slice(at);
  return word.slice(0, at) + (word[at + 1] ?? "") + word[at]! + word.slice(at + 2);
}

const kindsOfQuery = ["one word", "begun", "misspelt", "two words"] as const;

interface Asked {
  readonly kind: (typeof kindsOfQuery)[number];
  readonly text: string;
  readonly meant: readonly string[];
}

function queriesOf(names: readonly string[], chance: Rng, size: number): Asked[] {
  return Array.from({ length: size }, (_, at) => {
    const words = chance.pick(names).split(" ");
    const word = chance.pick(words);
    const kind = kindsOfQuery[at % kindsOfQuery.length]!;
    if (kind === "one word") return { kind, text: word, meant: [word] };
    if (kind === "begun") return { kind, text: word.slice(0, Math.max(3, word.length - 2)), meant: [word] };
    if (kind === "misspelt") return { kind, text: misspell(word, chance), meant: [word] };
    return { kind, text: `${words[0]} ${words[1]}`, meant: words.slice(0, 2) };
  });
}

/** Share of queries of each kind with a name that holds what was meant among the first ten. */
function successAt10(asked: readonly Asked[], search: (text: string) => readonly string[]) {
  return Object.fromEntries(
    kindsOfQuery.map((kind) => {
      const own = asked.filter((query) => query.kind === kind);
      const found = own.filter(({ text, meant }) =>
        search(text)
          .slice(0, 10)
          .some((name) => meant.every((word) => name.split(" ").includes(word))),
      );
      return [kind, Math.round((found.length / own.length) * 1000) / 1000];
    }),
  );
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function built<T>(build: () => T): { engine: T; seconds: number; megabytes: number } {
  const before = memory();
  const from = performance.now();
  const engine = build();
  const seconds = (performance.now() - from) / 1000;
  return { engine, seconds: Math.round(seconds * 100) / 100, megabytes: megabytes(memory() - before) };
}

const percentile = (sorted: readonly number[], share: number): number => {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 1000) / 1000;
};

const names = produceNames(rng.fork("names"), count);
const queries = queriesOf(names, rng.fork("queries"), 400).map(({ text }) => text);
const asked = queriesOf(names, rng.fork("success"), 1_600);
const ours = built(() => {
  const index = new SearchIndex();
  names.forEach((name, at) => index.put(String(at), [name]));
  return index;
});
const theirs = built(() => {
  const index = new MiniSearch<{ id: number; name: string }>({ fields: ["name"] });
  index.addAll(names.map((name, id) => ({ id, name })));
  return index;
});

const times: Record<"almanac" | "minisearch", number[]> = { almanac: [], minisearch: [] };
const cpuTimes: typeof times = { almanac: [], minisearch: [] };
function timed(engine: keyof typeof times, run: () => unknown): void {
  const from = performance.now();
  const cpuFrom = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(cpuFrom);
  times[engine].push(performance.now() - from);
  cpuTimes[engine].push((user + system) / 1000);
}
const rounds = Number(values.rounds);
for (let round = -1; round < rounds; round++) {
  if (round === 0) for (const list of [times, cpuTimes].flatMap((of) => Object.values(of))) list.length = 0; // the first round only warms up
  for (const query of queries) {
    timed("almanac", () => ours.engine.search(query, { limit: 20 }));
    timed("minisearch", () => theirs.engine.search(query, { prefix: true, fuzzy: 0.2 }).slice(0, 20));
  }
}

const summary = (engine: keyof typeof times) => {
  const sorted = times[engine].toSorted((a, b) => a - b);
  const cpu = cpuTimes[engine].toSorted((a, b) => a - b);
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    p95CpuMs: percentile(cpu, 0.95),
  };
};
const success = {
  almanac: successAt10(asked, (text) =>
    ours.engine.search(text, { limit: 10 }).hits.map(({ id }) => names[Number(id)]!),
  ),
  minisearch: successAt10(asked, (text) =>
    theirs.engine
      .search(text, { prefix: true, fuzzy: 0.2 })
      .slice(0, 10)
      .map(({ id }) => names[Number(id)]!),
  ),
};
const almanac = summary("almanac");
const minisearch = summary("minisearch");
console.log(
  JSON.stringify(
    {
      names: count,
      queries: queries.length,
      rounds,
      node: process.version,
      almanac: { ...almanac, buildSeconds: ours.seconds, megabytes: ours.megabytes },
      minisearch: { ...minisearch, buildSeconds: theirs.seconds, megabytes: theirs.megabytes },
      successAt10: success,
      timesFasterAtP50: Math.round((minisearch.p50Ms / almanac.p50Ms) * 10) / 10,
      timesFasterAtP95: Math.round((minisearch.p95Ms / almanac.p95Ms) * 10) / 10,
    },
    null,
    2,
  ),
);
