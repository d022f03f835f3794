/** Runs in a worker thread: PGlite computes in the thread it lives in, and a long query would stop the server. */
import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { messages, PGlite, types } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { invariant } from "@almanac/kernel";
import type { QueryResult } from "../driver/client.ts";
import type {
  WorkerAnswer,
  WorkerFailure,
  WorkerMessage,
  WorkerRequest,
  WorkerSettings,
} from "./messages.ts";

const port = parentPort;
invariant(port, "embedded/worker.ts runs in a worker thread");
const post = (message: WorkerMessage) => port.postMessage(message);

const asText = (value: string) => value;

async function open({ folder, archivePath }: WorkerSettings): Promise<PGlite> {
  const archive = archivePath === undefined ? undefined : new Blob([await readFile(archivePath)]);
  const database = await PGlite.create({
    dataDir: folder ?? "memory://",
    loadDataDir: archive,
    extensions: { pg_trgm, unaccent },
    // Dates and times stay text, as drizzle expects and as the other driver answers them.
    parsers: {
      [types.DATE]: asText,
      [types.TIMESTAMP]: asText,
      [types.TIMESTAMPTZ]: asText,
      [types.INTERVAL]: asText,
    },
  });
  await database.exec("set time zone 'UTC'");
  return database;
}

/** Without what cannot be sent to another thread, such as a blob. */
function plain<Row>({ rows, fields, affectedRows, command }: QueryResult<Row>): QueryResult<Row> {
  return { rows, fields, affectedRows, command };
}

async function answer(database: PGlite, request: WorkerRequest): Promise<WorkerAnswer> {
  switch (request.kind) {
    case "query":
      return plain(await database.query(request.text, [...request.params], { rowMode: request.rowMode }));
    case "exec":
      return (await database.exec(request.text)).map((result) => plain(result));
    case "listen":
      await database.listen(request.channel, () => undefined);
      return undefined;
    case "unlisten":
      await database.unlisten(request.channel);
      return undefined;
    case "dump":
      return new Uint8Array(await (await database.dumpDataDir("none")).arrayBuffer());
    case "close":
      await database.close();
      return undefined;
  }
}

function failure(error: unknown): WorkerFailure {
  if (error instanceof messages.DatabaseError && error.code !== undefined) {
    const { code, message, severity, detail, hint, constraint, table, column, position, where } = error;
    return { query: { code, message, severity, detail, hint, constraint, table, column, position, where } };
  }
  if (error instanceof Error) return { message: error.message, stack: error.stack };
  // Trouble with files comes as a plain object from the compiled code.
  return { message: inspect(error, { depth: 1, breakLength: Infinity }) };
}

async function serve(database: PGlite): Promise<void> {
  database.onNotification((channel, payload) => post({ kind: "notification", channel, payload }));
  // One request after another, in the order they were posted.
  let last: Promise<void> = Promise.resolve();
  port?.on("message", (request: WorkerRequest) => {
    last = last.then(async () => {
      try {
        post({ kind: "answer", id: request.id, value: await answer(database, request) });
      } catch (error) {
        post({ kind: "refusal", id: request.id, failure: failure(error) });
      }
    });
  });
}

try {
  await serve(await open(workerData as WorkerSettings));
  post({ kind: "ready" });
} catch (error) {
  post({ kind: "failed", failure: failure(error) });
}
