import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { invariant } from "@almanac/kernel";
import type { Database, DatabaseHandle } from "../open.ts";
import { dropKeptRows, keepRows, putBackRows } from "./kept-rows.ts";
import { testDatabaseUrl } from "./services.ts";
import { openTestDatabase } from "./test-database.ts";
import type { TestDatabase } from "./test-database.ts";

type DriverName = "pglite" | "postgres";

/** Longer than the first start on a busy machine, which has to make the template. */
const openTimeoutMs = 120_000;

/** One database of each kind per test file: opened by the first suite that needs it, closed with the file. */
const opened = new Map<DriverName, Promise<TestDatabase>>();

export interface SuiteDatabase extends TestDatabase {
  /**
   * Fills the empty tables: by `work` the first time that the suite asks for it under this name, afterwards with copies of the
   * rows that it wrote then, ids and moments included. For what many tests start from and takes many statements to write.
   */
  fill: (name: string, work: () => Promise<unknown>) => Promise<void>;
}

/**
 * Runs the same tests on PGlite and, where `TEST_DATABASE_URL` is set, on PostgreSQL; where it is not, a skipped test
 * named "PostgreSQL: not configured" says so. Every test starts with empty tables. The members of `test` may be read
 * inside tests and hooks only.
 *
 * @param options.keepData  leave the rows of one test for the next; they are removed before the suite all the same
 */
export function describeOnEveryDatabase(
  name: string,
  body: (test: SuiteDatabase) => void,
  { keepData = false }: { keepData?: boolean } = {},
): void {
  describe(`${name} (PGlite)`, () => suite("pglite", body, keepData));
  if (testDatabaseUrl()) describe(`${name} (PostgreSQL)`, () => suite("postgres", body, keepData));
  else describe(name, () => it.skip("PostgreSQL: not configured"));
}

function suite(driver: DriverName, body: (test: SuiteDatabase) => void, keepData: boolean): void {
  let current: TestDatabase | undefined;
  const live = (): TestDatabase => {
    invariant(current, "The test database is open inside tests and hooks only");
    return current;
  };
  beforeAll(async () => {
    const database = opened.get(driver) ?? openTestDatabase(driver);
    opened.set(driver, database);
    current = await database;
    await current.reset();
  }, openTimeoutMs);
  /** Schemas of rows that were kept, by the name of what filled them. */
  const kept = new Map<string, string>();
  afterAll(async () => {
    for (const schema of kept.values()) await dropKeptRows(live().handle, schema);
    kept.clear();
  }, openTimeoutMs);
  const fill = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const known = kept.get(name);
    if (known !== undefined) return putBackRows(live().handle, known);
    await work();
    const schema = `kept_${kept.size}`;
    await keepRows(live().handle, schema);
    kept.set(name, schema);
  };
  if (!keepData) beforeEach(() => live().reset(), openTimeoutMs);
  body({
    get db(): Database {
      return live().db;
    },
    get handle(): DatabaseHandle {
      return live().handle;
    },
    driver,
    get url(): string | undefined {
      return live().url;
    },
    fill,
    reset: () => live().reset(),
    close: () => live().close(),
  });
}

// Importing this file happens while a test file is collected, so this belongs to the file, after all of its suites.
afterAll(async () => {
  for (const database of opened.values()) await (await database).close();
  opened.clear();
}, openTimeoutMs);
