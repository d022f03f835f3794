/**
 * Every model of `almanac recommend` on one folder, best by NDCG@10 first, as a table for docs/benches/recommending.md.
 *
 *   node apps/cli/bench/recommend.ts --data <folder> [--models a,b] [--seed 1] [--item-as type]
 *
 * The folder holds train.csv.gz and valid.truth.jsonl.gz, and for carts and sessions valid.queries.jsonl.gz. The task is
 * told from the columns. Each model is a process of its own, so that its CPU seconds and memory are its own.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { ndcgAtK, recallAtK } from "@almanac/recsys/offline";
import { readCsv, readJsonLines } from "../src/offline/recommend/text-files.ts";

const modelsOf = {
  user: ["random", "popular", "item-knn", "ease", "ials", "hybrid", "auto"],
  cart: ["random", "popular", "item-knn", "ease", "ials", "hybrid", "auto"],
  basket: [
    "random",
    "popular",
    "personal-frequency",
    "personal-decay",
    "dirichlet",
    "tifu-knn",
    "hybrid",
    "auto",
  ],
  session: ["random", "popular", "sequential-rules", "session-knn", "hybrid", "learned", "auto"],
} as const;
type Task = keyof typeof modelsOf;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    models: { type: "string" },
    seed: { type: "string", default: "1" },
    "item-as": { type: "string" },
  },
});
if (values.data === undefined) {
  process.stderr.write("bench recommend: --data names no folder\n");
  process.exit(2);
}
const folder = values.data;
const file = (name: string): string => join(folder, name);
const task = await taskOf();
const truth = await readLists(file("valid.truth.jsonl.gz"));
const scratch = await mkdtemp(join(tmpdir(), "almanac-bench-"));
const rows: { line: string; ndcg: number }[] = [];
try {
  for (const model of values.models?.split(",") ?? modelsOf[task]) {
    process.stderr.write(`${model}\n`);
    rows.push(await measure(model));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
rows.sort((a, b) => b.ndcg - a.ndcg);
process.stdout.write(
  `task ${task}, ${truth.size} questions, seed ${values.seed}\n\n` +
    "| model | recall@10 | ndcg@10 | recall@20 | ndcg@20 | CPU s | MB |\n| --- | --- | --- | --- | --- | --- | --- |\n" +
    rows.map(({ line }) => `${line}\n`).join(""),
);

async function measure(model: string): Promise<{ line: string; ndcg: number }> {
  const out = join(scratch, `${model}.jsonl`);
  const argv = [
    join(import.meta.dirname, "../src/main.ts"),
    "recommend",
    `--task=${task}`,
    `--train=${file("train.csv.gz")}`,
    `--model=${model}`,
    `--seed=${values.seed}`,
    `--out=${out}`,
    ...(task === "cart" || task === "session"
      ? ["--queries", file("valid.queries.jsonl.gz")]
      : ["--users", file("valid.truth.jsonl.gz")]),
    ...(task === "user" ? ["--unseen-only"] : []),
    ...([...truth.keys()].some((id) => id.includes("#")) && task === "basket"
      ? ["--history", file("valid.csv.gz")]
      : []),
    ...(values["item-as"] ? ["--items", file("items.csv.gz"), "--item-as", values["item-as"]] : []),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { maxBuffer: 2 ** 28 });
  const summary = JSON.parse(stdout) as { model: string; cpuSeconds: number; peakRssMb: number };
  const lists = await readLists(out);
  const sums = [0, 0, 0, 0];
  for (const [id, wanted] of truth) {
    // Ids of one question as numbers: the metrics compare numbers.
    const numbers = new Map(wanted.map((item, at) => [item, at]));
    const ranked = (lists.get(id) ?? []).map((item) => numbers.get(item) ?? -1);
    const set = new Set(numbers.values());
    [
      recallAtK(ranked, set, 10),
      ndcgAtK(ranked, set, 10),
      recallAtK(ranked, set, 20),
      ndcgAtK(ranked, set, 20),
    ].forEach((value, at) => (sums[at]! += value));
  }
  const cells = sums.map((sum) => (sum / Math.max(1, truth.size)).toFixed(4));
  const name = model === "auto" ? `auto: ${summary.model}` : model;
  return {
    line: `| ${[name, ...cells, Math.round(summary.cpuSeconds), summary.peakRssMb].join(" | ")} |`,
    ndcg: sums[1]!,
  };
}

async function taskOf(): Promise<Task> {
  if (existsSync(file("valid.queries.jsonl.gz"))) {
    for await (const { value } of readJsonLines(file("valid.queries.jsonl.gz")))
      return "cart" in value ? "cart" : "session";
  }
  for await (const { cells } of readCsv(file("train.csv.gz")))
    return cells.includes("seq") || cells.includes("household") ? "basket" : "user";
  return "user";
}

async function readLists(path: string): Promise<Map<string, string[]>> {
  const lists = new Map<string, string[]>();
  for await (const { value } of readJsonLines(path))
    lists.set(String(value["user"]), (value["items"] as unknown[]).map(String));
  return lists;
}
