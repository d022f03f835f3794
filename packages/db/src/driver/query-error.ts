/** What the server said about a failed statement, under PostgreSQL's names. */
export interface QueryErrorFields {
  /** SQLSTATE, five characters: "23505" is a broken unique constraint. */
  code: string;
  message: string;
  severity?: string;
  detail?: string;
  hint?: string;
  constraint?: string;
  table?: string;
  column?: string;
  position?: string;
  where?: string;
}

/** A statement was refused by the database. The same class and fields for both drivers. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: string;
  readonly severity: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly position: string | undefined;
  readonly where: string | undefined;

  constructor(fields: QueryErrorFields) {
    super(fields.message);
    this.code = fields.code;
    this.severity = fields.severity;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.constraint = fields.constraint;
    this.table = fields.table;
    this.column = fields.column;
    this.position = fields.position;
    this.where = fields.where;
  }
}

/** The `QueryError` in an error or in one of its causes (drizzle wraps what its driver throws). */
export function findQueryError(error: unknown): QueryError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof QueryError) return at;
  }
  return undefined;
}

/** Whether a statement broke a unique constraint or index; with a name, whether it broke that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = findQueryError(error);
  return found?.code === "23505" && (constraint === undefined || found.constraint === constraint);
}

/** Whether a statement pointed at a row that is not there, or removed one that is pointed at. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  const found = findQueryError(error);
  return found?.code === "23503" && (constraint === undefined || found.constraint === constraint);
}

/** Whether a check such as `stock_not_negative` refused a row. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  const found = findQueryError(error);
  return found?.code === "23514" && (constraint === undefined || found.constraint === constraint);
}

/** Whether the transaction lost against another one and may simply be run again: 40001, or a deadlock, 40P01. */
export function isSerializationFailure(error: unknown): boolean {
  const code = findQueryError(error)?.code;
  return code === "40001" || code === "40P01";
}
