import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

export interface Migration {
  /** Such as "0001_initial", also the name of its file. */
  name: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal. */
  hash: string;
}

interface Journal {
  entries: { idx: number; tag: string }[];
}

const folder = new URL("../drizzle/", import.meta.url);

/** The migrations of this build, in the order in which they run. */
export async function readMigrations(): Promise<Migration[]> {
  const journal = JSON.parse(await readFile(new URL("meta/_journal.json", folder), "utf8")) as Journal;
  const ordered = journal.entries.toSorted((a, b) => a.idx - b.idx);
  return Promise.all(
    ordered.map(async ({ tag: name }) => {
      const sql = await readFile(new URL(`${name}.sql`, folder), "utf8");
      return { name, sql, hash: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}
