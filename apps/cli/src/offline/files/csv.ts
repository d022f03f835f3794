import { inputError } from "./input-error.ts";
import { readText } from "./read-text.ts";

/** A row of a CSV file: its cells by column name, and the line it starts on (1 is the header). */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

/**
 * Reads a CSV file (RFC 4180, plain or gzip) whose first row names the columns.
 *
 * @param required columns that must be there
 * @throws AppError `input_invalid` with file and line for an unreadable file, a missing or repeated column, a row with another number
 *         of cells than the header, or a quote out of place
 */
export async function readCsv(file: string, required: readonly string[] = []): Promise<CsvTable> {
  return parseCsv(await readText(file), file, required);
}

/** `readCsv` for a text in hand; `file` is for the messages. */
export function parseCsv(text: string, file: string, required: readonly string[] = []): CsvTable {
  const [header, ...records] = csvRecords(text, file);
  if (header === undefined) throw inputError("is empty, a header row is needed", file);
  const columns = header.cells;
  for (const column of required) {
    if (!columns.includes(column)) throw inputError(`has no column "${column}"`, file, 1);
  }
  const repeated = columns.find((column, at) => columns.indexOf(column) !== at);
  if (repeated !== undefined) throw inputError(`has the column "${repeated}" twice`, file, 1);
  const rows = records.map(({ line, cells }): CsvRow => {
    if (cells.length !== columns.length) {
      throw inputError(`has ${cells.length} cells where the header has ${columns.length}`, file, line);
    }
    return { line, cells: Object.fromEntries(columns.map((column, at) => [column, cells[at]!])) };
  });
  return { file, columns, rows };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: string[];
}

/** Records of the text; empty lines between them are skipped. */
function csvRecords(text: string, file: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let recordLine = 1;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length || cells.length > 0) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at) : cellEnd(text, at);
    if (end === -1) throw inputError("opens a quote that is never closed", file, line);
    const cell = text.slice(quoted ? at + 1 : at, end);
    if (!quoted && cell.includes('"')) throw inputError("has a quote out of place", file, line);
    cells.push(quoted ? cell.replaceAll('""', '"') : cell.replace(/\r$/, ""));
    if (quoted) for (const char of cell) if (char === "\n") line++;
    at = quoted ? end + 1 : end;
    if (text[at] === "\r" && (text[at + 1] === "\n" || at + 1 === text.length)) at++;
    const separator = text[at];
    at++;
    if (separator === ",") continue;
    if (separator !== undefined && separator !== "\n")
      throw inputError("has a quote out of place", file, line);
    if (cells.length > 1 || quoted || cells[0] !== "") records.push({ line: recordLine, cells });
    cells = [];
    line++;
    recordLine = line;
  }
  return records;
}

function cellEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "," && text[at] !== "\n") at++;
  return at;
}

/** Where the quote that opens at `from` closes, -1 when it never does; two quotes in a row are one in the cell. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
