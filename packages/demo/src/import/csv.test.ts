import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";

describe("reading CSV", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "almanac-csv-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (content: string | Uint8Array, name = "rows.csv"): Promise<string[][]> => {
    const path = join(folder, name);
    await writeFile(path, content);
    const found: string[][] = [];
    for await (const { line, cell } of readCsv(path, ["a", "b"]))
      found.push([String(line), cell("a"), cell("b")]);
    return found;
  };

  it("gives cells by the names of the header, with the number of their line", async () => {
    expect(await read("b,a\n2,1\n\n4,3\n")).toEqual([
      ["2", "1", "2"],
      ["4", "3", "4"],
    ]);
  });

  it("reads gzip, Windows line ends and a byte order mark", async () => {
    expect(await read(gzipSync("a,b\r\n1,2\r\n"), "rows.csv.gz")).toEqual([["2", "1", "2"]]);
    expect(await read("\uFEFFa,b\n1,2\n")).toEqual([["2", "1", "2"]]);
  });

  it("understands quoted cells with commas, doubled quotes and nothing in them", async () => {
    expect(await read('a,b\n"x, y","he said ""no"""\n"",\n')).toEqual([
      ["2", "x, y", 'he said "no"'],
      ["3", "", ""],
    ]);
  });

  it.each([
    ["a,c\n1,2\n", "line 1: the header lacks b"],
    ["a,b,a\n1,2,3\n", "line 1: the header names a column twice"],
    ["a,b\n1,2\n1,2,3\n", "line 3: 3 cells where the header has 2"],
    ['a,b\n"1,2\n', "line 2: a quoted cell is not closed"],
    ['a,b\n"1"x,2\n', "line 2: a quoted cell is not closed or goes on"],
    ["", "line 1: the file is empty"],
  ])("refuses %j by file and line", async (content, problem) => {
    await expect(read(content)).rejects.toThrow(`rows.csv, ${problem}`);
  });

  it("refuses a file that breaks off, and one that is not there", async () => {
    const whole = gzipSync(`a,b\n${"1,2\n".repeat(5_000)}`);
    await expect(read(whole.subarray(0, whole.length - 20), "cut.csv.gz")).rejects.toThrow(
      /cut\.csv\.gz, line \d+/,
    );
    const absent = readCsv(join(folder, "absent.csv"), []);
    await expect(absent.next()).rejects.toThrow("absent.csv, line 1: cannot be read");
  });
});
