import postgres from "postgres";
import { AppError } from "@almanac/kernel";
import { QueryError } from "../driver/query-error.ts";

/** SQLSTATE classes that say the server cannot serve us now: connection, resources, shutdown. */
const unavailable = /^(08|53|57P)/;

const connectionCodes = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whether the server refused a statement and its connection lives on. After anything else it is not to be trusted. */
export function isPlainRefusal(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity !== "FATAL" && error.severity !== "PANIC";
}

/** What the rest of the code sees of an error of the `postgres` package. */
export function translated(error: unknown): unknown {
  if (error instanceof postgres.PostgresError) {
    if (unavailable.test(error.code)) return lostConnection(error);
    // Not kept as its cause: it carries the parameters, and those may be somebody's address.
    return new QueryError({
      code: error.code,
      message: error.message,
      severity: error.severity,
      detail: error.detail,
      hint: error.hint,
      constraint: error.constraint_name,
      table: error.table_name,
      column: error.column_name,
      position: error.position,
      where: error.where,
    });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return connectionCodes.has(code) ? lostConnection(error) : error;
}

/** Callers are told that much; the cause, which names addresses and accounts, is for whoever runs the place. */
export function lostConnection(cause: unknown): AppError {
  return new AppError("database_unavailable", "The database cannot be reached.", { cause });
}
