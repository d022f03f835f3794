/** Who must act: see the table in docs/errors.md. */
export type ErrorCategory =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "limited"
  | "unavailable"
  | "internal";

/**
 * Every refusal the product can give, with who must act. Each code has a paragraph in docs/errors.md; a test holds the
 * page against this list.
 */
export const errorCategories = {
  input_invalid: "invalid",
  id_malformed: "invalid",
  quantity_not_positive: "invalid",
  image_unreadable: "invalid",
  weights_do_not_sum: "invalid",
  experiment_arm_unknown: "invalid",
  password_wrong: "invalid",
  price_below_floor: "invalid",

  sign_in_required: "unauthenticated",
  api_key_invalid: "unauthenticated",
  ticket_invalid: "unauthenticated",

  right_missing: "forbidden",
  step_up_required: "forbidden",
  origin_not_allowed: "forbidden",
  not_a_buyer: "forbidden",
  demo_accounts_off: "forbidden",
  user_mismatch: "forbidden",
  topic_forbidden: "forbidden",
  simulation_off: "forbidden",
  test_switch_off: "forbidden",

  not_found: "not_found",
  method_not_allowed: "not_found",
  market_not_found: "not_found",
  farm_not_found: "not_found",
  product_not_found: "not_found",
  variant_not_found: "not_found",
  lot_not_found: "not_found",
  order_not_found: "not_found",
  stall_sale_not_found: "not_found",
  slot_not_found: "not_found",
  window_not_found: "not_found",
  user_not_found: "not_found",
  shopper_not_found: "not_found",
  api_key_not_found: "not_found",
  image_not_found: "not_found",
  mail_not_found: "not_found",
  archive_not_found: "not_found",
  experiment_not_found: "not_found",
  ranking_version_not_found: "not_found",
  price_decision_not_found: "not_found",
  price_plan_not_found: "not_found",
  planting_not_found: "not_found",
  calendar_feed_not_found: "not_found",
  advice_not_found: "not_found",
  model_version_not_found: "not_found",

  sold_out: "conflict",
  in_stock: "conflict",
  cart_empty: "conflict",
  cart_changed: "conflict",
  slot_full: "conflict",
  window_closed: "conflict",
  order_not_editable: "conflict",
  email_taken: "conflict",
  slug_taken: "conflict",
  already_collected: "conflict",
  not_collected: "conflict",
  collection_final: "conflict",
  idempotency_key_reused: "conflict",
  stock_would_be_negative: "conflict",
  stall_short: "conflict",
  stall_sale_final: "conflict",
  last_operator: "conflict",
  product_not_sellable: "conflict",
  lot_code_taken: "conflict",
  window_exists: "conflict",
  slot_exists: "conflict",
  slot_in_use: "conflict",
  experiment_not_editable: "conflict",
  experiment_key_taken: "conflict",
  namespace_taken: "conflict",
  ranking_changed: "conflict",
  nothing_to_roll_back: "conflict",
  suggestion_changed: "conflict",
  price_plan_overlaps: "conflict",
  price_plan_over: "conflict",
  advice_answered: "conflict",
  advice_expired: "conflict",
  model_corrupt: "conflict",
  rollout_not_possible: "conflict",

  too_many_requests: "limited",
  too_many_connections: "limited",

  payment_declined: "conflict",
  payment_provider_down: "unavailable",
  mail_server_down: "unavailable",
  database_unavailable: "unavailable",
  data_folder_in_use: "unavailable",
  schema_mismatch: "unavailable",
  starting_up: "unavailable",
  recommendations_not_built: "unavailable",
  search_engine_unavailable: "unavailable",
  model_not_serving: "unavailable",

  invariant_failed: "internal",
} as const satisfies Record<string, ErrorCategory>;

export type ErrorCode = keyof typeof errorCategories;

export interface AppErrorOptions {
  /** Facts for the caller and the log; never a secret, an e-mail or a phone number. */
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** A refusal with a code from the one list. The message is for the log and the developer; pages choose words by code. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get category(): ErrorCategory {
    return errorCategories[this.code];
  }
}

/** An error with what caused it, in one line: for whoever runs the place, not for callers. */
export function wordsWithCause({ message, cause }: Error): string {
  if (!(cause instanceof Error) || message.includes(cause.message)) return message;
  return `${message.replace(/\.$/, "")}: ${wordsWithCause(cause)}`;
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}
