import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { almanac } from "../../almanac.ts";
import { readSeriesBatches } from "./read-series.ts";

let folder: string;
let stdout = "";
let stderr = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-forecast-"));
  stdout = "";
  stderr = "";
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const run = (...argv: string[]): Promise<number> =>
  almanac(argv, {
    env: {},
    stdin: process.stdin,
    out: (text) => void (stdout += text),
    say: (text) => void (stderr += text),
  });
async function forecast(text: string | Buffer, ...more: string[]): Promise<number> {
  await writeFile(join(folder, "s.jsonl"), text);
  return run("forecast", "--in", join(folder, "s.jsonl"), "--out", join(folder, "f.jsonl"), ...more);
}
const written = async (): Promise<Record<string, unknown>[]> =>
  (await readFile(join(folder, "f.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const months = Array.from({ length: 48 }, (_, t) => 100 + 10 * Math.sin((t * Math.PI) / 6) + (t % 7));
const line = (more: Record<string, unknown> = {}): string =>
  JSON.stringify({ id: "a", m: 12, h: 3, y: months, ...more });

describe("almanac forecast", () => {
  it("writes mean, bounds, quantiles and model of every series, and a summary", async () => {
    expect(await forecast(gzipSync(`${line()}\n${line({ id: "b", y: [1, null, 2] })}\n`))).toBe(0);
    const rows = await written();
    expect(rows.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(Object.keys(rows[0]!)).toEqual(["id", "mean", "lo80", "hi80", "lo95", "hi95", "q", "model"]);
    expect(Object.keys(rows[0]!["q"] as object)).toEqual(["0.1", "0.5", "0.9"]);
    expect(JSON.parse(stdout.trim())).toMatchObject({ command: "forecast", rows: 2, model: "auto" });
  });

  it("takes place and product from an id of two parts: what one costs moves the other at its place", async () => {
    const pair = (slash: string): string =>
      ["cream", "eggs"]
        .map((product, i) => {
          const price = (at: number): number[] => months.map((_, t) => 1 + ((t * 7 + at * 5) % 11) / 5);
          const y = price(i).map((own, t) => (100 * price(1 - i)[t]!) / own ** 2);
          const known = { y: y.slice(0, 45), price: price(i) };
          return JSON.stringify({ id: `north${slash}${product}`, h: 3, ...known });
        })
        .join("\n");
    const errorOf = async (slash: string): Promise<number> => {
      expect(await forecast(pair(slash))).toBe(0);
      const [cream] = await written();
      const wanted = [45, 46, 47].map(
        (t) => (100 * (1 + ((t * 7 + 5) % 11) / 5)) / (1 + ((t * 7) % 11) / 5) ** 2,
      );
      return (cream!["mean"] as number[]).reduce((sum, value, k) => sum + Math.abs(value - wanted[k]!), 0);
    };
    expect(await errorOf("/")).toBeLessThan(0.8 * (await errorOf("-")));
  });

  it("reads a file larger than memory in batches, none of them small, and finds an id that is there twice across them", async () => {
    const file = join(folder, "many.jsonl");
    const short = (id: number): string => `{"id":${id},"h":1,"y":[1]}\n`;
    const text = Array.from({ length: 9_500 }, (_, id) => short(id)).join("");
    await writeFile(file, gzipSync(text));
    const sizes: number[] = [];
    for await (const batch of readSeriesBatches(file)) sizes.push(batch.length);
    expect(sizes).toEqual([4_000, 5_500]);
    await writeFile(file, text + short(7));
    await expect(
      (async () => {
        for await (const batch of readSeriesBatches(file)) sizes.push(batch.length);
      })(),
    ).rejects.toThrow('many.jsonl:9501: has the id "7" again');
  });

  it.each(["cat", "gzip -c"])("reads from a pipe, which gives its bytes once: %s", async (command) => {
    const file = join(folder, "s.jsonl");
    await writeFile(file, line());
    const script = `"${process.execPath}" "$0" forecast --in <(${command} "$1") --out "$2" --jobs 1`;
    const main = join(import.meta.dirname, "../../main.ts");
    const { status, stderr: said } = spawnSync("bash", ["-c", script, main, file, join(folder, "f.jsonl")], {
      encoding: "utf8",
    });
    expect([status, said]).toEqual([0, ""]);
    expect(await written()).toHaveLength(1);
  });

  it("leaves nothing behind when a later batch turns out to be bad", async () => {
    const lines = Array.from({ length: 6_100 }, (_, id) => `{"id":${id},"h":1,"y":[1]}`);
    expect(await forecast([...lines, "oops"].join("\n"), "--model", "naive", "--jobs", "1")).toBe(2);
    expect(stderr).toContain("s.jsonl:6101: is not JSON");
    expect(await readdir(folder)).toEqual(["s.jsonl"]);
  });

  it("leaves nothing behind when it is interrupted, nor a word when nobody reads its answer", async () => {
    const lines = Array.from({ length: 4_000 }, (_, id) => line({ id }));
    await writeFile(join(folder, "s.jsonl"), lines.join("\n"));
    const main = join(import.meta.dirname, "../../main.ts");
    const argv = [main, "forecast", "--in", "s.jsonl", "--out", "f.jsonl", "--jobs", "1"];
    const stop = async (signal: NodeJS.Signals, afterMs = 0): Promise<unknown[]> => {
      const child = spawn(process.execPath, argv, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const ended = once(child, "exit");
      const partial = `f.jsonl.${child.pid}.partial`;
      while (child.exitCode === null && !(await readdir(folder)).includes(partial)) await setTimeout(20);
      expect(child.exitCode, said).toBe(null);
      await setTimeout(afterMs);
      child.kill(signal);
      return ended;
    };
    // Killed outright it cannot clear up: the next one does, but takes nothing from one that still runs.
    expect(await stop("SIGKILL")).toEqual([null, "SIGKILL"]);
    expect(await readdir(folder)).toHaveLength(2);
    const running = `f.jsonl.${process.pid}.partial`;
    await writeFile(join(folder, running), "half");
    expect(await stop("SIGTERM")).toEqual([143, null]);
    // In the midst of a batch, too, which takes far longer than this.
    expect(await stop("SIGINT", 1_000)).toEqual([130, null]);
    expect((await readdir(folder)).sort()).toEqual([running, "s.jsonl"]);
    await rm(join(folder, running));

    await writeFile(join(folder, "s.jsonl"), line());
    const unread = `"${process.execPath}" ${argv.join(" ")} | true`;
    const { stderr: said } = spawnSync("bash", ["-c", unread], { cwd: folder, encoding: "utf8" });
    expect(said).toBe("");
  });

  it("refuses half a gzip file, what is no text and what is not there", async () => {
    expect(await forecast(gzipSync(line()).subarray(0, 40))).toBe(2);
    expect(stderr).toContain("is not a whole gzip file");
    expect(await forecast(Buffer.from([0x7b, 0xff, 0xfe]))).toBe(2);
    expect(stderr).toContain("is not UTF-8 text");
    expect(await run("forecast", "--in", join(folder, "none"), "--out", join(folder, "f.jsonl"))).toBe(2);
    expect(stderr).toContain("cannot be read (ENOENT)");
    expect(await run("forecast", "--in", folder, "--out", join(folder, "f.jsonl"))).toBe(2);
    expect(stderr).toContain("cannot be read (EISDIR)");
  });

  it("gives hard histories a finite line", async () => {
    const hard = [[], [null], [5], [0, 0, 0], [7, 7, 7, 7, 7, 7, 7, 7]];
    expect(await forecast(hard.map((y, i) => line({ id: `s${i}`, y })).join("\n"))).toBe(0);
    for (const { mean, lo95, hi95 } of (await written()) as Record<string, number[]>[]) {
      expect([...mean!, ...lo95!, ...hi95!].every((value) => Number.isFinite(value))).toBe(true);
    }
  });

  it("never reads the actuals that follow", async () => {
    await forecast(line({ test: [1, 2, 3] }));
    const first = await written();
    await forecast(line({ test: "poison" }));
    expect(await written()).toEqual(first);
  });

  it("takes other levels and one model by name", async () => {
    expect(await forecast(line(), "--levels", "50,99.5", "--model", "theta", "--jobs", "1")).toBe(0);
    expect((await written())[0]).toMatchObject({ model: "theta" });
    expect((await written())[0]).toHaveProperty(["lo99.5"]);
  });

  it("takes an empty option for none", async () => {
    expect(await forecast(line(), "--levels", "", "--model", "", "--jobs", "", "--seed", "")).toBe(0);
    expect((await written())[0]).toHaveProperty("lo95");
  });

  it.each([
    ["not json", "s.jsonl:1: is not JSON"],
    ['{"id":"a","h":1,"y":[1,NaN]}', "s.jsonl:1: is not JSON: a gap is null, not NaN or Infinity"],
    ["[1]", "s.jsonl:1: is no JSON object"],
    [`${line()}\n${line()}`, 's.jsonl:2: has the id "a" again'],
    [line({ id: undefined }), 's.jsonl:1: needs an "id"'],
    [line({ y: undefined }), 's.jsonl:1: needs an array "y"'],
    [line({ y: [1, "2"] }), 's.jsonl:1: "y"[1] is neither a finite number nor null'],
    ['{"id":"a","h":1,"y":[1e999]}', 's.jsonl:1: "y"[0] is neither a finite number nor null'],
    [line({ h: 0 }), 's.jsonl:1: "h" must be a whole number from 1 to 10000, not 0'],
    [line({ h: undefined }), "not nothing"],
    [line({ m: 1.5 }), 's.jsonl:1: "m" must be a whole number from 1 to 2000000, not 1.5'],
    [line({ m: 1e15 }), 's.jsonl:1: "m" must be a whole number from 1 to 2000000, not 1000000000000000'],
    [line({ price: [1, 2] }), 's.jsonl:1: "price" has 2 values, not 51 values for history and horizon'],
    ["", "s.jsonl: holds no series"],
  ])("refuses %j with file and line, and writes nothing", async (text, message) => {
    expect(await forecast(text)).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(await readdir(folder)).toEqual(["s.jsonl"]);
  });

  it.each([
    [["--model", "oracle"], 'there is no model "oracle"'],
    [["--levels", "80,100"], "--levels are percents between 0 and 100"],
    [["--jobs", "0"], "--jobs must be a whole number"],
    [["--horizon", "3"], "Unknown option"],
  ])("refuses %j", async (argv, message) => {
    expect(await forecast(line(), ...argv)).toBe(2);
    expect(stderr).toContain(message);
  });
});
