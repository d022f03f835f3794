import type { Driver, QueryOptions, QueryResult, SqlConnection } from "../driver/client.ts";
import type { DatabaseLog } from "../log.ts";
import { NotificationListener } from "./listener.ts";
import { ConnectionPool } from "./pool.ts";
import { fullPoolSettings } from "./settings.ts";
import type { PoolSettings } from "./settings.ts";

/** PostgreSQL over a pool of guarded connections, and one more for notifications once somebody listens. */
export class PostgresDriver implements Driver {
  readonly name = "postgres";
  readonly #pool: ConnectionPool;
  readonly #listener: NotificationListener;

  private constructor(pool: ConnectionPool, listener: NotificationListener) {
    this.#pool = pool;
    this.#listener = listener;
  }

  /** Connects once, to fail early. @throws AppError `database_unavailable` */
  static async open(url: string, settings: PoolSettings, log?: DatabaseLog): Promise<PostgresDriver> {
    const full = fullPoolSettings(settings);
    const pool = new ConnectionPool(url, full, log);
    const driver = new PostgresDriver(pool, new NotificationListener(url, full, log));
    try {
      await driver.query("select 1", [], {});
      return driver;
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  query<Row>(text: string, params: readonly unknown[], options: QueryOptions): Promise<QueryResult<Row>> {
    return this.#pool.lease((connection) => connection.query<Row>(text, [...params], options));
  }

  lease<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    return this.#pool.lease(work);
  }

  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    return this.#listener.listen(channel, callback);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#listener.close()]);
  }
}
