import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError, isAppError } from "@almanac/kernel";

/** Lines of a plain or gzip file with their numbers from 1, read as a stream. A final empty line is not given. */
export async function* readLines(path: string): AsyncGenerator<{ text: string; line: number }> {
  let rest = "";
  let line = 0;
  try {
    const stream = await openText(path);
    for await (const chunk of stream) {
      const parts = (rest + String(chunk)).split("\n");
      rest = parts.pop()!;
      for (const part of parts) yield { text: part.endsWith("\r") ? part.slice(0, -1) : part, line: ++line };
    }
  } catch (error) {
    if (isAppError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("input_invalid", `${path}: cannot be read after line ${line} (${reason})`, {
      cause: error,
    });
  }
  if (rest !== "") yield { text: rest, line: ++line };
}

async function openText(path: string): Promise<Readable> {
  const file = await open(path);
  const head = Buffer.alloc(2);
  await file.read(head, 0, 2, 0);
  await file.close();
  const source = createReadStream(path);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return source.setEncoding("utf8");
  const plain = createGunzip();
  source.on("error", (error) => plain.destroy(error));
  return source.pipe(plain).setEncoding("utf8");
}

export interface CsvRow {
  readonly cells: readonly string[];
  /** Line on which the row starts. */
  readonly line: number;
}

/**
 * Rows of a CSV (RFC 4180, header first) as a stream.
 *
 * @throws AppError `input_invalid` for a missing header, an open quote, or a row with another number of cells
 */
export async function* readCsv(path: string): AsyncGenerator<CsvRow> {
  let width = -1;
  let pending = "";
  let startLine = 0;
  for await (const { text, line } of readLines(path)) {
    if (pending === "") startLine = line;
    const record = pending === "" ? text : `${pending}\n${text}`;
    if (record.includes('"') && (record.split('"').length - 1) % 2 === 1) {
      pending = record;
      continue;
    }
    pending = "";
    if (record === "" && width !== 1) continue;
    const cells = record.includes('"') ? splitQuoted(record) : record.split(",");
    if (width === -1) width = cells.length;
    if (cells.length !== width)
      throw new AppError(
        "input_invalid",
        `${path}:${startLine}: ${cells.length} cells where the header has ${width}`,
      );
    yield { cells, line: startLine };
  }
  if (pending !== "") throw new AppError("input_invalid", `${path}:${startLine}: a quote is not closed`);
  if (width === -1)
    throw new AppError("input_invalid", `${path}:1: the file is empty, a header was expected`);
}

function splitQuoted(record: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i]!;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (record[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === ",") {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  cells.push(cell);
  return cells;
}

/** Objects of a JSON-lines file with their line numbers; blank lines are skipped. */
export async function* readJsonLines(
  path: string,
): AsyncGenerator<{ value: Readonly<Record<string, unknown>>; line: number }> {
  for await (const { text, line } of readLines(path)) {
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new AppError("input_invalid", `${path}:${line}: not JSON`, { cause: error });
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new AppError("input_invalid", `${path}:${line}: not a JSON object`);
    yield { value: value as Record<string, unknown>, line };
  }
}
