export { describeOnEveryDatabase } from "./testing/suites.ts";
export type { SuiteDatabase } from "./testing/suites.ts";
export { openTestDatabase, openTestFolder } from "./testing/test-database.ts";
export type { TestDatabase } from "./testing/test-database.ts";
export { testDatabaseUrl, testRedisUrl } from "./testing/services.ts";
export { runAndKill, withFolder } from "./testing/killing.ts";
export type { EndedProcess, Killing } from "./testing/killing.ts";
