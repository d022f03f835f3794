import { invariant } from "@almanac/kernel";
import { openDatabase } from "../open.ts";
import type { Database, DatabaseHandle } from "../open.ts";
import { embeddedTemplate } from "./embedded-template.ts";
import { resetData } from "./reset.ts";
import { createServerDatabase } from "./server-template.ts";
import { testDatabaseUrl } from "./services.ts";

export interface TestDatabase {
  readonly db: Database;
  readonly handle: DatabaseHandle;
  readonly driver: "pglite" | "postgres";
  /** Where another process can reach it; only on PostgreSQL. */
  readonly url?: string;
  /** Removes all rows and restarts the sequences. */
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Opens a migrated, empty database that nobody else uses. `describeOnEveryDatabase` does this for most suites; take it
 * yourself for a second database, or in `beforeAll` of a suite that needs only one driver.
 */
export async function openTestDatabase(driver: "pglite" | "postgres" = "pglite"): Promise<TestDatabase> {
  if (driver === "pglite") {
    const handle = await openDatabase({ dataDir: "memory", archivePath: await embeddedTemplate() });
    return testDatabase(handle, () => handle.close());
  }
  const serverUrl = testDatabaseUrl();
  invariant(serverUrl, "TEST_DATABASE_URL names the PostgreSQL for tests");
  const { url, drop } = await createServerDatabase(serverUrl);
  const handle = await openDatabase({ url, pool: { maxConnections: 5 } });
  return testDatabase(
    handle,
    async () => {
      await handle.close();
      await drop();
    },
    url,
  );
}

/** Opens a migrated, empty embedded database in a new folder, as another process may open it after this one has closed it. */
export async function openTestFolder(dataDir: string): Promise<DatabaseHandle> {
  return openDatabase({ dataDir, archivePath: await embeddedTemplate() });
}

function testDatabase(handle: DatabaseHandle, close: () => Promise<void>, url?: string): TestDatabase {
  return { db: handle.db, handle, driver: handle.driver, url, reset: () => resetData(handle), close };
}
