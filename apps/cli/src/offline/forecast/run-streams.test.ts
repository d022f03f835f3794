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

async function run(command: string, text: string, ...more: string[]): Promise<number> {
  await writeFile(join(folder, "in.jsonl"), text);
  const files = ["--in", join(folder, "in.jsonl"), "--out", join(folder, "out.jsonl")];
  return almanac([command, ...files, ...more], {
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

describe("an empty option", () => {
  it.each([
    ["season", []],
    ["anomalies", []],
    ["reconcile", ["--by", "", "--every", "", "--method", ""]],
    ["backtest", ["--models", "", "--origins", ""]],
  ])("of %s means none", async (command, more) => {
    expect(await run(command, JSON.stringify({ id: "a", y: weeks, h: 2 }), "--seed", "", ...more)).toBe(0);
    expect(stderr).toBe("");
  });
});

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

  it("reads nothing but the history: neither the season that it is to find, nor columns, nor a horizon", async () => {
    const line = { id: "a", m: 30.4, h: "soon", price: [1, 2], tags: ["stall"], y: weeks };
    expect(await run("season", JSON.stringify(line))).toBe(0);
    expect(await written()).toEqual([{ id: "a", season: 7 }]);
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
    ['{"id":"a","step":1,"gaps":[[1,1e999]],"y":[1]}', '"gaps" must hold pairs'],
    ['{"id":"a","t0":1e999,"y":[1]}', '"t0" must be a number'],
    ['{"id":"a","step":1e999,"y":[1]}', '"step" must be above 0'],
    ['{"id":"a","t0":1e308,"step":1e308,"y":[1,2]}', "runs beyond any time"],
    ['{"id":"a","y":[1]}\n{"id":"a","y":[2]}', 'in.jsonl:2: has the id "a" again'],
    ["", "holds no series"],
  ])("refuses %j", async (text, message) => {
    expect(await run("anomalies", text)).toBe(2);
    expect(stderr).toContain(message);
  });
});

interface Summed {
  readonly summary: { model: string; demand: string; coverage: number; coverage95: number }[];
  readonly files: Record<string, unknown>;
}
const summaryOf = (text: string): Summed => JSON.parse(text.trim().split("\n").at(-1)!) as Summed;

describe("almanac backtest", () => {
  it("prints a table by model and kind of demand, and writes every row", async () => {
    const lines = [1, 2].map((k) => ({
      id: `s${k}`,
      m: 7,
      h: 7,
      y: weeks.map((value) => k * value),
      test: "poison",
    }));
    expect(await run("backtest", lines.map((line) => JSON.stringify(line)).join("\n"))).toBe(0);
    expect(stdout).toMatch(
      /demand +model +series +accuracy +bias +WAPE +MASE +RMSSE +inside 80 % +inside 95 % +CPU/,
    );
    expect(await written()).toHaveLength(2 * 5 * 2);
    const { summary } = summaryOf(stdout);
    expect(summary[0]).toMatchObject({ model: "auto", series: 2, demand: "regular" });
    expect(summary[0]!.coverage95).toBeGreaterThanOrEqual(summary[0]!.coverage);
  });

  it("claims no accuracy for intermittent demand, and knows what is new", async () => {
    const rare = { id: "rare", h: 4, y: Array.from({ length: 40 }, (_, t) => (t % 5 === 0 ? 3 : 0)) };
    const fresh = { id: "fresh", h: 2, y: [4, 5, 4, 6, 5, 4, 6, 5] };
    const text = [rare, fresh].map((line) => JSON.stringify(line)).join("\n");
    expect(await run("backtest", text, "--models", "auto")).toBe(0);
    expect(stdout).toMatch(/intermittent +auto +1 +not claimed/);
    expect(stdout).toMatch(/new +auto +1 +\d/);
    const { summary } = summaryOf(stdout);
    expect(summary.find(({ demand }) => demand === "intermittent")).not.toHaveProperty("accuracy");
  });

  it("claims nothing where nothing was sold or nothing is known", async () => {
    const nothing = [
      { id: "zero", h: 4, y: weeks.map(() => 0) },
      { id: "gap", h: 4, y: weeks.map(() => null) },
    ];
    const text = nothing.map((line) => JSON.stringify(line)).join("\n");
    expect(await run("backtest", text, "--models", "naive")).toBe(0);
    expect(stdout).toMatch(/new +naive +2 +- +- +- +- +- +100.0 % +100.0 %/);
    expect(summaryOf(stdout).summary[0]).toEqual(
      expect.not.objectContaining({ wape: expect.anything(), accuracy: expect.anything() }),
    );
    expect(await run("backtest", JSON.stringify(nothing[1]), "--models", "naive")).toBe(0);
    expect(summaryOf(stdout).summary[0]).not.toHaveProperty("coverage");
  });

  it("takes a folder: every file by itself, then all; files without a horizon are named and left out", async () => {
    const line = (id: string): string => JSON.stringify({ id, m: 7, h: 7, y: weeks });
    await writeFile(join(folder, "a.jsonl"), line("s"));
    await writeFile(join(folder, "b.jsonl"), line("s"));
    await writeFile(join(folder, "nab.jsonl"), '{"id":"x","step":300,"y":[1,2]}');
    const io = {
      env: {},
      stdin: process.stdin,
      out: (t: string) => void (stdout += t),
      say: (t: string) => void (stderr += t),
    };
    expect(await almanac(["backtest", "--in", folder, "--models", "naive", "--origins", "1"], io)).toBe(0);
    expect(stdout.match(/^(a\.jsonl|b\.jsonl|all files)$/gm)).toEqual(["a.jsonl", "b.jsonl", "all files"]);
    expect(stderr).toContain("nab.jsonl is left out");
    const { summary, files } = summaryOf(stdout);
    expect(summary[0]).toMatchObject({ series: 2 });
    expect(Object.keys(files)).toEqual(["a.jsonl", "b.jsonl"]);
  });

  it("refuses a model that is none and a folder without series, before any work", async () => {
    expect(await run("backtest", "", "--models", "auto,magic")).toBe(2);
    expect(stderr).toContain('there is no model "magic"');
    await rm(join(folder, "in.jsonl"));
    const io = {
      env: {},
      stdin: process.stdin,
      out: () => undefined,
      say: (t: string) => void (stderr += t),
    };
    expect(await almanac(["backtest", "--in", folder], io)).toBe(2);
    expect(stderr).toContain("holds no file of series");
  });
});

describe("almanac reconcile", () => {
  const lines = ["tomato", "bean"].flatMap((crop, c) =>
    ["north", "south"].map((market, m) => ({
      id: `${crop}-${market}`,
      crop,
      market,
      m: 7,
      h: 7,
      y: weeks.map((value, t) => (c + 1) * value + m * ((t * 13) % 4)),
    })),
  );

  async function reconciled(...more: string[]): Promise<number> {
    await writeFile(join(folder, "in.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
    const argv = ["--in", join(folder, "in.jsonl"), "--out", join(folder, "out.jsonl"), ...more];
    return almanac(["reconcile", ...argv], {
      env: {},
      stdin: process.stdin,
      out: (text) => void (stdout += text),
      say: (text) => void (stderr += text),
    });
  }

  it.each(["mint", "bottom-up"])(
    "writes series, groups and total whose means add up, by %s",
    async (method) => {
      expect(await reconciled("--by", "crop,market", "--method", method)).toBe(0);
      const rows = (await written()) as { id: string; mean: number[]; lo80: number[]; hi80: number[] }[];
      const meanOf = (id: string): number[] => rows.find((row) => row.id === id)!.mean;
      expect(rows.map(({ id }) => id)).toEqual([
        ...lines.map(({ id }) => id),
        "crop=tomato",
        "crop=bean",
        "market=north",
        "market=south",
        "total",
      ]);
      meanOf("total").forEach((total, k) => {
        expect(meanOf("crop=tomato")[k]! + meanOf("crop=bean")[k]!).toBeCloseTo(total, 6);
        expect(meanOf("tomato-north")[k]! + meanOf("bean-north")[k]!).toBeCloseTo(
          meanOf("market=north")[k]!,
          9,
        );
      });
      for (const { lo80, mean, hi80 } of rows) {
        mean.forEach((value, k) => expect(lo80[k]! <= value && value <= hi80[k]!).toBe(true));
      }
    },
  );

  it("makes days, weeks and fortnights agree with crops, markets and both, to the gram", async () => {
    const grams = lines.map((line) => ({
      ...line,
      h: 14,
      y: line.y.map((value) => Math.round(1000 * value)),
    }));
    await writeFile(join(folder, "in.jsonl"), grams.map((line) => JSON.stringify(line)).join("\n"));
    const argv = ["--in", join(folder, "in.jsonl"), "--out", join(folder, "out.jsonl")];
    const io = { env: {}, stdin: process.stdin, out: () => undefined, say: () => undefined };
    const more = ["--by", "crop,market,crop+market", "--every", "7,14", "--whole"];
    expect(await almanac(["reconcile", ...argv, ...more], io)).toBe(0);
    const rows = (await written()) as { id: string; mean: number[] }[];
    const meanOf = (id: string): number[] => rows.find((row) => row.id === id)!.mean;
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    for (const { id, mean } of rows) {
      expect(mean.every(Number.isInteger), id).toBe(true);
      if (id.includes("@")) continue;
      expect(meanOf(`${id}@7`)).toEqual([sum(mean.slice(0, 7)), sum(mean.slice(7))]);
      expect(meanOf(`${id}@14`)).toEqual([sum(mean)]);
    }
    for (const speed of ["", "@7", "@14"]) {
      meanOf(`total${speed}`).forEach((total, k) => {
        expect(meanOf(`crop=tomato${speed}`)[k]! + meanOf(`crop=bean${speed}`)[k]!).toBe(total);
        expect(meanOf(`market=north${speed}`)[k]! + meanOf(`market=south${speed}`)[k]!).toBe(total);
        const parts = lines.map(({ id }) => meanOf(`${id}${speed}`)[k]!);
        expect(sum(parts)).toBe(total);
      });
    }
  });

  it("leaves good forecasts much as they are beside series with gaps, a late one, and one without values", async () => {
    const text = (more: object[]): string => [...lines, ...more].map((one) => JSON.stringify(one)).join("\n");
    const meansOf = async (more: object[], ...options: string[]): Promise<Map<string, number[]>> => {
      expect(await run("reconcile", text(more), "--by", "crop", ...options)).toBe(0);
      const rows = (await written()) as { id: string; mean: number[] }[];
      return new Map(rows.map(({ id, mean }) => [id, mean]));
    };
    const own = { crop: "bean", market: "east", m: 7, h: 7 };
    const alone = await meansOf([]);
    const near = (means: Map<string, number[]>, id: string): void =>
      means
        .get(id)!
        .forEach((value, k) => expect(Math.abs(value - alone.get(id)![k]!), `${id} ${k}`).toBeLessThan(1));
    const empty = { ...own, id: "never", y: weeks.map(() => null) };
    const beside = await meansOf([empty]);
    for (const { id } of lines) near(beside, id);
    near(beside, "total");
    expect(Math.max(...beside.get("never")!)).toBeLessThan(1e-9);
    const late = { ...own, id: "late", y: weeks.map((_, t) => (t < weeks.length - 2 ? null : 1)) };
    const withLate = await meansOf([late]);
    for (const { id } of lines) near(withLate, id);

    const gappy = lines.map((one, i) => ({
      ...one,
      id: `gappy-${i}`,
      y: one.y.map((value, t) => (t % 4 === i ? null : value)),
    }));
    const sumOf = (means: Map<string, number[]>): number =>
      means.get("total")!.reduce((sum, value) => sum + value, 0);
    const twice = sumOf(await meansOf(gappy)) / sumOf(alone);
    expect(twice).toBeGreaterThan(1.95);
    expect(twice).toBeLessThan(2.05);
  });

  it("refuses whole numbers of what may fall below zero, and blocks of one", async () => {
    await writeFile(join(folder, "in.jsonl"), JSON.stringify({ id: "a", h: 2, y: [1, -2, 3] }));
    const argv = ["reconcile", "--in", join(folder, "in.jsonl"), "--out", join(folder, "out.jsonl")];
    const io = {
      env: {},
      stdin: process.stdin,
      out: () => undefined,
      say: (t: string) => void (stderr += t),
    };
    expect(await almanac([...argv, "--whole"], io)).toBe(2);
    expect(stderr).toContain("below zero");
    expect(await almanac([...argv, "--every", "1"], io)).toBe(2);
    expect(stderr).toContain("--every must be a whole number");
  });

  it("finds room for one huge series among small ones, and refuses sums that are beyond any number", async () => {
    const huge = lines.map((one, i) => (i === 0 ? { ...one, y: one.y.map((value) => 1e300 * value) } : one));
    const text = huge.map((one) => JSON.stringify(one)).join("\n");
    expect(await run("reconcile", text, "--every", "2,7")).toBe(0);
    for (const row of (await written()) as { mean: number[]; hi95?: number[] }[]) {
      expect([...row.mean, ...(row.hi95 ?? [])].every((value) => Number.isFinite(value))).toBe(true);
    }
    const most = lines.map((one) => JSON.stringify({ ...one, y: one.y.map(() => 1.7e308) })).join("\n");
    expect(await run("reconcile", most)).toBe(2);
    expect(stderr).toContain('in.jsonl: holds values whose sum for "total" is beyond any number');
  });

  it("refuses a series that goes by the name of a group", async () => {
    const named = [...lines, { ...lines[0]!, id: "crop=tomato" }]
      .map((one) => JSON.stringify(one))
      .join("\n");
    expect(await run("reconcile", named, "--by", "crop")).toBe(2);
    expect(stderr).toContain('in.jsonl:5: has the id "crop=tomato", which is that of a group');
  });

  it("refuses a key that a line lacks and a method that is none", async () => {
    expect(await reconciled("--by", "farm")).toBe(2);
    expect(stderr).toContain('in.jsonl:1: has no "farm" to group by');
    expect(await reconciled("--method", "magic")).toBe(2);
    expect(stderr).toContain("--method is mint or bottom-up");
  });
});
