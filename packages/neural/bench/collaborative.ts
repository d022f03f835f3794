// Neural collaborative filtering beside popularity, item-kNN, EASE and iALS, on one split with one scorer.
//
//   node packages/neural/bench/collaborative.ts --train train.csv.gz --truth truth.jsonl.gz [--least 20] [--epochs 4] [--batch 1024] [--seed 1]
//
// train.csv: user,ts,item (seconds). Things that fewer than --least people chose are left out for everybody. Ranked are things
// that a person has not chosen yet. Intervals: 95 %, 1,000 draws of people.
import { seededRng } from "@almanac/kernel";
import {
  fitEase,
  fitIals,
  fitItemKnn,
  packRows,
  popularScorer,
  type ItemScorer,
} from "@almanac/recsys/offline";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { fitCollaborative } from "../src/collaborative/fit-collaborative.ts";
import { collaborativeScorer, serializeCollaborative } from "../src/collaborative/model.ts";
import { fitTasteVectors } from "../src/collaborative/taste-vectors.ts";
import {
  tasteWidth,
  userFeatureNames,
  userFeatures,
  type Choice,
} from "../src/collaborative/user-features.ts";

const { values: args } = parseArgs({
  options: {
    train: { type: "string", default: "" },
    truth: { type: "string", default: "" },
    least: { type: "string", default: "20" },
    epochs: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    batch: { type: "string", default: "1024" },
  },
});
const seed = Number(args.seed);
const read = (file: string): string[] => {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split(/\r?\n/);
};

const events = read(args.train)
  .slice(1)
  .map((line) => line.split(","))
  .map(([user, ts, item]) => ({ user: user!, at: Number(ts) * 1_000, item: item! }));
const peopleOf = Map.groupBy(events, ({ item }) => item);
const known = [...peopleOf].filter(
  ([, own]) => new Set(own.map(({ user }) => user)).size >= Number(args.least),
);
const itemAt = new Map(known.map(([item], at) => [item, at]));
const kept = events.filter(({ item }) => itemAt.has(item));
const byUser = [...Map.groupBy(kept, ({ user }) => user)].filter(([, own]) => own.length >= 2);
const userAt = new Map(byUser.map(([user], at) => [user, at]));
const itemCount = itemAt.size;
const chosen = byUser.map(([, own]) => [...new Set(own.map(({ item }) => itemAt.get(item)!))]);
const starts = new Int32Array(chosen.length + 1);
chosen.forEach((own, user) => (starts[user + 1] = starts[user]! + own.length));
const items = Int32Array.from(chosen.flat());
const now = events.reduce((latest, { at }) => Math.max(latest, at), 0) + 1;

const tastes = fitTasteVectors({ starts, items }, itemCount, tasteWidth, seed);
const told = byUser.map(([, own]) =>
  userFeatures(
    own.map(({ at, item }): Choice => ({ item: itemAt.get(item)!, at, basket: at })),
    tastes,
    now,
  ),
);
const features = new Float32Array(told.length * userFeatureNames.length);
told.forEach((own, user) => features.set(own, user * userFeatureNames.length));

const truths = read(args.truth)
  .map((line) => JSON.parse(line) as { user: string; items: string[] })
  .map(({ user, items: wanted }) => ({
    user: userAt.get(user),
    wanted: new Set(wanted.flatMap((item) => itemAt.get(item) ?? [])),
  }))
  .filter(
    ({ user, wanted }) => user !== undefined && [...wanted].some((item) => !chosen[user]!.includes(item)),
  );
console.log(
  `${chosen.length} people, ${itemCount} things, ${items.length} choices; judged on ${truths.length} people; seed ${seed}`,
);

type Score = (user: number) => ArrayLike<number>;
/** Of each person: NDCG@10, and whether one of what they then chose is among the first ten. */
const judge = (score: Score): { ndcg: number; hit: number }[] =>
  truths.map(({ user, wanted }) => {
    const own = new Set(chosen[user!]);
    const scores = score(user!);
    const ranked = Array.from({ length: itemCount }, (_, item) => item)
      .filter((item) => !own.has(item))
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, 10);
    const found = ranked.reduce((sum, item, at) => sum + (wanted.has(item) ? 1 / Math.log2(at + 2) : 0), 0);
    const there = [...wanted].filter((item) => !own.has(item)).length;
    let ideal = 0;
    for (let at = 0; at < Math.min(10, there); at++) ideal += 1 / Math.log2(at + 2);
    return { ndcg: found / ideal, hit: ranked.some((item) => wanted.has(item)) ? 1 : 0 };
  });
function report(name: string, judged: readonly { ndcg: number; hit: number }[], seconds: number): void {
  const told = (of: "ndcg" | "hit"): string => {
    const values = judged.map((one) => one[of]);
    const rng = seededRng(seed).fork("draws");
    const mean = (next: (at: number) => number): number => {
      let sum = 0;
      for (let at = 0; at < values.length; at++) sum += next(at);
      return sum / values.length;
    };
    const draws = Array.from({ length: 1_000 }, () => mean(() => values[rng.int(values.length)]!)).sort(
      (a, b) => a - b,
    );
    return `${mean((at) => values[at]!).toFixed(4)} (${draws[25]!.toFixed(4)} to ${draws[974]!.toFixed(4)})`;
  };
  console.log(
    `${name.padEnd(12)} NDCG@10 ${told("ndcg")}, HR@10 ${told("hit")}, ${seconds.toFixed(1)} CPU s`,
  );
}
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const rows = packRows(
  chosen.length,
  itemCount,
  chosen.flatMap((own, user) => own.map(() => user)),
  items,
);
const baselines: readonly (readonly [string, () => ItemScorer])[] = [
  ["popular", () => popularScorer(rows)],
  ["item-knn", () => fitItemKnn(rows, {})],
  ["ease", () => fitEase(rows, { lambda: 200 })],
  ["ials", () => fitIals(rows, { rng: seededRng(seed), dimensions: 64 })],
];
for (const [name, fit] of baselines) {
  const from = cpu();
  const scorer = fit();
  report(
    name,
    judge((user) => {
      const scores = new Float64Array(itemCount);
      scorer.addScores({ items: chosen[user]!, weights: chosen[user]!.map(() => 1) }, scores);
      return scores;
    }),
    cpu() - from,
  );
}

const from = cpu();
const seconds: number[] = [];
const model = fitCollaborative(
  { featureNames: userFeatureNames, features, itemCount, starts, items },
  {
    epochs: Number(args.epochs),
    batch: Number(args.batch),
    seed,
    onEpoch: (_epoch, _loss, took) => void seconds.push(took),
  },
);
const score = collaborativeScorer(model);
report(
  "ncf",
  judge((user) => score(told[user]!)),
  cpu() - from,
);
const asked = performance.now();
for (let at = 0; at < 200; at++) score(told[at % told.length]!);
console.log(
  `one epoch of ${5 * items.length} samples ${Math.min(...seconds).toFixed(1)} s; ` +
    `one person x ${itemCount} things ${((performance.now() - asked) / 200).toFixed(2)} ms; ` +
    `artefact ${(serializeCollaborative(model).length / 1e6).toFixed(2)} MB`,
);
