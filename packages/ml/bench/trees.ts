// How fast do boosted trees grow, and how good are they on a table of one's own?
//
//   node packages/ml/bench/trees.ts [--rows 100000] [--columns 30] [--trees 100] [--seed 7]
//   node packages/ml/bench/trees.ts --csv table.csv --folds folds.csv --label Churn --positive Yes [--drop customerID]
//
// Without --csv: generated rows (a smooth rule with noise), which proves the speed and nothing about quality. With it: one
// column a number, or one column a value where a value is no number (with --codes: one column of codes, split by sets);
// folds.csv has the columns row,fold.
import { seededRng } from "@almanac/kernel";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fitBoostedTrees, logistic, predictBoostedRow, predictProbabilities } from "../src/index.ts";
import type { FeatureTable, TrainingData } from "../src/index.ts";

const { values: args } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    columns: { type: "string", default: "30" },
    trees: { type: "string" },
    depth: { type: "string" },
    seed: { type: "string", default: "7" },
    csv: { type: "string" },
    folds: { type: "string" },
    label: { type: "string" },
    positive: { type: "string" },
    drop: { type: "string", default: "" },
    codes: { type: "boolean", default: false },
  },
});
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

if (args.csv === undefined) growGenerated(Number(args.rows), Number(args.columns), Number(args.trees ?? 100));
else measureFolds(args.csv);

function growGenerated(rows: number, width: number, trees: number): void {
  const data = generate(rows, width);
  fitBoostedTrees(generate(2_000, width), { loss: "logistic", trees: 20 }); // compiles
  for (const [name, options] of [
    ["31 leaves", { maxLeaves: 31, maxDepth: 31 }],
    ["depth 6", { maxLeaves: 64, maxDepth: 6 }],
    ["depth 4", { maxLeaves: 16, maxDepth: 4 }],
  ] as const) {
    const from = performance.now();
    const cpuFrom = cpuSeconds();
    const model = fitBoostedTrees(data, { loss: "logistic", trees, ...options });
    const seconds = (performance.now() - from) / 1000;
    const cpu = cpuSeconds() - cpuFrom;
    console.log(
      `${rows} x ${width}, ${trees} trees, ${name}: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} CPU s, ` +
        `${Math.round((rows * trees) / seconds / 1000)} thousand rows a second and tree, one row ${microsecondsARow(model, data).toFixed(1)} us`,
    );
  }
}

function microsecondsARow(model: ReturnType<typeof fitBoostedTrees>, { features }: TrainingData): number {
  const rows = Math.min(20_000, features.values.length / features.width);
  const from = performance.now();
  for (let row = 0; row < rows; row++) predictBoostedRow(model, features.values, row * features.width);
  return ((performance.now() - from) * 1000) / rows;
}

/** Microseconds of each row by itself, by the clock, after a pass that compiles. */
function timesOfRows(model: ReturnType<typeof fitBoostedTrees>, features: FeatureTable): number[] {
  const rows = features.values.length / features.width;
  for (let row = 0; row < rows; row++) predictBoostedRow(model, features.values, row * features.width);
  return Array.from({ length: rows }, (_, row) => {
    const from = performance.now();
    predictBoostedRow(model, features.values, row * features.width);
    return (performance.now() - from) * 1_000;
  });
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)]!;
}

function generate(rows: number, width: number): TrainingData {
  const rng = seededRng(Number(args.seed));
  const values = Float32Array.from({ length: rows * width }, () => rng.normal());
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const at = (column: number): number => values[row * width + (column % width)]!;
    const score = at(0) + at(1) * at(2) + Math.sin(3 * at(3)) + (at(4) > 0.5 ? 1 : 0) - 0.5;
    return rng.next() < logistic(score) ? 1 : 0;
  });
  return { features: { width, values }, labels };
}

