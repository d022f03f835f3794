import {
  isNothing,
  classifierModels,
  fitBoostedTrees,
  fitClassifier,
  fitInWorker,
  type ClassifierModel,
} from "@almanac/ml";
import { availableParallelism } from "node:os";
import { costsSince, type CommandIo } from "../../command.ts";
import { readCsv, type CsvTable } from "../files/csv.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { stderrProgress } from "../recommend/progress.ts";
import { atMost } from "./at-most.ts";
import { featureTable } from "./feature-columns.ts";
import { readTabularOptions } from "./options.ts";

export const classifyHelp = `almanac classify --in t.csv --label COL --folds f.csv --out p.csv [options]

Predicts a yes or no for every row of a table, each row by a model that never saw its fold.

  --in FILE          CSV, plain or gzip; an empty cell is a value that is not known
  --label COL        the column to predict; it has two values
  --folds FILE       CSV row,fold: the fold of every row, counted from 0
  --out FILE         CSV row,fold,probability of the positive value
  --positive VALUE   the value that counts as yes; 1, true, yes or y where one of the two is that
  --drop A,B         columns that are not learned from, such as customer numbers
  --categorical A,B  columns of numbers that are only names
  --model NAME       ${classifierModels.join(", ")}; auto unless told
  --jobs N           threads, as many as the machine has cores unless told; the numbers are the same with any
  --seed N           1 unless told

auto fits logistic regression and boosted trees of several depths and blends them by what held-out parts of the training
folds say. The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

const optionNames = [
  "in",
  "label",
  "folds",
  "out",
  "positive",
  "drop",
  "categorical",
  "model",
  "jobs",
  "seed",
];
/** Up to so many rows a thread takes longer to start than trees to grow; the trees are the same. */
const fewRows = 1_000;
const yes = new Set(["1", "true", "yes", "y"]);

/**
 * `almanac classify`: see `classifyHelp`.
 *
 * @returns the exit code
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runClassify(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = readTabularOptions(argv, optionNames);
  if (options.help) {
    io.out(classifyHelp);
    return 0;
  }
  const [file, label, foldFile, out] = ["in", "label", "folds", "out"].map(options.needed) as [
    string,
    string,
    string,
    string,
  ];
  const model = modelOf(options.text("model") ?? "auto");
  const seed = options.whole("seed", 1, 0, Number.MAX_SAFE_INTEGER);
  const jobs = options.whole("jobs", availableParallelism(), 1, 256);
  const csv = await readCsv(file, [label]);
  if (csv.rows.length === 0) throw inputError("holds no rows", file);
  const labels = labelsOf(csv, label, options.text("positive"));
  const folds = await readFolds(foldFile, csv.rows.length);
  const { table, dropped, strays } = featureTable(csv, {
    leftOut: [...new Set([label, ...options.list("drop")])],
    categorical: options.list("categorical"),
  });
  for (const name of dropped) io.say(`left out: ${name}, as nearly every row has its own value\n`);
  for (const stray of strays) io.say(`${stray}\n`);

  const probabilities = new Float64Array(csv.rows.length);
  const all = Int32Array.from(folds.keys());
  const names = [...new Set(folds)].sort((a, b) => a - b);
  const inThreads = atMost(jobs, fitInWorker);
  const fitTrees: typeof inThreads = async (data, settings) =>
    data.labels.length < fewRows ? fitBoostedTrees(data, settings) : inThreads(data, settings);
  const progress = stderrProgress(io.say).share("learning");
  const done = new Float64Array(names.length);
  const reports = [];
  for (const [n, fold] of names.entries()) {
    const learned = all.filter((row) => folds[row] !== fold);
    const held = all.filter((row) => folds[row] === fold);
    const classifier = await fitClassifier(table, labels, learned, {
      model,
      seed,
      fitTrees,
      onProgress: (share) => {
        done[n] = share;
        progress(done.reduce((sum, one) => sum + one, 0) / names.length);
      },
    });
    classifier.predict(held).forEach((probability, at) => (probabilities[held[at]!] = probability));
    reports.push({ fold, ...classifier.report });
  }
  const lines = Array.from(probabilities, (probability, row) => `${row},${folds[row]},${probability}\n`);
  await writeAtomic(out, `row,fold,probability\n${lines.join("")}`);
  const facts = { command: "classify", rows: csv.rows.length, folds: names.length, model, seed };
  io.out(`${JSON.stringify({ ...facts, reports, ...costsSince(startedAt) })}\n`);
  return 0;
}

function modelOf(name: string): ClassifierModel {
  const found = classifierModels.find((known) => known === name);
  if (!found) throw inputError(`there is no model "${name}"; there are ${classifierModels.join(", ")}`);
  return found;
}

function labelsOf(csv: CsvTable, label: string, positive: string | undefined): Uint8Array {
  const values = new Set<string>();
  for (const { line, cells } of csv.rows) {
    const value = cells[label]!.trim();
    if (isNothing(value)) throw inputError(`has no ${label}`, csv.file, line);
    values.add(value);
    if (values.size > 2)
      throw inputError(
        `has a third value of ${label}, ${JSON.stringify(value)}; two are needed`,
        csv.file,
        line,
      );
  }
  if (values.size < 2) throw inputError(`has one value of ${label} alone; two are needed`, csv.file);
  const chosen = positive || [...values].find((value) => yes.has(value.toLowerCase()) || Number(value) === 1);
  if (chosen === undefined || !values.has(chosen)) {
    const told = [...values].map((value) => JSON.stringify(value)).join(" and ");
    throw inputError(`--positive must be one of ${told}, the values of ${label}`);
  }
  return Uint8Array.from(csv.rows, ({ cells }) => (cells[label]!.trim() === chosen ? 1 : 0));
}

/** The fold of every row. */
async function readFolds(file: string, rowCount: number): Promise<Int32Array> {
  const { rows } = await readCsv(file, ["row", "fold"]);
  const folds = new Int32Array(rowCount).fill(-1);
  for (const { line, cells } of rows) {
    const [row, fold] = [
      wholeCell(cells["row"]!, "row", file, line),
      wholeCell(cells["fold"]!, "fold", file, line),
    ];
    if (row >= rowCount) throw inputError(`names row ${row} of ${rowCount}, counted from 0`, file, line);
    if (folds[row] !== -1) throw inputError(`names row ${row} again`, file, line);
    folds[row] = fold;
  }
  const missing = folds.indexOf(-1);
  if (missing >= 0) throw inputError(`has no fold for row ${missing}`, file);
  if (new Set(folds).size < 2)
    throw inputError("has one fold alone; two are needed, to learn from another", file);
  return folds;
}

function wholeCell(text: string, name: string, file: string, line: number): number {
  if (!/^\d{1,9}$/.test(text.trim()))
    throw inputError(`has a ${name} that is no whole number: ${JSON.stringify(text)}`, file, line);
  return Number(text);
}
