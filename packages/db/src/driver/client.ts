export type RowMode = "array" | "object";

export interface QueryOptions {
  /** Rows as objects by column name (the default), or as arrays in column order. */
  rowMode?: RowMode;
}

export interface QueryResult<Row = Record<string, unknown>> {
  rows: Row[];
  fields: { name: string; dataTypeID: number }[];
  /** Rows inserted, updated or deleted. */
  affectedRows?: number;
  /** The command that ran, as the server names it: "SELECT", "COMMIT", ... */
  command?: string;
}

/** One conversation with the database: statements run one after another, in the order they were asked for. */
export interface SqlConnection {
  /** Runs one statement. Integers of 64 bits come back as numbers where exact, dates and times as text. */
  query<Row = Record<string, unknown>>(
    text: string,
    params?: unknown[],
    options?: QueryOptions,
  ): Promise<QueryResult<Row>>;
  /** Runs a script of one or more statements without parameters; one result for each. */
  exec(text: string): Promise<QueryResult[]>;
}

/** What each of the two databases provides; everything above it is the same code for both. */
export interface Driver {
  readonly name: "pglite" | "postgres";
  /** Runs one statement outside of any transaction. */
  query<Row>(text: string, params: readonly unknown[], options: QueryOptions): Promise<QueryResult<Row>>;
  /** Lends one connection to `work` alone, until the promise of `work` settles. */
  lease<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /** Calls `callback` for each notification on the channel, until the returned function is called. */
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** The part of PGlite's interface that drizzle and the job queue use, over either database. */
export interface SqlClient extends SqlConnection {
  transaction<T>(work: (transaction: SqlConnection) => Promise<T>): Promise<T>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
}
