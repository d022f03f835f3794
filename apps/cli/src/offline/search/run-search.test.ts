import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runSearch } from "./run-search.ts";

let folder: string;
let stdout = "";
let stderr = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almanac-search-"));
  stdout = "";
  stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  await file(
    "docs.csv",
    'doc,title\nd1,Cherry tomato seeds\nd2,"Tomato paste, cherry pepper"\nd3,Garden hose\n',
  );
  await file("queries.csv", "qid,query\nq1,cherry tomatos\nq2,hose\nq3,nothing at all zzz\n");
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function file(name: string, text: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const path = (name: string): string => join(folder, name);
const basic = (): string[] => [
  "--docs",
  path("docs.csv"),
  "--queries",
  path("queries.csv"),
  "--out",
  path("p.jsonl"),
];
async function lists(): Promise<Record<string, string[]>> {
  const text = await readFile(path("p.jsonl"), "utf8");
  const lines = text.trim().split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const { user, items } = JSON.parse(line) as { user: string; items: string[] };
      return [user, items];
    }),
  );
}

describe("almanac search", () => {
  it("writes the best documents of every query and a summary last on stdout", async () => {
    expect(await runSearch([...basic(), "--k", "2"])).toBe(0);
    expect(await lists()).toEqual({ q1: ["d1", "d2"], q2: ["d3"], q3: [] });
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({
      command: "search",
      rows: 3,
      documents: 3,
      seconds: expect.any(Number),
      peakRssMb: expect.any(Number),
    });
  });

  it("ranks all and only the candidates when they are given", async () => {
    await file("c.csv", "qid,doc,grade\nq1,d3,1\nq1,d1,3\nq2,d2,1\nother,d1,1\n");
    expect(await runSearch([...basic(), "--candidates", path("c.csv")])).toBe(0);
    expect(await lists()).toEqual({ q1: ["d1", "d3"], q2: ["d2"], q3: [] });
  });

  it("reads gzip and searches further columns too", async () => {
    await file("docs.csv", gzipSync("doc,title,brand\nd1,Hose,Acme\nd2,Spade,Zenith\n"));
    await file("queries.csv", "qid,query\nq1,zenith\n");
    expect(await runSearch(basic())).toBe(0);
    expect(await lists()).toEqual({ q1: ["d2"] });
  });

  it("scores a judged query by weights that never saw its judgements", async () => {
    await file(
      "docs.csv",
      `doc,title\n${words.map((word, at) => `d${at},${word} ${words[at + 1] ?? "x"}`).join("\n")}\n`,
    );
    await file("queries.csv", `qid,query\n${words.map((word, at) => `q${at},${word} plant`).join("\n")}\n`);
    const qrels = (flip: boolean): string =>
      `qid,doc,grade\n${words
        .flatMap((_, at) =>
          [0, 1, 2].map((d) => `q${at},d${d},${at === 0 && flip ? 4 - d : 1 + ((d + at) % 4)}`),
        )
        .join("\n")}\n`;
    await file("r.csv", qrels(false));
    await file("c.csv", qrels(false));
    const learning = [
      "--candidates",
      path("c.csv"),
      "--train-queries",
      path("queries.csv"),
      "--train-qrels",
      path("r.csv"),
    ];
    expect(await runSearch([...basic(), ...learning])).toBe(0);
    const before = (await lists())["q0"];
    await file("r.csv", qrels(true));
    expect(await runSearch([...basic(), ...learning])).toBe(0);
    expect((await lists())["q0"]).toEqual(before);
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toHaveProperty("heldOutNdcg10");
  });

  it("uses what it learned where held-out queries show that it wins", async () => {
    const names = words.flatMap((one) => words.slice(0, 5).map((other) => `${one}${other}`));
    const more = ["", " pot", " pot blue", " pot blue large", " pot blue large round"];
    const docs = names.flatMap((name, at) => more.map((text, d) => `d${at}-${d},${name}${text}`));
    await file("docs.csv", `doc,title\n${docs.join("\n")}\n`);
    await file("queries.csv", `qid,query\n${names.map((name, at) => `q${at},${name}`).join("\n")}\n`);
    // Whoever judged these liked long titles, which the plain ranking does not.
    const grades = names.flatMap((_, at) => more.map((__, d) => `q${at},d${at}-${d},${1 + 0.75 * d}`));
    await file("r.csv", `qid,doc,grade\n${grades.join("\n")}\n`);
    const given = ["--candidates", path("r.csv")];
    expect(await runSearch([...basic(), ...given])).toBe(0);
    expect((await lists())["q7"]![0]).toBe("d7-0");
    const learning = ["--train-queries", path("queries.csv"), "--train-qrels", path("r.csv")];
    expect(await runSearch([...basic(), ...given, ...learning])).toBe(0);
    expect((await lists())["q7"]![0]).toBe("d7-4");
    expect(stdout).toContain("learned in 5 of 5 folds");
  });

  it("gives the same lists for the same seed", async () => {
    await runSearch(basic());
    const first = await readFile(path("p.jsonl"), "utf8");
    await runSearch(basic());
    expect(await readFile(path("p.jsonl"), "utf8")).toBe(first);
  });
});

const words = [
  "fern",
  "moss",
  "rose",
  "lily",
  "iris",
  "palm",
  "sage",
  "mint",
  "reed",
  "vine",
  "hops",
  "oats",
];

describe("bad input of almanac search", () => {
  it.each([
    ["docs.csv", "doc,name\nd1,x\n", 'docs.csv:1: has no column "title"'],
    ["docs.csv", "doc,title\nd1,x\nd1,y\n", 'docs.csv:3: has the document "d1" a second time'],
    ["docs.csv", 'doc,title\nd1,"x\n', "docs.csv:2: opens a quote that is never closed"],
    ["docs.csv", "doc,title\nd1\n", "docs.csv:2: has 1 cells where the header has 2"],
    ["queries.csv", "", "queries.csv: is empty"],
    ["queries.csv", "qid,query\nq1,a\nq1,b\n", 'queries.csv:3: has the query "q1" a second time'],
    ["c.csv", "qid,doc\nq1,d9\n", 'c.csv:2: names the document "d9"'],
  ])("in %s %j is refused with exit code 2 and nothing written", async (name, text, sentence) => {
    await file("c.csv", "qid,doc\nq1,d1\n");
    await file(name, text);
    expect(await runSearch([...basic(), "--candidates", path("c.csv")])).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect((await readdir(folder)).filter((entry) => entry.startsWith("p.jsonl"))).toEqual([]);
  });

  it("refuses options it does not know or cannot use", async () => {
    for (const more of [
      ["--k", "0"],
      ["--k", "x"],
      ["--nope"],
      ["--train-qrels", path("c.csv")],
      ["stray"],
    ]) {
      expect(await runSearch([...basic(), ...more])).toBe(2);
    }
    expect(await runSearch([])).toBe(2);
    expect(stderr).toContain("--docs names no file");
    expect(await runSearch(["--help"])).toBe(0);
  });

  it("takes an empty option for none", async () => {
    expect(
      await runSearch([...basic(), "--candidates", "", "--train-queries", "", "--train-qrels", ""]),
    ).toBe(0);
    expect(await runSearch([...basic(), "--k", "", "--seed", ""])).toBe(0);
  });
});
