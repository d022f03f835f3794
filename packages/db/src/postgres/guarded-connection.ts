import postgres from "postgres";
import type { Sql } from "postgres";
import type { QueryOptions, QueryResult, SqlConnection } from "../driver/client.ts";
import type { DatabaseLog } from "../log.ts";
import { isPlainRefusal, lostConnection, translated } from "./errors.ts";
import type { FullPoolSettings } from "./settings.ts";
import { StatementHabits } from "./statement-habits.ts";
import { valueTypes } from "./value-types.ts";

/**
 * One connection to PostgreSQL that never becomes another one unnoticed.
 *
 * `postgres` 3.4.9 reconnects under a handle whose backend has died, so that what was meant for a transaction runs
 * outside of it, or inside somebody else's (its issue 1216; 1186 and 1189 are of the same family). So each client here
 * has exactly one connection, statements are sent one at a time so that nothing waits inside the package to be sent
 * after a reconnect, and the first sign of a loss poisons this object: every further statement fails, and the pool
 * throws it away.
 */
export class GuardedConnection implements SqlConnection {
  readonly #sql: Sql;
  readonly #onLost: (connection: GuardedConnection) => void;
  readonly #habits = new StatementHabits();
  #last: Promise<unknown> = Promise.resolve();
  #lost: Error | undefined;

  constructor(
    url: string,
    settings: FullPoolSettings,
    log: DatabaseLog | undefined,
    onLost: (connection: GuardedConnection) => void,
  ) {
    this.#onLost = onLost;
    this.#sql = postgres(url, {
      max: 1,
      // Both timers of the package would cut a transaction in two; the pool closes idle connections itself.
      idle_timeout: 0,
      max_lifetime: 0,
      connect_timeout: settings.connectTimeoutMs / 1000,
      types: valueTypes,
      fetch_types: false,
      onnotice: (notice) => log?.info({ notice: notice["message"] }, "the database sent a notice"),
      onclose: () => this.#poison(lostConnection(new Error("the connection was closed"))),
      connection: {
        application_name: settings.applicationName,
        statement_timeout: settings.statementTimeoutMs,
        idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
        TimeZone: "UTC",
        DateStyle: "ISO",
        // Statements here are short; compiling one, because its cost was overrated, takes longer than running it.
        jit: "off",
      },
    });
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  query<Row>(text: string, params: unknown[] = [], options: QueryOptions = {}): Promise<QueryResult<Row>> {
    return this.#inTurn(async () => {
      const prepare = this.#habits.isUsual(text);
      const pending = this.#sql.unsafe<object[]>(text, params as string[], { prepare });
      return resultOf<Row>(await (options.rowMode === "array" ? pending.values() : pending));
    });
  }

  exec(text: string): Promise<QueryResult[]> {
    return this.#inTurn(async () => {
      const answer: ServerResult | ServerResult[] = await this.#sql.unsafe<object[]>(text).simple();
      return isListOfResults(answer) ? answer.map((each) => resultOf(each)) : [resultOf(answer)];
    });
  }

  /** Ends the connection; a statement under way fails. */
  async close(): Promise<void> {
    this.#poison(lostConnection(new Error("the connection was ended here")));
    await this.#sql.end({ timeout: 0 });
  }

  #inTurn<T>(send: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#lost) throw this.#lost;
      try {
        return await send();
      } catch (error) {
        const reason = translated(error);
        // Between a socket's error and its close the package still accepts statements, and would send them later.
        if (!isPlainRefusal(error)) this.#poison(reason instanceof Error ? reason : lostConnection(reason));
        throw reason;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #poison(reason: Error): void {
    if (this.#lost) return;
    this.#lost = reason;
    this.#onLost(this);
  }
}

/** What `postgres` answers, in so far as it is used here. */
interface ServerResult extends Iterable<unknown> {
  columns?: readonly { name: string; type: number }[];
  count: number | null;
  command: string;
}

/** A script of several statements answers an array of results, each an array of rows; one statement just its rows. */
function isListOfResults(answer: ServerResult | ServerResult[]): answer is ServerResult[] {
  return Array.isArray(answer) && Array.isArray(answer[0]);
}

function resultOf<Row>(result: ServerResult): QueryResult<Row> {
  return {
    rows: [...result] as Row[],
    fields: (result.columns ?? []).map(({ name, type }) => ({ name, dataTypeID: type })),
    affectedRows: result.command === "SELECT" ? 0 : (result.count ?? 0),
    command: result.command,
  };
}
