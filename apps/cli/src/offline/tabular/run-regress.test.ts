import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { almanac } from "../../almanac.ts";

let folder: string;
let stdout = "";
let stderr = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-regress-"));
  stdout = "";
  stderr = "";
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const rows = Array.from({ length: 60 }, (_, row) => {
  const [crop, year] = [row % 3, 2000 + Math.floor(row / 3)];
  return `crop ${crop},${year},${10 * (crop + 1) + year - 2000},${year < 2016 ? "train" : "test"}`;
});
const table = `crop,year,yield,split\n${rows.join("\n")}\n`;

async function regress(text: string, ...more: string[]): Promise<number> {
  await writeFile(join(folder, "t.csv"), text);
  const named = [
    "--in",
    join(folder, "t.csv"),
    "--label",
    "yield",
    "--split",
    "split",
    "--out",
    join(folder, "p.csv"),
  ];
  return almanac(["regress", ...named, ...more], {
    env: {},
    stdin: process.stdin,
    out: (text) => void (stdout += text),
    say: (text) => void (stderr += text),
  });
}
const written = async (): Promise<number[][]> =>
  (await readFile(join(folder, "p.csv"), "utf8"))
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));

describe("almanac regress", () => {
  it("predicts the test rows with bounds, by the past of their group where it is told the time", async () => {
    expect(await regress(table, "--time", "year", "--group", "crop")).toBe(0);
    const told = await written();
    expect(told.map(([row]) => row)).toEqual(Array.from({ length: 12 }, (_, at) => 48 + at));
    for (const [row, mean, lower, upper] of told) {
      expect(lower).toBeLessThanOrEqual(mean!);
      expect(upper).toBeGreaterThanOrEqual(mean!);
      expect(Math.abs(mean! - Number(rows[row!]!.split(",")[2]))).toBeLessThan(3);
    }
    expect(JSON.parse(stdout)).toMatchObject({ command: "regress", rows: 12, learned: 48 });
  });

  it("needs no label of a test row", async () => {
    const without = table.replaceAll(/,\d+,test/g, ",,test");
    expect(await regress(without)).toBe(0);
    expect((await written()).flat().every(Number.isFinite)).toBe(true);
    expect(await regress(without, "--time", "year", "--group", "crop")).toBe(0);
    expect((await written()).flat().every(Number.isFinite)).toBe(true);
  });

  it("learns from awkward columns: empty, constant, of words that are nearly all different, half missing, enormous", async () => {
    const awkward = rows.map(
      (row, at) => `,same,w${at},${at % 2 === 0 ? at : ""},${at % 7 === 0 ? 1e300 : at},${row}`,
    );
    const text = `none,one,words,half,large,crop,year,yield,split\n${awkward.join("\n")}\n`;
    for (const more of [[], ["--time", "year", "--group", "crop"]]) {
      expect(await regress(text, ...more)).toBe(0);
      const told = await written();
      expect(told).toHaveLength(12);
      for (const [, mean, lower, upper] of told) {
        expect([mean, lower, upper].every(Number.isFinite)).toBe(true);
        expect(lower! <= mean! && mean! <= upper!).toBe(true);
      }
    }
  });

  it("says the one value that it knows, and something finite of very few rows", async () => {
    expect(await regress(table.replaceAll(/,\d+,train/g, ",7,train"))).toBe(0);
    for (const [, mean] of await written()) expect(mean).toBeCloseTo(7, 6);
    expect(await regress("size,yield,split\n1,2,train\n2,3,test\n")).toBe(0);
    expect((await written()).flat().every(Number.isFinite)).toBe(true);
  });

  it("refuses a file that is not there, and one that is no text", async () => {
    expect(await regress(table, "--in", join(folder, "nowhere.csv"))).toBe(2);
    expect(stderr).toContain("nowhere.csv");
    expect(await regress("\u0000\u0001\u0002")).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(2);
    expect(await readdir(folder)).not.toContain("p.csv");
  });

  it.each([
    ["", [], "t.csv: is empty"],
    ["crop,year,yield,split\n", [], "t.csv: has no row to learn from"],
    [`${table}a,1\n`, [], "t.csv:62: has 2 cells where the header has 4"],
    [table.replace("2000,10,train", "2000,,train"), [], 't.csv:2: has a yield that is no finite number: ""'],
    [table.replace("2000,10,train", "2000,1e999,train"), [], "t.csv:2: has a yield that is no finite number"],
    [table.replace("2000,10,train", "2000,NaN,train"), [], "t.csv:2: has a yield that is no finite number"],
    [
      table.replace("2000,10,train", ",10,train"),
      ["--time", "year"],
      "t.csv:2: has a year that is no finite number",
    ],
    [table, ["--time", "year", "--group", "farm"], 'has no column "farm"'],
    [table, ["--drop", "size"], 'has no column "size"'],
    [table, ["--categorical", "size"], 'has no column "size"'],
    [table, ["--label", "weight"], 'has no column "weight"'],
    [table, ["--seed", "one"], "--seed"],
    [table, ["--jobs", "0"], "--jobs"],
    [table, ["--out", join("/nowhere", "p.csv")], "/nowhere"],
    ["crop,year,yield\na,1,2\n", [], 't.csv:1: has no column "split"'],
    [table.replaceAll("train", "test"), [], "t.csv: has no row to learn from"],
    [table.replaceAll("test", "train"), [], "t.csv: has no row to predict"],
    [table.replace("2000,10,train", "2000,10,later"), [], 't.csv:2: has the split "later"'],
    [
      table.replace("2000,10,train", "2000,ten,train"),
      [],
      't.csv:2: has a yield that is no finite number: "ten"',
    ],
    [
      table.replace("2000,10,train", "then,10,train"),
      ["--time", "year"],
      "t.csv:2: has a year that is no finite number",
    ],
    [table, ["--group", "crop"], "--group needs --time"],
    [table, ["--time", "month"], 'has no column "month"'],
    [table, ["--drop", "crop,year"], "has no column to learn from"],
    [table, ["--levels", "80"], "Unknown option"],
  ])("refuses %j %j with one sentence, and writes nothing", async (text, more, message) => {
    expect(await regress(text, ...more)).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(await readdir(folder)).not.toContain("p.csv");
  });
});
