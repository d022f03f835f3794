import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "@almanac/kernel";
import { openDatabase } from "../open.ts";
import type { DatabaseHandle } from "../open.ts";
import { rows } from "../rows.ts";
import { embeddedTemplate } from "../testing/embedded-template.ts";
import { runAndKill } from "../testing/killing.ts";
import { lockFolder } from "./lock-file.ts";

let root: string;
const open: DatabaseHandle[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "almanac-embedded-"));
});

afterEach(async () => {
  for (const handle of open.splice(0)) await handle.close();
  await rm(root, { recursive: true, force: true });
});

async function openIn(dataDir: string): Promise<DatabaseHandle> {
  // A folder gets a cluster of its own, as in life; in memory the ready one saves three seconds.
  const archivePath = dataDir === "memory" ? await embeddedTemplate() : undefined;
  const handle = await openDatabase({ dataDir, archivePath });
  open.push(handle);
  return handle;
}

/** A process that ran and is gone: its number names nobody. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("an embedded database", () => {
  it("makes its folder, keeps its rows over a restart, and frees the folder when closed", async () => {
    const dataDir = join(root, "not", "there", "yet");
    const first = await openIn(dataDir);
    await first.client.exec("create table notes (text text); insert into notes values ('kept')");
    await first.close();
    expect(existsSync(join(dataDir, "almanac.lock"))).toBe(false);
    const second = await openIn(dataDir);
    expect(await rows(second.db, sql`select text from notes`)).toEqual([{ text: "kept" }]);
  });

  it("lets nobody else into its folder, and says who has it", async () => {
    await openIn(root);
    const error = await openDatabase({ dataDir: root }).catch((reason: unknown) => reason);
    expect(isAppError(error, "data_folder_in_use")).toBe(true);
    expect(error).toHaveProperty(
      "message",
      `Another Almanac (pid ${process.pid}) already uses ${root}. Stop it or pass --data with another folder.`,
    );
  });

  it("loses no acknowledged row when its process is killed, and opens again", async () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(new URL("../open.ts", import.meta.url).href)};
      const { client } = await openDatabase({ dataDir: ${JSON.stringify(root)} });
      await client.exec("create table written (n int)");
      for (let n = 1; ; n += 1) {
        await client.query("insert into written values ($1)", [n]);
        console.log(n);
      }
    `;
    const args = ["--input-type=module-typescript", "--eval", script];
    const { lines } = await runAndKill(args, { when: (said) => said.length >= 200 });
    const acknowledged = lines.length;
    expect(existsSync(join(root, "almanac.lock"))).toBe(true);
    const reopened = await openIn(root);
    const [found] = await rows<{ count: number }>(reopened.db, sql`select count(*) as count from written`);
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    expect(found?.count).toBeGreaterThanOrEqual(acknowledged);
  });

  it("leaves the thread of the server free while a long query runs", async () => {
    const { client } = await openIn("memory");
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    await client.query("select count(*) from generate_series(1, 1500000) as n where sqrt(n) > 5");
    clearInterval(ticking);
    // In the same thread there would be none.
    expect(turns).toBeGreaterThan(5);
  });

  it("starts from an archive of another one", async () => {
    const first = await openIn("memory");
    await first.client.exec("create table notes (text text); insert into notes values ('archived')");
    const archive = await first.dump?.();
    const archivePath = join(root, "archive.tar");
    await writeFile(archivePath, archive ?? "");
    const second = await openDatabase({ dataDir: "memory", archivePath });
    open.push(second);
    expect(await rows(second.db, sql`select text from notes`)).toEqual([{ text: "archived" }]);
  });

  it("has trigrams and unaccented text at hand", async () => {
    const { client } = await openIn("memory");
    const { rows: found } = await client.query(
      "select similarity('tomato', 'tomatoe') > 0.5 as close, unaccent('pâtisson') as plain",
    );
    expect(found).toEqual([{ close: true, plain: "patisson" }]);
  });
});

describe("the lock of a folder", () => {
  const lockPath = () => join(root, "almanac.lock");

  it("is taken over from a process that no longer runs", async () => {
    await writeFile(lockPath(), JSON.stringify({ pid: await deadPid(), processStart: "1", token: "old" }));
    const lock = await lockFolder(root);
    expect(JSON.parse(await readFile(lockPath(), "utf8"))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(existsSync(lockPath())).toBe(false);
  });

  it.skipIf(!existsSync("/proc/self/stat"))(
    "is taken over when its number now belongs to a process that started at another time",
    async () => {
      await writeFile(lockPath(), JSON.stringify({ pid: process.pid, processStart: "1", token: "old" }));
      await (await lockFolder(root)).release();
    },
  );

  it("is taken over when the file is cut short", async () => {
    await writeFile(lockPath(), '{"pid": 1');
    await (await lockFolder(root)).release();
  });

  it("goes to one of many that find the same dead lock", async () => {
    await mkdir(root, { recursive: true });
    await writeFile(lockPath(), JSON.stringify({ pid: await deadPid(), processStart: "1", token: "old" }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(root)));
    const taken = results.filter((result) => result.status === "fulfilled");
    expect(taken).toHaveLength(1);
    await taken[0]?.value.release();
  });

  it("is not removed by a release when another has taken it since", async () => {
    const lock = await lockFolder(root);
    await writeFile(lockPath(), JSON.stringify({ pid: process.pid, processStart: "", token: "another" }));
    await lock.release();
    expect(existsSync(lockPath())).toBe(true);
  });
});