function measureFolds(file: string): void {
  const rows = readCells(file);
  const folds = readCells(args.folds ?? "").map((row) => Number(row["fold"]));
  const label = args.label ?? "";
  const labels = Uint8Array.from(rows, (row) => (row[label] === (args.positive ?? "1") ? 1 : 0));
  const table = encode(rows, [label, ...args.drop.split(",")]);
  const foldCount = Math.max(...folds) + 1;
  const probabilities = new Float64Array(rows.length);
  let seconds = 0;
  const aucs: number[] = [];
  const rowMicroseconds: number[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const train = pick(table, labels, (row) => folds[row] !== fold);
    const test = pick(table, labels, (row) => folds[row] === fold);
    const from = cpuSeconds();
    const model = fitBoostedTrees(train, {
      loss: "logistic",
      trees: Number(args.trees ?? 300),
      maxDepth: Number(args.depth ?? 4),
      maxLeaves: 2 ** Number(args.depth ?? 4),
      learningRate: 0.05,
      minChildWeight: 1,
    });
    seconds += (cpuSeconds() - from) / foldCount;
    const answers = predictProbabilities(model, test.features);
    rowMicroseconds.push(...timesOfRows(model, test.features));
    aucs.push(areaUnderCurve(answers, test.labels));
    test.positions.forEach((row, at) => (probabilities[row] = answers[at]!));
  }
  const loss = labels.reduce(
    (sum, y, row) => sum - Math.log(y ? probabilities[row]! : 1 - probabilities[row]!),
    0,
  );
  console.log(
    `${rows.length} rows, ${table.width} columns: AUC ${(aucs.reduce((a, b) => a + b) / foldCount).toFixed(4)}, ` +
      `log-loss ${(loss / rows.length).toFixed(4)}, ${seconds.toFixed(2)} CPU s a fold; ` +
      `one row p50 ${quantile(rowMicroseconds, 0.5).toFixed(1)} us, p99 ${quantile(rowMicroseconds, 0.99).toFixed(1)} us`,
  );
}

function readCells(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at]!, cell])));
}

/** Numbers as they are, empty cells as unknown, other columns as one column a value. */
function encode(rows: readonly Record<string, string>[], drop: readonly string[]): FeatureTable {
  const columns: Float32Array[] = [];
  const categories: number[] = [];
  for (const name of Object.keys(rows[0]!)) {
    if (drop.includes(name)) continue;
    const cells = rows.map((row) => row[name]!);
    if (cells.every((cell) => cell === "" || Number.isFinite(Number(cell))))
      columns.push(Float32Array.from(cells, (cell) => (cell === "" ? NaN : Number(cell))));
    else if (args.codes) {
      const codes = new Map([...new Set(cells)].map((value, code) => [value, code]));
      categories.push(columns.length);
      columns.push(Float32Array.from(cells, (cell) => codes.get(cell)!));
    } else
      for (const value of new Set(cells))
        columns.push(Float32Array.from(cells, (cell) => (cell === value ? 1 : 0)));
  }
  const width = columns.length;
  const values = Float32Array.from(
    { length: rows.length * width },
    (_, at) => columns[at % width]![Math.floor(at / width)]!,
  );
  return { width, values, categories };
}

function pick(
  { width, values, categories = [] }: FeatureTable,
  labels: Uint8Array,
  keep: (row: number) => boolean,
) {
  const positions = Array.from(labels.keys()).filter(keep);
  const kept = new Float32Array(positions.length * width);
  positions.forEach((row, at) => kept.set(values.subarray(row * width, (row + 1) * width), at * width));
  return {
    positions,
    features: { width, values: kept, categories },
    labels: Uint8Array.from(positions, (row) => labels[row]!),
  };
}

/** Share of pairs of a positive and a negative that are in order, ties by half. */
function areaUnderCurve(scores: Float64Array, labels: ArrayLike<number>): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let ranks = 0;
  for (let at = 0; at < order.length;) {
    let end = at;
    while (end < order.length && scores[order[end]!] === scores[order[at]!]) end++;
    for (let i = at; i < end; i++)
      if (labels[order[i]!] === 1) {
        positives++;
        ranks += (at + end + 1) / 2;
      }
    at = end;
  }
  const negatives = order.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
