export { inChunks } from "./chunks.ts";
export type { QueryResult, SqlClient, SqlConnection } from "./driver/client.ts";
export {
  findQueryError,
  isCheckViolation,
  isForeignKeyViolation,
  isSerializationFailure,
  isUniqueViolation,
  QueryError,
} from "./driver/query-error.ts";
export type { DatabaseHealth } from "./health.ts";
export type { DatabaseLog } from "./log.ts";
export { insertMany } from "./insert-many.ts";
export { migrate, migrationsPending } from "./migrate.ts";
export { openDatabase } from "./open.ts";
export type {
  Database,
  DatabaseHandle,
  OpenDatabaseOptions,
  Queryable,
  Schema,
  Transaction,
} from "./open.ts";
export type { PoolSettings } from "./postgres/settings.ts";
export { rows } from "./rows.ts";
export { advisoryLock, retryTransaction, tryAdvisoryLock } from "./transactions.ts";
export type { RetryOptions } from "./transactions.ts";
export { messageWithoutData, wordsWithoutData } from "./words.ts";
