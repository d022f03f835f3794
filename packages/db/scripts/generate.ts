/**
 * Rebuilds the one initial migration from the schema. This is how it goes before the first release, while no database
 * has to survive a change; afterwards `drizzle-kit generate --name <what>` adds a migration beside it. With `--check`
 * nothing is written, and the exit code is 1 if the files are not what the schema says.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import * as schema from "../src/schema/index.ts";

const folder = new URL("../drizzle/", import.meta.url);
/** drizzle-kit gives every snapshot a new random id; a fixed one lets the same schema give the same files. */
const emptyId = "00000000-0000-0000-0000-000000000000";
const initialId = "00000000-0000-0000-0000-000000000001";

const snapshotOf = (tables: Record<string, unknown>, id: string) => ({
  ...generateDrizzleJson(tables, emptyId, undefined, "snake_case"),
  id,
});

async function generatedFiles(): Promise<Map<string, string>> {
  const snapshot = snapshotOf({ ...schema }, initialId);
  // Written out first: drizzle-kit changes the snapshots it compares.
  const snapshotText = json(snapshot);
  const statements = await generateMigration(snapshotOf({}, emptyId), snapshot);
  const entry = (idx: number, tag: string) => ({ idx, version: "7", when: idx, tag, breakpoints: true });
  const entries = [entry(0, "0000_extensions"), entry(1, "0001_initial"), entry(2, "0002_noted_changes")];
  return new Map([
    ["0001_initial.sql", `${statements.join("\n--> statement-breakpoint\n")}\n`],
    ["meta/_journal.json", json({ version: "7", dialect: "postgresql", entries })],
    ["meta/0001_snapshot.json", snapshotText],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const files = await generatedFiles();
if (process.argv.includes("--check")) {
  for (const [name, text] of files) {
    if ((await readFile(new URL(name, folder), "utf8")) === text) continue;
    console.error(`drizzle/${name} is not what the schema says. Run: pnpm --filter @almanac/db generate`);
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL("meta/", folder), { recursive: true });
  for (const [name, text] of files) await writeFile(new URL(name, folder), text);
  console.log(`wrote ${[...files.keys()].map((name) => `drizzle/${name}`).join(", ")}`);
}
