// What does it cost to find a value in memory, and in Redis, by the size of the value? Beside it: to make it again from JSON.
//
//   REDIS_URL=redis://... node packages/cache/bench/levels.ts [--rounds 2000]
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { createCache, redisSecondLevel } from "../src/index.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "2000" } } });
const rounds = Number(values.rounds);
const redis = new Redis(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379", { lazyConnect: true });
await redis.connect();
const name = `bench-${crypto.randomUUID()}`;

interface Card {
  readonly id: string;
  readonly name: string;
  readonly facts: readonly number[];
}
const cards = (count: number): Card[] =>
  Array.from({ length: count }, (_, at) => ({
    id: crypto.randomUUID(),
    name: `Tomato number ${at}`,
    facts: Array.from({ length: 60 }, (_, n) => n * 1.5),
  }));

function quantiles(samples: number[]): string {
  samples.sort((a, b) => a - b);
  const at = (share: number): string => (samples[Math.floor(share * samples.length)]! * 1_000).toFixed(0);
  return `${at(0.5)} | ${at(0.95)}`;
}

async function timed(work: () => unknown): Promise<string> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await work();
    samples.push(performance.now() - startedAt);
  }
  return quantiles(samples);
}

console.log("| value | memory p50, microseconds | p95 | Redis p50 | p95 | parsing alone p50 | p95 |");
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const count of [1, 20, 140]) {
  const value = cards(count);
  const text = JSON.stringify(value);
  const key = String(count);
  const make = (): Promise<Card[]> => Promise.resolve(value);
  const first = createCache<Card[]>({ name, ttlMs: 60_000, secondLevel: redisSecondLevel(redis) });
  await first.get(key, make);
  const memory = await timed(() => first.get(key, make));
  const shared = await timed(async () => {
    const other = createCache<Card[]>({ name, ttlMs: 60_000, secondLevel: redisSecondLevel(redis) });
    await other.get(key, make);
  });
  const parsing = await timed(() => JSON.parse(text) as unknown);
  console.log(`| ${(text.length / 1_000).toFixed(1)} kB | ${memory} | ${shared} | ${parsing} |`);
}
await redis.del(...[1, 20, 140].map((count) => `almanac:cache:${name}:v1:${count}`));
redis.disconnect();
