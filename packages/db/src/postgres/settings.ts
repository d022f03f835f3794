export interface PoolSettings {
  /** Connections at most, per process. Default 10; all processes together must fit the server's `max_connections`. */
  maxConnections?: number;
  /** The server ends a statement that runs longer. Default 30 000; 0 for never. */
  statementTimeoutMs?: number;
  /** The server ends a connection that sits idle inside a transaction for longer. Default 60 000; 0 for never. */
  idleInTransactionTimeoutMs?: number;
  /** A connection unused for this long is closed. Default 60 000. */
  idleTimeoutMs?: number;
  /** How long a new connection may take. Default 10 000. */
  connectTimeoutMs?: number;
  /** How long `close` waits for what is under way before it cuts it off. Default 4 000. */
  closeTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
}

export type FullPoolSettings = Required<PoolSettings>;

export function fullPoolSettings(settings: PoolSettings): FullPoolSettings {
  return {
    maxConnections: settings.maxConnections ?? 10,
    statementTimeoutMs: settings.statementTimeoutMs ?? 30_000,
    idleInTransactionTimeoutMs: settings.idleInTransactionTimeoutMs ?? 60_000,
    idleTimeoutMs: settings.idleTimeoutMs ?? 60_000,
    connectTimeoutMs: settings.connectTimeoutMs ?? 10_000,
    closeTimeoutMs: settings.closeTimeoutMs ?? 4_000,
    applicationName: settings.applicationName ?? "almanac",
  };
}
