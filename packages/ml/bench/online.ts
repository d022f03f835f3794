/**
 * Does learning in one pass, a row at a time, tell the second half of a table as well as a batch fit on its first half? Does it
 * follow labels that turn round? And what does an event cost?
 *
 *   node packages/ml/bench/online.ts --csv table.csv --label Churn [--positive Yes] [--drop customerID] [--orders 5] [--seed 1]
 *
 * Rows come in the order of the file, then in `--orders` orders drawn by the seed. What features are made of (bends of numbers,
 * levels of words) is looked up in the first thousand rows, without their labels. The batch is logistic regression on the same
 * features, its penalty the best of six on the last fifth of the first half.
 */
import { seededRng } from "@almanac/kernel";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  FtrlRegression,
  GuardedLearner,
  areaUnderCurve,
  fitLogisticRegression,
  predictLogisticRegression,
} from "../src/index.ts";
import { tableOf, type SparseEvent, type SparseRows } from "../src/index.ts";
import { fitLinearEncoder } from "../src/tabular/linear-features.ts";

const { values: args } = parseArgs({
  options: {
    csv: { type: "string" },
    label: { type: "string", default: "" },
    positive: { type: "string", default: "1" },
    drop: { type: "string", default: "" },
    orders: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
});
if (args.csv === undefined) throw new Error("--csv names a table");

const rowsLookedAt = 1_000;
const turnTold = 2_000;
const penalties = [0.1, 0.3, 1, 3, 10, 30];

const { table, labels } = readTable(args.csv);
const rowCount = labels.length;
report("in the order of the file", [Int32Array.from(labels.keys())]);
report(
  `in ${args.orders} drawn orders`,
  Array.from({ length: Number(args.orders) }, (_, at) =>
    Int32Array.from(seededRng(Number(args.seed) + at).shuffle(Array.from(labels.keys()))),
  ),
);

function report(what: string, orders: readonly Int32Array[]): void {
  const found = orders.map(measure);
  const mean = (of: (one: ReturnType<typeof measure>) => number): string =>
    (found.reduce((sum, one) => sum + of(one), 0) / found.length).toFixed(4);
  console.log(
    `${rowCount} rows ${what}: AUC of the second half ${mean((one) => one.online)} in one pass, ${mean((one) => one.guarded)} guarded, ` +
      `${mean((one) => one.batch)} in a batch; of what comes ${turnTold} events after labels turned ${mean((one) => one.turned)} forgetting, ` +
      `${mean((one) => one.steady)} where nothing turned; ${mean((one) => one.microseconds)} us an event`,
  );
}

function measure(order: Int32Array) {
  const encoder = fitLinearEncoder(table, labels, order.slice(0, rowsLookedAt));
  const encoded = encoder.encode(order);
  const told = Array.from(order, (row) => labels[row]!);
  const half = Math.floor(rowCount / 2);
  const events = eventsOf(encoded);
  const from = process.cpuUsage();
  const said = learnAll(events, told, encoder.width, 0);
  const { user } = process.cpuUsage(from);
  const guard = new GuardedLearner({ width: encoder.width });
  const guarded = events.map((event, at) => guard.learn(event, told[at]!));
  const turned = told.map((label, at) => (at < half ? label : 1 - label));
  const afterTurn = half + turnTold;
  const late = (probabilities: number[], truth: number[]): number =>
    areaUnderCurve(probabilities.slice(afterTurn), truth.slice(afterTurn));
  return {
    online: areaUnderCurve(said.slice(half), told.slice(half)),
    guarded: areaUnderCurve(guarded.slice(half), told.slice(half)),
    batch: batchOf((rows) => encoder.encode(rows), order, told),
    turned: late(learnAll(events, turned, encoder.width, 0.005), turned),
    steady: late(learnAll(events, told, encoder.width, 0.005), told),
    microseconds: user / rowCount,
  };
}

function batchOf(
  encode: (rows: Int32Array) => SparseRows,
  order: Int32Array,
  told: readonly number[],
): number {
  const half = Math.floor(order.length / 2);
  const known = Math.floor(0.8 * half);
  const auc = (upTo: number, to: number, penalty: number): number => {
    const model = fitLogisticRegression(encode(order.slice(0, upTo)), told.slice(0, upTo), penalty);
    return areaUnderCurve(
      predictLogisticRegression(model, encode(order.slice(upTo, to))),
      told.slice(upTo, to),
    );
  };
  const [best] = penalties
    .map((penalty) => ({ penalty, auc: auc(known, half, penalty) }))
    .toSorted((a, b) => b.auc - a.auc);
  return auc(half, order.length, best!.penalty);
}

function learnAll(
  events: readonly SparseEvent[],
  told: readonly number[],
  width: number,
  forgetting: number,
): number[] {
  const model = new FtrlRegression({ width, forgetting });
  return events.map((event, at) => model.learn(event, told[at]!));
}

function eventsOf({ offsets, index, value }: SparseRows): SparseEvent[] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => ({
    places: index.subarray(offsets[row], offsets[row + 1]),
    values: value.subarray(offsets[row], offsets[row + 1]),
  }));
}

function readTable(path: string) {
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  const cells = lines.map((line) => line.split(","));
  const label = names.indexOf(args.label);
  if (label === -1) throw new Error(`--label: there is no column "${args.label}"`);
  const dropped = new Set([args.label, ...args.drop.split(",")]);
  const columns = names
    .map((name, at) => ({ name, cells: cells.map((row) => row[at] ?? "") }))
    .filter(({ name }) => !dropped.has(name));
  const isPositive = (cell: string): boolean =>
    cell === args.positive || (args.positive === "1" && cell === "TRUE");
  return {
    table: tableOf(columns),
    labels: Uint8Array.from(cells, (row) => (isPositive(row[label]!) ? 1 : 0)),
  };
}
