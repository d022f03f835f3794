/**
 * Adds a migration for what changed in the schema since the last one: `generate <what>`, in words joined by dashes. With
 * `--by-hand` the file is empty and is filled in by its author (triggers, moves of data). What has a line in
 * `meta/hashes.json` is never written again, as databases that ran it refuse a changed one. `--check` writes nothing and ends
 * with 1 where the schema has changed since the last migration, or a migration since its hash was taken; `--seal` takes the
 * hash of what was written by hand.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { readMigrations } from "../src/migrations.ts";
import * as schema from "../src/schema/index.ts";

type Snapshot = ReturnType<typeof generateDrizzleJson>;
interface Journal {
  version: string;
  dialect: string;
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

const folder = new URL("../drizzle/", import.meta.url);
const again = "Run: pnpm --filter @almanac/db generate <what>";

const numbered = (index: number) => String(index).padStart(4, "0");
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const read = async <Shape>(name: string): Promise<Shape> =>
  JSON.parse(await readFile(new URL(name, folder), "utf8")) as Shape;
const write = (name: string, text: string) => writeFile(new URL(name, folder), text);

/** The snapshot of the last migration that changed tables, and the one of today with the SQL between them. */
async function changes(journal: Journal): Promise<{ statements: string[]; snapshot: Snapshot }> {
  const last = await lastSnapshot();
  // A fixed id, as drizzle-kit would give every snapshot a random one: the same schema gives the same files.
  const id = `00000000-0000-0000-0000-${String(journal.entries.length).padStart(12, "0")}`;
  const today = { ...generateDrizzleJson({ ...schema }, last.id, undefined, "snake_case"), id };
  // drizzle-kit changes the snapshots that it compares.
  const snapshot = structuredClone(today);
  return { statements: await generateMigration(last, today), snapshot };
}

async function lastSnapshot(): Promise<Snapshot> {
  const names = await readdir(new URL("meta/", folder));
  const last = names
    .filter((name) => name.endsWith("_snapshot.json"))
    .toSorted()
    .at(-1);
  if (!last) throw new Error("drizzle/meta has no snapshot to compare the schema with");
  return read(`meta/${last}`);
}

async function add(what: string, byHand: boolean): Promise<void> {
  if (!/^[a-z0-9]+([-_][a-z0-9]+)*$/.test(what)) {
    return refuse(`"${what}" is no name for a migration: use a-z, 0-9 and dashes.`);
  }
  const journal = await read<Journal>("meta/_journal.json");
  const idx = journal.entries.length;
  const tag = `${numbered(idx)}_${what.replaceAll("-", "_")}`;
  if (byHand) await write(`${tag}.sql`, "");
  else {
    const { statements, snapshot } = await changes(journal);
    if (statements.length === 0)
      return refuse("The schema is as the last migration left it: nothing to add.");
    await write(`${tag}.sql`, `${statements.join("\n--> statement-breakpoint\n")}\n`);
    await write(`meta/${numbered(idx)}_snapshot.json`, json(snapshot));
  }
  const entry = { idx, version: "7", when: idx, tag, breakpoints: true };
  await write("meta/_journal.json", json({ ...journal, entries: [...journal.entries, entry] }));
  if (!byHand) await seal();
  console.log(`wrote drizzle/${tag}.sql${byHand ? ": fill it in, then run generate --seal" : ""}`);
}

async function seal(): Promise<void> {
  const sealed = await read<Record<string, string>>("meta/hashes.json");
  for (const { name, hash } of await readMigrations()) sealed[name] ??= hash;
  await write("meta/hashes.json", json(sealed));
}

async function problems(): Promise<string[]> {
  const sealed = await read<Record<string, string>>("meta/hashes.json");
  const found = (await readMigrations()).flatMap(({ name, hash }) => {
    if (sealed[name] === undefined) return [`drizzle/${name}.sql has no hash yet. Run generate --seal`];
    if (sealed[name] === hash) return [];
    return [
      `drizzle/${name}.sql was changed: databases that ran it would be refused. Put it back, and add another`,
    ];
  });
  const { statements } = await changes(await read<Journal>("meta/_journal.json"));
  return statements.length > 0
    ? [...found, `The schema has changed since the last migration. ${again}`]
    : found;
}

function refuse(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean" }, seal: { type: "boolean" }, "by-hand": { type: "boolean" } },
});
const [what] = positionals;
if (values.check) {
  for (const problem of await problems()) refuse(problem);
} else if (values.seal) await seal();
else if (what) await add(what, values["by-hand"] ?? false);
else refuse(`What does the migration do? ${again}`);
