import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { almanac } from "../../almanac.ts";

let folder: string;
let stdout = "";
let stderr = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-streams-"));
  stdout = "";
  stderr = "";
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(command: string, text: string): Promise<number> {
  await writeFile(join(folder, "in.jsonl"), text);
  return almanac([command, "--in", join(folder, "in.jsonl"), "--out", join(folder, "out.jsonl")], {
    env: {},
    stdin: process.stdin,
    out: (more) => void (stdout += more),
    say: (more) => void (stderr += more),
  });
}
const written = async (): Promise<Record<string, unknown>[]> =>
  (await readFile(join(folder, "out.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const weeks = Array.from({ length: 140 }, (_, t) => [9, 4, 5, 6, 8, 14, 12][t % 7]! + ((t * 31) % 5) / 5);

describe("almanac season", () => {
  it("says how long the season is, whatever the line claims, and 1 where there is none", async () => {
    const lines = [
      { id: "a", m: 12, y: weeks },
      { id: "b", y: [1, null, 2] },
      { id: "c", y: [] },
    ];
    expect(await run("season", lines.map((line) => JSON.stringify(line)).join("\n"))).toBe(0);
    expect(await written()).toEqual([
      { id: "a", season: 7 },
      { id: "b", season: 1 },
      { id: "c", season: 1 },
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ command: "season", rows: 3, seasonal: 1 });
  });

  it("refuses a line without values", async () => {
    expect(await run("season", '{"id":"a"}')).toBe(2);
    expect(stderr).toContain('in.jsonl:1: needs an array "y"');
    expect(await readdir(folder)).toEqual(["in.jsonl"]);
  });
});

describe("almanac anomalies", () => {
  it("scores each value in 0 to 1 with one threshold, and a gap 0", async () => {
    const y: (number | null)[] = Array.from({ length: 400 }, (_, t) => 10 + ((t * 17) % 7));
    y[100] = null;
    y[300] = 500;
    expect(await run("anomalies", JSON.stringify({ id: "a", t0: 0, step: 300, gaps: [[7, 900]], y }))).toBe(
      0,
    );
    const [{ scores, threshold }] = (await written()) as [{ scores: number[]; threshold: number }];
    expect(scores).toHaveLength(400);
    expect(scores[100]).toBe(0);
    expect(scores[300]).toBeGreaterThanOrEqual(threshold);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it.each([
    ['{"id":"a","step":0,"y":[1]}', '"step" must be above 0'],
    ['{"id":"a","step":1,"gaps":[1],"y":[1]}', '"gaps" must hold pairs'],
    ["", "holds no series"],
  ])("refuses %j", async (text, message) => {
    expect(await run("anomalies", text)).toBe(2);
    expect(stderr).toContain(message);
  });
});
