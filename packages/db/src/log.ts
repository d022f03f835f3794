/** The part of a structured logger that the connection uses; pino fits. */
export interface DatabaseLog {
  info(details: Readonly<Record<string, unknown>>, message: string): void;
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}
