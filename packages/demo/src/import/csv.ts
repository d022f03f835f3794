import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { AppError, isAppError } from "@almanac/kernel";

/** The refusal of a row that cannot be used: names the file and the line, and says what is wrong. */
export function malformedRow(path: string, line: number, problem: string): AppError {
  return new AppError("input_invalid", `${basename(path)}, line ${line}: ${problem}`, {
    details: { file: basename(path), line },
  });
}

export interface CsvRow {
  readonly line: number;
  /** The cell of a wanted column, or of another one of the header; empty when there is no such column. */
  readonly cell: (name: string) => string;
}

/**
 * Rows of a CSV file with a header, plain or gzip, one at a time. Quoted cells may hold commas and doubled quotes, not
 * line breaks. Empty lines are passed over.
 *
 * @param wanted columns that the header must have
 * @throws AppError `input_invalid` naming file and line, when a wanted column is missing, a row has another number of
 * cells than the header, a quote is not closed, or the file cannot be read to its end
 */
export async function* readCsv(path: string, wanted: readonly string[]): AsyncGenerator<CsvRow> {
  const file = createReadStream(path);
  const source = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.once("error", (error) => source.destroy(error));
  let columns: ReadonlyMap<string, number> | undefined;
  let line = 0;
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      line += 1;
      if (text === "") continue;
      const cells = splitRow(text);
      if (!cells) throw malformedRow(path, line, "a quoted cell is not closed or goes on after its quote");
      if (!columns) {
        columns = readHeader(path, line, cells, wanted);
        continue;
      }
      if (cells.length !== columns.size) {
        throw malformedRow(path, line, `${cells.length} cells where the header has ${columns.size}`);
      }
      const found = columns;
      yield { line, cell: (name) => cells[found.get(name) ?? -1] ?? "" };
    }
  } catch (error) {
    if (isAppError(error, "input_invalid")) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw malformedRow(path, line + 1, `cannot be read (${reason})`);
  }
  if (!columns) throw malformedRow(path, 1, "the file is empty");
}

function readHeader(
  path: string,
  line: number,
  cells: readonly string[],
  wanted: readonly string[],
): ReadonlyMap<string, number> {
  const names = cells.map((name, index) => (index === 0 ? name.replace(/^\uFEFF/, "") : name));
  const columns = new Map(names.map((name, index) => [name, index]));
  if (columns.size !== names.length) throw malformedRow(path, line, "the header names a column twice");
  const missing = wanted.filter((name) => !columns.has(name));
  if (missing.length > 0) throw malformedRow(path, line, `the header lacks ${missing.join(", ")}`);
  return columns;
}

/** @returns `undefined` for a row whose quotes do not match */
function splitRow(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(",");
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/y;
  for (let at = 0; at <= text.length;) {
    cell.lastIndex = at;
    const match = cell.exec(text);
    if (!match) return undefined;
    cells.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ""));
    at = cell.lastIndex;
    if (!match[0].endsWith(",")) break;
    if (at === text.length) {
      cells.push("");
      break;
    }
  }
  return cells;
}
