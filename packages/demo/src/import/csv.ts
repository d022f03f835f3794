import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";

/** A row that cannot be used: names the file and the line, and says what is wrong. */
export class MalformedRowError extends Error {
  override readonly name = "MalformedRowError";

  constructor(path: string, line: number, problem: string) {
    super(`${basename(path)}, line ${line}: ${problem}`);
  }
}

export interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Rows of a CSV file with a header, plain or gzip, one at a time. Quoted cells may hold commas and doubled quotes, not
 * line breaks.
 *
 * @throws MalformedRowError when a wanted column is missing or a row has another number of cells than the header
 */
export async function* readCsv(path: string, wanted: readonly string[]): AsyncGenerator<CsvRow> {
  const file = createReadStream(path);
  const source = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.once("error", (error) => source.destroy(error));
  let header: string[] | undefined;
  let line = 0;
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      line += 1;
      if (text === "") continue;
      const cells = splitRow(text);
      if (!header) {
        header = cells;
        const missing = wanted.filter((name) => !cells.includes(name));
        if (missing.length > 0)
          throw new MalformedRowError(path, line, `the header lacks ${missing.join(", ")}`);
        continue;
      }
      if (cells.length !== header.length) {
        throw new MalformedRowError(
          path,
          line,
          `${cells.length} cells where the header has ${header.length}`,
        );
      }
      yield { line, values: Object.fromEntries(header.map((name, index) => [name, cells[index]!])) };
    }
  } catch (error) {
    if (error instanceof MalformedRowError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedRowError(path, line + 1, `cannot be read (${reason})`);
  }
  if (!header) throw new MalformedRowError(path, 1, "the file is empty");
}

function splitRow(text: string): string[] {
  if (!text.includes('"')) return text.split(",");
  const cells: string[] = [];
  for (const match of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ""));
  }
  return cells;
}
