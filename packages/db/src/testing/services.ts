/** The PostgreSQL that tests may create databases on, or `undefined`: then what needs it is skipped by name. */
export function testDatabaseUrl(): string | undefined {
  return process.env["TEST_DATABASE_URL"] || undefined;
}

/** The Redis that tests may use, or `undefined`: then what needs it is skipped by name. */
export function testRedisUrl(): string | undefined {
  return process.env["TEST_REDIS_URL"] || undefined;
}
