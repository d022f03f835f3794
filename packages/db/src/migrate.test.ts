import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, describe, expect, it } from "vitest";
import { isAppError } from "@almanac/kernel";
import { migrate, migrationsPending } from "./migrate.ts";
import { readMigrations } from "./migrations.ts";
import { openDatabase } from "./open.ts";
import type { DatabaseHandle } from "./open.ts";
import { rows } from "./rows.ts";
import { testDatabaseUrl } from "./testing.ts";
import { createEmptyServerDatabase } from "./testing/server-template.ts";

const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing) await close();
});

async function emptyEmbedded(): Promise<DatabaseHandle[]> {
  const handle = await openDatabase({ dataDir: "memory" });
  closing.push(() => handle.close());
  return [handle, handle, handle, handle];
}

/** Four pools, as four processes would have. */
async function emptyServer(): Promise<DatabaseHandle[]> {
  const { url, drop } = await createEmptyServerDatabase(testDatabaseUrl() ?? "");
  const handles = await Promise.all(
    [1, 2, 3, 4].map(() => openDatabase({ url, pool: { maxConnections: 2 } })),
  );
  closing.push(async () => {
    await Promise.all(handles.map((handle) => handle.close()));
    await drop();
  });
  return handles;
}

describe.each([
  { driver: "PGlite", open: emptyEmbedded, isThere: true },
  { driver: "PostgreSQL", open: emptyServer, isThere: testDatabaseUrl() !== undefined },
])("migrations on $driver", ({ driver, open, isThere }) => {
  const skip = isThere ? "" : `${driver}: not configured, `;

  it.skipIf(!isThere)(
    `${skip}run once when four start at the same time, and refuse a foreign schema`,
    async () => {
      const handles = await open();
      const [handle] = handles;
      if (!handle) return;
      const names = (await readMigrations()).map(({ name }) => name);
      expect(await migrationsPending(handle)).toEqual(names);
      const runs = await Promise.all(handles.map((each) => migrate(each)));
      expect(runs.toSorted((a, b) => b.length - a.length)).toEqual([names, [], [], []]);
      expect(await migrationsPending(handle)).toEqual([]);
      expect(await rows(handle.db, sql`select name from almanac_migrations order by name`)).toEqual(
        names.map((name) => ({ name })),
      );

      await handle.client.query("update almanac_migrations set hash = 'other' where name = '0001_initial'");
      await expect(migrate(handle)).rejects.toSatisfy((error) => isAppError(error, "schema_mismatch"));
      await expect(migrationsPending(handle)).rejects.toSatisfy((error) =>
        isAppError(error, "schema_mismatch"),
      );
    },
  );
});

it("brings up the database of an earlier version, with what is in it", async () => {
  const [handle] = await emptyEmbedded();
  if (!handle) return;
  const migrations = await readMigrations();
  await migrate(handle, migrations.slice(0, 2));
  await handle.client.query("insert into settings (key, value) values ('greeting', '{}')");
  expect(await migrate(handle)).toEqual(migrations.slice(2).map(({ name }) => name));
  expect(await rows(handle.db, sql`select key from settings`)).toEqual([{ key: "greeting" }]);
});

describe("the migrations", () => {
  it("give what the schema says today, and none was changed since it was sealed", async () => {
    // In a process of its own, as drizzle-kit reads the schema by Node's own imports.
    const script = fileURLToPath(new URL("../scripts/generate.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [script, "--check"]);
  });
});
