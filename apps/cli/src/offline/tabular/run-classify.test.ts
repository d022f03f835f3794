import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { almanac } from "../../almanac.ts";

let folder: string;
let stdout = "";
let stderr = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-classify-"));
  stdout = "";
  stderr = "";
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const table = `id,colour,weight,buys\n${Array.from({ length: 120 }, (_, row) => `c${row},${row % 3 ? "red" : "green"},${row % 7},${row % 3 ? "Yes" : "No"}`).join("\n")}\n`;
const folds = `row,fold\n${Array.from({ length: 120 }, (_, row) => `${row},${row % 2}`).join("\n")}\n`;

async function classify(files: { table?: string; folds?: string }, ...more: string[]): Promise<number> {
  const at = (name: string) => join(folder, name);
  await writeFile(at("t.csv"), files.table ?? table);
  await writeFile(at("f.csv"), files.folds ?? folds);
  return almanac(
    [
      "classify",
      "--in",
      at("t.csv"),
      "--label",
      "buys",
      "--folds",
      at("f.csv"),
      "--out",
      at("p.csv"),
      ...more,
    ],
    {
      env: {},
      stdin: process.stdin,
      out: (text) => void (stdout += text),
      say: (text) => void (stderr += text),
    },
  );
}

describe("almanac classify", () => {
  it("writes a probability of every row, by a model that never saw its fold", async () => {
    const none = ["drop", "categorical", "positive", "jobs", "seed"].flatMap((name) => [`--${name}`, ""]);
    expect(await classify({}, "--model", "logistic", ...none)).toBe(0);
    const [header, ...rows] = (await readFile(join(folder, "p.csv"), "utf8")).trim().split("\n");
    expect(header).toBe("row,fold,probability");
    expect(rows).toHaveLength(120);
    const probability = (row: number) => Number(rows[row]!.split(",")[2]);
    expect(probability(1)).toBeGreaterThan(0.9);
    expect(probability(0)).toBeLessThan(0.1);
    expect(stderr).toContain("left out: id");
    expect(JSON.parse(stdout)).toMatchObject({ command: "classify", rows: 120, folds: 2, model: "logistic" });
  });

  it("learns from awkward columns: empty, constant, of dates, of thousands of words, half missing", async () => {
    const lines = Array.from({ length: 120 }, (_, row) => {
      const day = `2024-0${1 + (row % 9)}-1${row % 10}`;
      return `,same,${day},word ${row % 50},${row % 2 ? row : ""},${row % 3 ? "1.0" : "0.0"}`;
    });
    const awkward = `empty,constant,day,word,half,buys\n${lines.join("\n")}\n`;
    expect(await classify({ table: awkward }, "--jobs", "1")).toBe(0);
    const rows = (await readFile(join(folder, "p.csv"), "utf8")).trim().split("\n").slice(1);
    for (const row of rows) {
      const probability = Number(row.split(",")[2]);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }
  }, 60_000);

  it("learns from few rows, of which one number is a word, and says so", async () => {
    const lines = Array.from(
      { length: 60 },
      (_, row) => `${row === 7 ? "unknown" : `"$${1 + row},${100 + row}"`},${row % 5},${row >= 30 ? 1 : 0}`,
    );
    const small = `income,id,buys\n${lines.join("\n")}\n`;
    const halves = `row,fold\n${lines.map((_, row) => `${row},${row % 3}`).join("\n")}\n`;
    expect(await classify({ table: small, folds: halves }, "--jobs", "1")).toBe(0);
    expect(stderr).toContain("income: 1 cells are no numbers, and taken as not known");
    const rows = (await readFile(join(folder, "p.csv"), "utf8")).trim().split("\n").slice(1);
    const probability = (row: number) => Number(rows[row]!.split(",")[2]);
    expect(probability(55)).toBeGreaterThan(0.7);
    expect(probability(2)).toBeLessThan(0.3);
  }, 60_000);

  it("tells one in a hundred from the others, in text with quotes and lines, with levels that it has not seen", async () => {
    const lines = Array.from({ length: 1_600 }, (_, row) => {
      const isRare = row % 100 === 99;
      return `${row % 40},"said ""no"",\nthen ${row % 4}",${row < 800 ? "old" : `new ${row % 3}`},${isRare ? 50 + (row % 7) : row % 50},${isRare}`;
    });
    const rare = `id,text,shop,amount,buys\n${lines.join("\n")}\n`;
    const halves = `row,fold\n${lines.map((_, row) => `${row},${row < 800 ? 0 : 1}`).join("\n")}\n`;
    expect(await classify({ table: rare, folds: halves }, "--jobs", "1", "--model", "logistic")).toBe(0);
    const told = (await readFile(join(folder, "p.csv"), "utf8")).trim().split("\n").slice(1);
    const probabilities = told.map((row) => Number(row.split(",")[2]));
    const rest = probabilities.filter((_, row) => row % 100 !== 99);
    const rareOnes = probabilities.filter((_, row) => row % 100 === 99);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(rest)).toBeLessThan(0.02);
    expect(mean(rareOnes)).toBeGreaterThan(10 * mean(rest));
  }, 60_000);

  it("says the share where it is told to know nothing else, by the value that counts", async () => {
    expect(await classify({}, "--model", "prior", "--positive", "No")).toBe(0);
    const rows = (await readFile(join(folder, "p.csv"), "utf8")).trim().split("\n").slice(1);
    for (const row of rows) expect(Number(row.split(",")[2])).toBeCloseTo(1 / 3, 1);
  });

  it.each([
    [{ table: "" }, [], "t.csv: is empty"],
    [{ table: "id,colour\n1,red\n" }, [], 't.csv:1: has no column "buys"'],
    [{ table: "id,buys\n" }, [], "t.csv: holds no rows"],
    [{ table: "id,buys\n1,Yes,3\n" }, [], "t.csv:2: has 3 cells where the header has 2"],
    [{ table: table.replace("c5,red,5,Yes", "c5,red,5,") }, [], "t.csv:7: has no buys"],
    [{ table: table.replace("c5,red,5,Yes", "c5,red,5,NaN") }, [], "t.csv:7: has no buys"],
    [{ table: table.replace("c5,red,5,Yes", "c5,red,5,Maybe") }, [], 'has a third value of buys, "Maybe"'],
    [{ table: table.replaceAll(",No", ",Yes") }, [], "has one value of buys alone"],
    [{ folds: "row,fold\n0,0\n" }, [], "f.csv: has no fold for row 1"],
    [{ folds: `${folds}0,1\n` }, [], "f.csv:122: names row 0 again"],
    [{ folds: `${folds}900,1\n` }, [], "f.csv:122: names row 900 of 120"],
    [{ folds: folds.replace("3,1", "3,x") }, [], 'f.csv:5: has a fold that is no whole number: "x"'],
    [{ folds: folds.replaceAll(",1", ",0") }, [], "has one fold alone"],
    [{}, ["--positive", "Perhaps"], "--positive must be one of"],
    [{}, ["--drop", "size"], 'has no column "size"'],
    [{}, ["--drop", "id,colour,weight"], "has no column to learn from"],
    [{}, ["--model", "oracle"], 'there is no model "oracle"'],
    [{}, ["--depth", "3"], "Unknown option"],
  ])("refuses %j %j with one sentence, and writes nothing", async (files, more, message) => {
    expect(await classify(files, ...more)).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(await readdir(folder)).not.toContain("p.csv");
  });
});
