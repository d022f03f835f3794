import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { laterBasketsOf, toBaskets } from "./basket-log.ts";
import { readInteractions } from "./interactions.ts";
import { runRecommend } from "./run.ts";

let folder: string;
let printed: string;
let complained: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "almanac-recommend-"));
  printed = "";
  complained = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((complained += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}
const out = (): string => join(folder, "p.jsonl");
interface List {
  user: string;
  items: string[];
}
const lists = (): List[] =>
  readFileSync(out(), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as List);
const ask = (...lines: object[]): string =>
  file("q.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));

const carts = `basket,items\n${Array.from({ length: 60 }, (_, i) => `${i},${i % 2 ? "eggs milk bread" : "tomato basil mozzarella"}`).join("\n")}\n`;

describe("recommending offline", () => {
  it("completes a cart with what goes with it and never with what is in it", async () => {
    const train = file("train.csv.gz", carts);
    const queries = ask({ user: "c", cart: ["tomato", "basil", "unheard-of"] });
    const code = await runRecommend([
      "--task",
      "cart",
      "--train",
      train,
      "--queries",
      queries,
      "--users",
      queries,
      "--model",
      "ease",
      "--k",
      "",
      "--seed",
      "",
      "--out",
      out(),
    ]);
    expect(code).toBe(0);
    expect(lists()[0]?.user).toBe("c");
    expect(lists()[0]?.items[0]).toBe("mozzarella");
    expect(lists()[0]?.items).not.toContain("tomato");
    expect(JSON.parse(printed.trim().split("\n").at(-1)!)).toMatchObject({
      command: "recommend",
      rows: 60,
      model: "ease",
    });
  });

  it("leaves out what a user has only when told to, and gives a stranger what is popular", async () => {
    const rows = Array.from({ length: 40 }, (_, u) => `u${u},${1_000 + u},apple\nu${u},2000,pear\n`).join("");
    const train = file("train.csv", `user,ts,item\n${rows}u1,3000,plum\n`);
    const users = ask({ user: "u0", items: ["plum"] }, { user: "stranger" });
    await runRecommend([
      "--task",
      "user",
      "--train",
      train,
      "--users",
      users,
      "--model",
      "item-knn",
      "--unseen-only",
      "--out",
      out(),
    ]);
    expect(lists()).toEqual([
      { user: "u0", items: ["plum"] },
      { user: "stranger", items: ["apple", "pear", "plum"] },
    ]);
    await runRecommend([
      "--task",
      "user",
      "--train",
      train,
      "--users",
      users,
      "--model",
      "item-knn",
      "--out",
      out(),
    ]);
    expect(lists()[0]?.items).toHaveLength(3);
  });

  it("learns what comes after the latest item where no fixed blend knows it, and only of what is new", async () => {
    // All at one time: what came later is told by the order of the file.
    const rows = Array.from({ length: 240 }, (_, u) => {
      const step = u % 2 === 0 ? 1 : -1;
      const items = [0, 1, 2, 3, 4].map((at) => `i${(40 + u + step * at) % 40}`);
      return items.map((item) => `u${u},1000,${item}\n`).join("");
    }).join("");
    const train = file("train.csv", `user,ts,item\n${rows}up,1000,i7\nup,1000,i8\n`);
    const argv = ["--task", "user", "--train", train, "--users", ask({ user: "up" }), "--out", out()];
    await runRecommend([...argv, "--unseen-only"]);
    const { model, validation } = JSON.parse(printed.trim().split("\n").at(-1)!) as {
      model: string;
      validation: { name: string; ndcg10: number }[];
    };
    expect(model).toBe("learned");
    expect(validation.at(-1)!.ndcg10).toBeGreaterThan(
      Math.max(...validation.slice(0, -1).map((v) => v.ndcg10)),
    );
    expect(lists()[0]!.items[0]).toBe("i9");
    printed = "";
    await runRecommend(argv);
    expect(printed).not.toContain("learned");
  });

  it("shows as much of the catalogue as is asked for, without touching the first places", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, u) => `u${u},1,staple${u % 12}\nu${u},2,rare${u}\nu${u},3,staple${(u + 1) % 12}\n`,
    ).join("");
    const train = file("train.csv", `user,ts,item\n${rows}`);
    const users = ask(...Array.from({ length: 40 }, (_, u) => ({ user: `u${u}` })));
    const argv = [
      "--task",
      "user",
      "--train",
      train,
      "--users",
      users,
      "--model",
      "popular",
      "--unseen-only",
    ];
    await runRecommend([...argv, "--out", out()]);
    const plain = lists();
    expect(await runRecommend([...argv, "--coverage", "0.5", "--k", "12", "--out", out()])).toBe(0);
    const spread = lists();
    const shown = new Set(spread.flatMap(({ items }) => items.slice(0, 10)));
    expect(shown.size).toBe(36);
    spread.forEach(({ items }, at) => {
      expect(items).toHaveLength(12);
      expect(items.slice(0, 7)).toEqual(plain[at]!.items.slice(0, 7));
      expect(items).not.toContain(`rare${at}`);
    });
    expect(printed).toContain('"coverage":{"before":');
  });

  it("predicts basket n of a user from the baskets before it, and never from that basket itself", async () => {
    const train = file(
      "train.csv",
      "user,seq,date,items\na,0,2025-01-01,milk eggs\na,1,2025-01-08,milk\nb,0,2025-01-03,tea\n",
    );
    const later = (secret: string): string =>
      file("later.csv", `user,seq,date,items\na,2,2025-01-15,eggs\na,3,2025-01-22,${secret}\n`);
    const users = ask({ user: "a#3", items: ["tea"] });
    const run = (secret: string): Promise<number> =>
      runRecommend([
        "--task",
        "basket",
        "--train",
        train,
        "--history",
        later(secret),
        "--users",
        users,
        "--model",
        "personal-frequency",
        "--out",
        out(),
      ]);
    expect(await run("tea")).toBe(0);
    const first = lists();
    await run("milk");
    expect(lists()).toEqual(first);
    expect(first[0]?.items.slice(0, 2).sort()).toEqual(["eggs", "milk"]);
    expect(first[0]?.items[2]).toBe("tea");
  });

  it("recommends another column of the item list", async () => {
    const items = file("items.csv", 'product,type\n1,"EGGS, LARGE"\n2,MILK\n3,MILK\n');
    const train = file(
      "train.csv",
      "household,product,ts\nh,2,2025-01-01 08:00:00\nh,3,2025-01-02 08:00:00\ng,1,2025-01-02 08:00:00\n",
    );
    const users = ask({ user: "h" });
    await runRecommend([
      "--task",
      "basket",
      "--train",
      train,
      "--users",
      users,
      "--items",
      items,
      "--item-as",
      "type",
      "--model",
      "dirichlet",
      "--out",
      out(),
    ]);
    expect(lists()).toEqual([{ user: "h", items: ["MILK", "EGGS, LARGE"] }]);
  });

  it("reads where each basket was bought, later ones in the places of training", async () => {
    const train = file("train.csv", "user,store,seq,items\na,north,0,milk\na,south,1,eggs\nb,,0,milk tea\n");
    const later = file("later.csv", "user,store,seq,items\na,south,2,tea rice\na,west,3,milk\n");
    const known = await readInteractions([train]);
    const log = toBaskets(known);
    expect(log.placeCount).toBe(2);
    expect(log.byUser.map((baskets) => baskets.map(({ place }) => place))).toEqual([[0, 1], [undefined]]);
    const baskets = laterBasketsOf(await readInteractions([later]), known).get("a")!;
    expect(baskets.map(({ place, items }) => [place, items])).toEqual([
      [1, [2]],
      [undefined, [0]],
    ]);
  });

  it("continues a session", async () => {
    const rows = Array.from({ length: 30 }, (_, s) => `s${s},${s * 10},a\ns${s},${s * 10 + 1},b\n`).join("");
    const train = file("train.csv", `session,ts,item\n${rows}`);
    await runRecommend([
      "--task",
      "session",
      "--train",
      train,
      "--queries",
      ask({ user: "x", session: ["a"] }),
      "--out",
      out(),
    ]);
    expect(lists()[0]?.items).toContain("b");
  });

  it.each(["user", "basket"])(
    "chooses a model on training data alone for task %s, the same one per seed",
    async (task) => {
      const rows = Array.from(
        { length: 300 },
        (_, i) => `u${i % 50},${1_700_000_000 + i * 90_000},i${(i * 7) % 23}\n`,
      ).join("");
      const train = file("train.csv", `user,ts,item\n${rows}`);
      const run = () =>
        runRecommend([
          "--task",
          task,
          "--train",
          train,
          "--users",
          ask({ user: "u1" }),
          "--seed",
          "3",
          "--out",
          out(),
        ]);
      expect(await run()).toBe(0);
      const first = lists();
      expect(await run()).toBe(0);
      expect(lists()).toEqual(first);
      expect(printed).toContain('"validation"');
    },
  );
});

