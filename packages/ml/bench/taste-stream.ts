/**
 * Do tastes that are learned line by line tell better what people take than how many take it? Real purchases in the order of
 * time; each is guessed against a thing drawn of all alike, before it is learned from.
 *
 *   node packages/ml/bench/taste-stream.ts --log train.csv.gz --items items.csv.gz --person household --item product --words category,type
 *
 * Reads two files with a header line each; ends by itself.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parseArgs } from "node:util";
import { emptyStream, savedByTaste, TasteStream, wordVector } from "../src/index.ts";

const { values: args } = parseArgs({
  options: {
    log: { type: "string" },
    items: { type: "string" },
    person: { type: "string", default: "user" },
    item: { type: "string", default: "item" },
    words: { type: "string", default: "category" },
    ts: { type: "string", default: "ts" },
    width: { type: "string", default: "64" },
    rate: { type: "string", default: "0.5" },
    longest: { type: "string", default: "4" },
  },
});
if (args.log === undefined || args.items === undefined) throw new Error("--log and --items name files");

/** Rows of a comma separated file without quotes, as objects. */
function tableOf(path: string): Record<string, string>[] {
  const bytes = readFileSync(path);
  const [head = "", ...lines] = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes)
    .toString()
    .trim()
    .split("\n");
  const names = head.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((value, at) => [names[at] ?? "", value])),
  );
}

const width = Number(args.width);
const things = tableOf(args.items);
const idOf = (row: Record<string, string>): string => row[args.item] ?? row["item"] ?? "";
const placeOf = new Map(things.map((row, at) => [idOf(row), at]));
const words = args.words.split(",");
const items = new Float32Array(things.length * width);
things.forEach((row, at) => {
  const own = words.map((name) => `${name} ${row[name] ?? ""}`);
  items.set(wordVector([`item ${idOf(row)}`, ...own], width), at * width);
});
const momentOf = (text: string): number =>
  /^\d+$/.test(text) ? 1_000 * Number(text) : Date.parse(`${text}Z`);
const log = tableOf(args.log)
  .map((row) => ({
    person: row[args.person],
    item: placeOf.get(row[args.item] ?? ""),
    at: momentOf(row[args.ts] ?? ""),
  }))
  .toSorted((a, b) => a.at - b.at);

const startedAt = process.cpuUsage();
const stream = new TasteStream(
  { items, width, rate: Number(args.rate), longest: Number(args.longest) },
  emptyStream(0),
);
log.forEach(({ person, item, at }, line) =>
  stream.push({ seq: line + 1, person, item, day: Math.floor(at / 86_400_000) }),
);
const used = process.cpuUsage(startedAt);
const { learned, people, skipped, guessed, saved, guard } = stream.state();
console.log({
  things: things.length,
  learned,
  people,
  skipped,
  guessedByTaste: (guessed.taste / learned).toFixed(4),
  guessedByPeople: (guessed.common / learned).toFixed(4),
  lossSaved: savedByTaste(saved),
  answers: guard.current,
  runningLosses: guard.losses,
  microsecondsALine: (used.user + used.system) / log.length,
});
