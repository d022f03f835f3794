import { fitInWorker, fitRegressor, predictGroups, type Prediction } from "@almanac/ml";
import { availableParallelism } from "node:os";
import { costsSince, type CommandIo } from "../../command.ts";
import { readCsv, type CsvTable } from "../files/csv.ts";
import { inputError } from "../files/input-error.ts";
import { writeAtomic } from "../files/write-atomic.ts";
import { atMost } from "./at-most.ts";
import { featureTable } from "./feature-columns.ts";
import { readTabularOptions } from "./options.ts";

export const regressHelp = `almanac regress --in t.csv --label COL --split COL --out p.csv [options]

Predicts a number, with an interval that holds it in 80 of 100 cases.

  --in FILE          CSV, plain or gzip; an empty cell is a value that is not known
  --label COL        the column to predict
  --split COL        rows marked train and valid are learned from, rows marked test are predicted
  --time COL         a test row may use the labels of its group's earlier rows, test rows included
  --group A,B        the columns that name a group, such as country and crop; with --time only
  --drop A,B         columns that are not learned from
  --categorical A,B  columns of numbers that are only names
  --out FILE         CSV row,prediction,lo80,hi80; rows are counted from 0
  --jobs N           threads, as many as the machine has cores unless told; the numbers are the same with any
  --seed N           1 unless told

The last line on stdout is a summary in JSON. Exit code 2: bad input, nothing written.
`;

const optionNames = ["in", "label", "split", "time", "group", "drop", "categorical", "out", "jobs", "seed"];

/**
 * `almanac regress`: see `regressHelp`.
 *
 * @returns the exit code
 * @throws AppError `input_invalid` for bad options and bad input; nothing is written then
 */
export async function runRegress(argv: readonly string[], io: CommandIo): Promise<number> {
  const startedAt = performance.now();
  const options = readTabularOptions(argv, optionNames);
  if (options.help) {
    io.out(regressHelp);
    return 0;
  }
  const [file, label, split, out] = ["in", "label", "split", "out"].map(options.needed) as [
    string,
    string,
    string,
    string,
  ];
  const time = options.text("time");
  const group = options.list("group");
  if (group.length > 0 && time === undefined)
    throw inputError("--group needs --time: a group is read in its order");
  const seed = options.whole("seed", 1, 0, Number.MAX_SAFE_INTEGER);
  const jobs = options.whole("jobs", availableParallelism(), 1, 256);
  const csv = await readCsv(file, [label, split, ...(time ? [time] : []), ...group]);
  const parts = splitRows(csv, split);
  const labels = numbers(csv, label, time ? "any" : "learned", parts.learned);
  const { table, dropped, strays } = featureTable(csv, {
    leftOut: [...new Set([label, split, ...options.list("drop")])],
    categorical: options.list("categorical"),
  });
  for (const name of dropped) io.say(`left out: ${name}, as nearly every row has its own value\n`);
  for (const stray of strays) io.say(`${stray}\n`);
  const settings = { seed, fitTrees: atMost(jobs, fitInWorker) };
  const { members, ...told } =
    time === undefined
      ? await plainly()
      : await predictGroups(
          { table, labels, groups: groupsOf(csv, group), times: numbers(csv, time, "all", []) },
          parts.learned,
          parts.wanted,
          settings,
        );
  const low = nonNegative(labels, parts.learned);
  await writeAtomic(out, linesOf(parts.wanted, told, low));
  const facts = { command: "regress", rows: parts.wanted.length, learned: parts.learned.length, seed };
  io.out(`${JSON.stringify({ ...facts, members, ...costsSince(startedAt) })}\n`);
  return 0;

  async function plainly() {
    const { predict, members } = await fitRegressor(table, labels, parts.learned, settings);
    return { ...predict(parts.wanted), members };
  }
}

function splitRows(csv: CsvTable, split: string): { learned: Int32Array; wanted: Int32Array } {
  const learned: number[] = [];
  const wanted: number[] = [];
  csv.rows.forEach(({ line, cells }, row) => {
    const mark = cells[split]!.trim().toLowerCase();
    if (mark === "train" || mark === "valid") learned.push(row);
    else if (mark === "test") wanted.push(row);
    else
      throw inputError(
        `has the ${split} ${JSON.stringify(cells[split])}; it is train, valid or test`,
        csv.file,
        line,
      );
  });
  if (learned.length === 0) throw inputError("has no row to learn from, marked train or valid", csv.file);
  if (wanted.length === 0) throw inputError("has no row to predict, marked test", csv.file);
  return { learned: Int32Array.from(learned), wanted: Int32Array.from(wanted) };
}

/** A column of finite numbers; test rows may lack a label, which then nobody can use. */
function numbers(
  csv: CsvTable,
  name: string,
  needed: "all" | "any" | "learned",
  learned: ArrayLike<number>,
): Float64Array {
  const isLearned = new Set(Array.from(learned));
  return Float64Array.from(csv.rows, ({ line, cells }, row) => {
    const cell = cells[name]!.trim();
    const value = cell === "" ? NaN : Number(cell);
    const mayLack = needed !== "all" && !isLearned.has(row) && (needed === "learned" || cell === "");
    if (!Number.isFinite(value) && !mayLack)
      throw inputError(
        `has a ${name} that is no finite number: ${JSON.stringify(cells[name])}`,
        csv.file,
        line,
      );
    return value;
  });
}

/** A number for every row: the same where all of these columns are. */
function groupsOf(csv: CsvTable, names: readonly string[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(csv.rows, ({ cells }) => {
    const key = JSON.stringify(names.map((name) => cells[name]));
    let group = known.get(key);
    if (group === undefined) known.set(key, (group = known.size));
    return group;
  });
}

/** 0 where no learned label is below it, as no prediction should be then either. */
function nonNegative(labels: Float64Array, learned: Int32Array): number {
  return learned.every((row) => labels[row]! >= 0) ? 0 : -Infinity;
}

function linesOf(rows: Int32Array, { mean, lower, upper }: Prediction, least: number): string {
  const kept = (value: number): number => Math.max(least, value);
  const lines = Array.from(
    rows,
    (row, at) => `${row},${kept(mean[at]!)},${kept(lower[at]!)},${kept(upper[at]!)}\n`,
  );
  return `row,prediction,lo80,hi80\n${lines.join("")}`;
}
