// How long an epoch of 500,000 samples takes, and one person x 1,682 things.
//
//   node packages/neural/bench/collaborative-speed.ts [--people 2000] [--items 1682] [--choices 100000]
//
// Generated, so it says nothing about quality.
import { parseArgs } from "node:util";
import { seededRng } from "@almanac/kernel";
import { fitCollaborative } from "../src/collaborative/fit-collaborative.ts";
import { collaborativeScorer } from "../src/collaborative/model.ts";
import { userFeatureNames } from "../src/collaborative/user-features.ts";

const { values: args } = parseArgs({
  options: {
    people: { type: "string", default: "2000" },
    items: { type: "string", default: "1682" },
    choices: { type: "string", default: "100000" },
  },
});
const [people, itemCount, choices] = [Number(args.people), Number(args.items), Number(args.choices)];
const rng = seededRng(1);
const features = Float32Array.from({ length: people * userFeatureNames.length }, () => rng.normal());
const starts = Int32Array.from({ length: people + 1 }, (_, at) => Math.round((at * choices) / people));
const items = Int32Array.from({ length: choices }, () => rng.int(itemCount));
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const data = { featureNames: userFeatureNames, features, itemCount, starts, items };
fitCollaborative(
  { ...data, starts: starts.slice(0, 101), features: features.slice(0, 100 * userFeatureNames.length) },
  { epochs: 1 },
);
const ends: number[] = [cpu()];
const model = fitCollaborative(data, { epochs: 3, onEpoch: () => void ends.push(cpu()) });
const epochs = ends.slice(1).map((end, at) => end - ends[at]!);
console.log(`an epoch of ${5 * choices} samples: ${epochs.map((one) => one.toFixed(2)).join(", ")} CPU s`);

const score = collaborativeScorer(model);
const asked: number[] = [];
for (let at = 0; at < 2_000; at++) {
  const person = at % people;
  const own = features.subarray(person * userFeatureNames.length, (person + 1) * userFeatureNames.length);
  const from = performance.now();
  score(own);
  asked.push(performance.now() - from);
}
const sorted = asked.slice(200).toSorted((a, b) => a - b);
const at = (share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(3);
console.log(`one person x ${itemCount} things: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`);