describe("bad input", () => {
  const refused = async (argv: string[], sentence: string): Promise<void> => {
    expect(await runRecommend([...argv, "--out", out()])).toBe(2);
    expect(complained).toContain(sentence);
    expect(readdirSync(folder).filter((name) => name.startsWith("p.jsonl"))).toEqual([]);
    expect(printed).toBe("");
  };

  it.each([
    ["user,ts,item\na,1,x\nb,2\n", "train.csv:3: 2 cells where the header has 3"],
    ["user,ts,item\na,soon,x\n", 'train.csv:2: ts is "soon", which is not a time'],
    ["who,item\na,x\n", "train.csv:1: no column user, household, session, basket"],
    ["user,ts\na,1\n", "train.csv:1: no column items, item, product"],
    ['user,ts,item\na,1,"x\n', "train.csv:2: a quote is not closed"],
    ["", "train.csv:1: the file is empty"],
    ["user,seq,items\na,first,x\n", "train.csv:2: seq is not a whole number"],
  ])("names the file and the line of %j", async (text, sentence) => {
    const train = file("train.csv", text);
    await refused(
      ["--task", "user", "--train", train, "--users", ask({ user: "a" }), "--model", "popular"],
      sentence,
    );
  });

  it("names the line of a query that is not JSON, or has no cart", async () => {
    const train = file("train.csv", carts);
    const broken = file("q.jsonl", '{"user":"a","cart":[]}\n{oops\n');
    await refused(["--task", "cart", "--train", train, "--queries", broken], "q.jsonl:2: not JSON");
    await refused(
      ["--task", "cart", "--train", train, "--queries", ask({ user: "a" })],
      'q.jsonl:1: no array "cart"',
    );
  });

  it.each(["user", "basket", "cart", "session"])(
    "has nothing to recommend without a row, task %s",
    async (task) => {
      const train = file("header.csv", "user,ts,item\n");
      const asked = ask({ user: "a", cart: ["x"], session: ["x"] });
      const option = task === "cart" || task === "session" ? "--queries" : "--users";
      await refused(["--task", task, "--train", train, option, asked], "header.csv: no row names an item");
    },
  );

  it("names the option that is wrong", async () => {
    const users = ask({ user: "a" });
    await refused(["--task", "taste"], "--task must be one of user, basket, cart, session");
    await refused(
      ["--task", "user", "--train", "x.csv", "--users", users, "--k", "0"],
      "--k must be a whole number",
    );
    await refused(
      ["--task", "user", "--train", "x.csv", "--users", users, "--model", "taste"],
      'no model "taste"; it offers auto, random, popular, item-knn, ease, ials, bpr, ncf, hybrid',
    );
    await refused(
      ["--task", "user", "--train", join(folder, "none.csv"), "--users", users],
      "none.csv: cannot be read",
    );
    await refused(
      ["--task", "user", "--train", "x.csv", "--users", users, "--coverage", "half"],
      '--coverage must be a share from 0 to 1, not "half"',
    );
    await refused(["--task", "cart", "--train", "x.csv"], "--task cart needs --queries");
    await refused(["--colour", "red"], "--colour");
  });

  it("refuses a broken gzip file by name", async () => {
    const path = join(folder, "train.csv.gz");
    writeFileSync(path, gzipSync(carts).subarray(0, 40));
    await refused(
      ["--task", "cart", "--train", path, "--queries", ask({ user: "a", cart: [] })],
      "train.csv.gz: cannot be read",
    );
  });
});
