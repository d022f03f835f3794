import { AsyncLocalStorage } from "node:async_hooks";
import { invariant, InvariantError } from "@almanac/kernel";
import type { Driver, QueryOptions, QueryResult, SqlClient, SqlConnection } from "./client.ts";
import { driverParameter } from "./parameters.ts";

/** A transaction as its callback sees it: refuses to be used once it is over. */
class TransactionConnection implements SqlConnection {
  #over = false;
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  get isOver(): boolean {
    return this.#over;
  }

  end(): void {
    this.#over = true;
  }

  async query<Row>(
    text: string,
    params: unknown[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    this.#assertOpen();
    return this.#connection.query<Row>(text, params.map(driverParameter), options);
  }

  async exec(text: string): Promise<QueryResult[]> {
    this.#assertOpen();
    return this.#connection.exec(text);
  }

  #assertOpen(): void {
    invariant(
      !this.#over,
      "A query was sent through a transaction that is over. Await every query inside it.",
    );
  }
}

/**
 * The client that drizzle runs on, the same over both databases.
 *
 * A query through the outer handle from inside a transaction would wait for that transaction for ever on PGlite, which
 * has one connection, and run outside of it on PostgreSQL. Both are bugs, so it is refused on both.
 */
export class GuardedClient implements SqlClient {
  readonly #driver: Driver;
  readonly #current = new AsyncLocalStorage<TransactionConnection>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  async query<Row>(
    text: string,
    params: unknown[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    this.#assertOutside();
    return this.#driver.query<Row>(text, params.map(driverParameter), options);
  }

  async exec(text: string): Promise<QueryResult[]> {
    return this.reserve((connection) => connection.exec(text));
  }

  /** Runs `work` with one connection of its own, outside of a transaction: for session locks and migrations. */
  async reserve<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    this.#assertOutside();
    return this.#driver.lease(async (connection) => {
      try {
        return await work(connection);
      } catch (error) {
        // A script may have begun a transaction of its own; the next user of the connection must not be inside it.
        await rollback(connection);
        throw error;
      }
    });
  }

  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    return this.#driver.listen(channel, callback);
  }

  async transaction<T>(work: (transaction: SqlConnection) => Promise<T>): Promise<T> {
    this.#assertOutside();
    return this.#driver.lease((connection) => {
      const transaction = new TransactionConnection(connection);
      return this.#current.run(transaction, () => runTransaction(connection, transaction, work));
    });
  }

  #assertOutside(): void {
    const current = this.#current.getStore();
    invariant(
      current === undefined || current.isOver,
      "The outer database handle was used inside a transaction. Use the handle that the transaction passes in.",
    );
  }
}

async function runTransaction<T>(
  connection: SqlConnection,
  transaction: TransactionConnection,
  work: (transaction: SqlConnection) => Promise<T>,
): Promise<T> {
  await connection.exec("begin");
  let result: T;
  try {
    result = await work(transaction);
  } catch (error) {
    transaction.end();
    await rollback(connection);
    throw error;
  }
  transaction.end();
  const { command } = await connection.query("commit");
  // The server answers COMMIT with ROLLBACK, and no error, when a statement had failed and its error was caught.
  if (command === "ROLLBACK") {
    throw new InvariantError(
      "A transaction went on after one of its statements had failed, so nothing of it was saved. " +
        "Let the error leave the transaction, or put the statement in a nested one.",
    );
  }
  return result;
}

/** Rolls back, and leaves the error of the transaction to be the one that is reported. */
async function rollback(connection: SqlConnection): Promise<void> {
  try {
    await connection.exec("rollback");
  } catch {
    // Only a lost connection cannot roll back. Its driver discards it, and the server rolls back by itself.
  }
}
