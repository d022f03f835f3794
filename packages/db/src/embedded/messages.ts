import type { QueryResult, RowMode } from "../driver/client.ts";
import type { QueryErrorFields } from "../driver/query-error.ts";

/** How the worker starts. */
export interface WorkerSettings {
  /** Folder of the database, or `undefined` to keep it in memory. */
  folder?: string;
  /** Archive made by `dump`, to start from instead of an empty database. */
  archivePath?: string;
}

export type WorkerCall =
  | { kind: "query"; text: string; params: readonly unknown[]; rowMode: RowMode }
  | { kind: "exec"; text: string }
  | { kind: "listen"; channel: string }
  | { kind: "unlisten"; channel: string }
  | { kind: "dump" }
  | { kind: "close" };

export type WorkerRequest = WorkerCall & { id: number };

/** A refusal by the database carries its fields; anything else only its message. */
export type WorkerFailure = { query: QueryErrorFields } | { message: string; stack?: string };

export type WorkerAnswer = QueryResult<unknown> | QueryResult[] | Uint8Array | undefined;

export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "failed"; failure: WorkerFailure }
  | { kind: "answer"; id: number; value: WorkerAnswer }
  | { kind: "refusal"; id: number; failure: WorkerFailure }
  | { kind: "notification"; channel: string; payload: string };
