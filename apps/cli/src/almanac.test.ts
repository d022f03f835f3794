import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { almanac } from "./almanac.ts";

async function run(
  argv: string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
) {
  let out = "";
  let said = "";
  const stdin = Object.assign(Readable.from([input]), { isTTY: false }) as typeof process.stdin;
  const code = await almanac(argv, {
    env,
    stdin,
    out: (text) => void (out += text),
    say: (text) => void (said += text),
  });
  return { code, out, said };
}

describe("the almanac command line", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "almanac-cli-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("lists its commands when asked for help, for nothing, or for what it does not know", async () => {
    const asked = await run(["--help"]);
    expect(asked.code).toBe(0);
    for (const name of ["recommend", "search", "train", "models", "import", "operator", "clock", "doctor"]) {
      expect(asked.out).toContain(`  ${name} `);
    }
    expect((await run([])).code).toBe(2);
    const unknown = await run(["dance"]);
    expect(unknown.code).toBe(2);
    expect(unknown.said).toContain('there is no command "dance"');
    expect(unknown.said).toContain("doctor");
  });

  it.each(["train", "models", "import", "operator", "clock", "doctor"])("explains %s", async (name) => {
    const { code, out } = await run([name, "--help"]);
    expect(code).toBe(0);
    expect(out.startsWith(`almanac ${name}`)).toBe(true);
  });

  it.each([
    [["import"], "say what to import"],
    [["import", "kaggle", "x"], "say what to import"],
    [["import", "completejourney", "/nowhere/at/all"], "there is no folder /nowhere/at/all"],
    [["import", "--speed", "9"], "Unknown option '--speed'"],
    [["operator", "create", "--name", "You"], "--email must be an address"],
    [["operator", "create", "--email", "you@example.org"], "--name must be a name"],
    [["operator", "delete"], "say: operator create"],
    [["models"], "say what"],
    [["models", "destroy"], "say what"],
    [["models", "show"], "takes a version"],
    [["models", "list", "churn"], "takes nothing more"],
    [["models", "activate", "churn/1", "--percent", "5"], "--percent is for models rollout"],
    [["train"], "say which"],
    [["train", "weather"], "say which"],
    [["train", "churn", "--seed", "0"], "--seed is a whole number"],
    [["clock", "advance"], "say how far"],
    [["clock", "advance", "3h"], '"3h" is not a duration'],
    [["clock", "advance", "P11Y"], "is not a duration"],
    [["doctor", "please"], "doctor takes no words"],
    [["season", "--in", "s.jsonl", "--out", "o.jsonl", "--seed", "-1"], "'--seed' argument is ambiguous"],
  ])("refuses %j with one sentence", async (argv, sentence) => {
    const { code, out, said } = await run(argv);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(said).toContain(sentence);
    expect(said.trim().split("\n")).toHaveLength(1);
  });

  it("says that no server answers", async () => {
    const { code, said } = await run(["clock", "advance", "PT1H"], {
      env: { ALMANAC_URL: "http://127.0.0.1:9" },
    });
    expect([code, said.trim()]).toEqual([2, "almanac clock: no server answers at http://127.0.0.1:9"]);
  });

  it("makes an operator with a piped password, and promotes whoever is there already", async () => {
    const data = join(folder, "operator");
    const argv = ["operator", "create", "--email", "you@example.org", "--name", "You", "--data", data];
    expect((await run(argv, { input: "short\n" })).said).toContain("8 to 128 characters");
    const first = await run(argv, { input: "long enough\nnot this\n" });
    expect([first.code, JSON.parse(first.out)]).toMatchObject([0, { command: "operator", isNew: true }]);
    const second = await run(argv, { input: "another one\n" });
    expect(JSON.parse(second.out)).toMatchObject({ isNew: false });
  }, 60_000);

  it("imports receipts, then says that they are there; a malformed row names its file and line", async () => {
    const source = await mkdtemp(join(folder, "receipts-"));
    const header =
      "household,store,basket,product,qty,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,ts";
    const row = "1,9,501,101,2,3.00,1.00,0,0,1,2017-03-04 18:05:00";
    const items =
      "product,manufacturer,department,brand,category,type,size\n101,1,PRODUCE,Private,T,TOMATOES,1 LB\n";
    await writeFile(join(source, "items.csv.gz"), gzipSync(items));
    await writeFile(join(source, "train.csv.gz"), gzipSync(`${header}\n${row}\nbroken\n`));
    const argv = ["import", "completejourney", source, "--data", join(folder, "world")];
    const broken = await run(argv);
    expect(broken.code).toBe(2);
    expect(broken.said).toContain("almanac import: train.csv.gz, line 3: 1 cells where the header has 11");
    await writeFile(join(source, "train.csv.gz"), gzipSync(`${header}\n${row}\n`));
    const first = await run(argv);
    const summary = JSON.parse(first.out.trim().split("\n").at(-1)!) as Record<string, unknown>;
    expect(summary).toMatchObject({ command: "import", rows: 1, orders: 1, alreadyImported: false });
    expect(summary["peakRssMb"]).toBeGreaterThan(0);
    expect(JSON.parse((await run(argv)).out)).toMatchObject({ orders: 1, alreadyImported: true });
  }, 120_000);

  it("looks at the machine without changing it", async () => {
    const absent = join(folder, "absent");
    const { out, said } = await run(["doctor", "--data", absent], { env: { PATH: "" } });
    const { findings } = JSON.parse(out) as { findings: { part: string; state: string }[] };
    expect(findings.find(({ part }) => part === "database")?.state).toBe("ok");
    expect(said).toContain("the first start makes it");
    expect(await readdir(folder)).not.toContain("absent");
  });
});
