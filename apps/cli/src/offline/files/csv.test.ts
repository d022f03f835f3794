import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseCsv, readCsv } from "./csv.ts";
import { writeAtomic, writeLines } from "./write-atomic.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-csv-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const cellsOf = (text: string): unknown[] =>
  parseCsv(text, "f.csv").rows.map((row) => Object.values(row.cells));

describe("reading CSV", () => {
  it.each([
    ["a,b\n1,2\n", [["1", "2"]]],
    ["a,b\r\n1,2", [["1", "2"]]],
    ['a,b\n"x, y","say ""hi"""\n', [["x, y", 'say "hi"']]],
    ['a,b\n"two\nlines",2\n', [["two\nlines", "2"]]],
    ["a,b\n,\n", [["", ""]]],
    ["a,b\n1,", [["1", ""]]],
    ["\uFEFFa\n1\n\n2\n", [["1"], ["2"]]],
    ["a\n", []],
  ])("reads %j", (text, rows) => {
    expect(cellsOf(text)).toEqual(rows);
  });

  it("counts lines through cells of several lines", () => {
    expect(parseCsv('a,b\n"x\ny",1\n3,4\n', "f.csv").rows.map((row) => row.line)).toEqual([2, 4]);
  });

  it.each([
    ["", "f.csv: is empty, a header row is needed"],
    ["a,b\n1\n", "f.csv:2: has 1 cells where the header has 2"],
    ['a,b\n1,2\n1,"2\n', "f.csv:3: opens a quote that is never closed"],
    ['a,b\n1,2"\n', "f.csv:2: has a quote out of place"],
    ['a,b\n1,"2"x\n', "f.csv:2: has a quote out of place"],
    ["b\n1\n", 'f.csv:1: has no column "a"'],
    ["a,a\n1,2\n", 'f.csv:1: has the column "a" twice'],
  ])("refuses %j by file and line", (text, message) => {
    expect(() => parseCsv(text, "f.csv", ["a"])).toThrow(message);
  });

  it("unpacks gzip by its first bytes and refuses what is no text", async () => {
    const file = join(folder, "packed.csv");
    await writeFile(file, gzipSync("a\nä\n"));
    expect((await readCsv(file)).rows[0]!.cells).toEqual({ a: "ä" });
    await writeFile(file, gzipSync("a\n1\n").subarray(0, 12));
    await expect(readCsv(file)).rejects.toThrow("is not a whole gzip file");
    await writeFile(file, Buffer.from([0x61, 0xff, 0xfe]));
    await expect(readCsv(file)).rejects.toThrow("is not UTF-8 text");
    await expect(readCsv(join(folder, "none.csv"))).rejects.toThrow("cannot be read (ENOENT)");
  });
});

describe("writing a file whole or not at all", () => {
  it("replaces what was there and leaves nothing beside it", async () => {
    const file = join(folder, "out.jsonl");
    await writeAtomic(file, "one");
    await writeAtomic(file, "two");
    expect(await readFile(file, "utf8")).toBe("two");
    expect(await readdir(folder)).toEqual(["out.jsonl"]);
  });

  it("writes what a link points to, and into a pipe without putting a file in its place", async () => {
    const file = join(folder, "out.jsonl");
    const link = join(folder, "link.jsonl");
    await writeFile(file, "before");
    await symlink(file, link);
    await writeAtomic(link, "one");
    expect(await readFile(file, "utf8")).toBe("one");
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const [read] = await Promise.all([readFile(pipe, "utf8"), writeAtomic(pipe, "two")]);
    expect(read).toBe("two");
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(["link.jsonl", "out.jsonl", "pipe"]);
  });

  it("ends every line, however many there are and whichever is the last of a part", async () => {
    const file = join(folder, "out.jsonl");
    for (const count of [0, 1, 2_000, 4_001]) {
      const lines = Array.from({ length: count }, (_, n) => `${n}`);
      await writeLines(file, lines);
      expect(await readFile(file, "utf8")).toBe(lines.map((line) => `${line}\n`).join(""));
    }
  });

  it("packs what is named as gzip, in one part, in several or in none", async () => {
    const file = join(folder, "out.jsonl.gz");
    for (const count of [0, 1, 4_001]) {
      const lines = Array.from({ length: count }, (_, n) => `${n}`);
      await writeLines(file, lines);
      expect(gunzipSync(await readFile(file)).toString()).toBe(lines.map((line) => `${line}\n`).join(""));
      expect(spawnSync("gzip", ["-t", file]).status).toBe(0);
    }
  });

  it("leaves what was there when its lines fail, and nothing beside it", async () => {
    const file = join(folder, "out.jsonl");
    await writeFile(file, "before");
    const failing = (function* () {
      yield "half";
      throw new Error("no more");
    })();
    await expect(writeLines(file, failing)).rejects.toThrow("no more");
    expect(await readFile(file, "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["out.jsonl"]);
  });

  it("says when the place cannot be written", async () => {
    await expect(writeAtomic(folder, "x")).rejects.toThrow("cannot be written (is a folder)");
    await expect(writeAtomic(join(folder, "no", "out.jsonl"), "x")).rejects.toThrow("cannot be written");
  });
});
