/**
 * Rebuilds the one initial migration from the schema. This is how it goes before the first release, while no database
 * has to survive a change; afterwards `drizzle-kit generate --name <what>` adds a migration beside it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { currentSnapshot, emptySnapshot, statementsBetween } from "./snapshot.ts";

const folder = new URL("../drizzle/", import.meta.url);
const snapshot = currentSnapshot("00000000-0000-0000-0000-000000000001");
const statements = await statementsBetween(emptySnapshot(), snapshot);

const entry = (idx: number, tag: string) => ({ idx, version: "7", when: idx, tag, breakpoints: true });
const journal = {
  version: "7",
  dialect: "postgresql",
  entries: [entry(0, "0000_extensions"), entry(1, "0001_initial")],
};

await mkdir(new URL("meta/", folder), { recursive: true });
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
await writeFile(new URL("0001_initial.sql", folder), `${statements.join("\n--> statement-breakpoint\n")}\n`);
await writeFile(new URL("meta/_journal.json", folder), json(journal));
await writeFile(new URL("meta/0001_snapshot.json", folder), json(snapshot));
console.log(`drizzle/0001_initial.sql: ${statements.length} statements`);
