import type { ErrorCode } from "@almanac/kernel";

/** What a shopper reads for each refusal: what happened and what to do next. */
export const refusalWords = {
  input_invalid: "Something in the form is not right. Please check it and send it again.",
  id_malformed: "This link is incomplete. Please go back and try again.",
  quantity_not_positive: "Please choose at least one.",
  image_unreadable: "This picture cannot be read.",
  weights_do_not_sum: "These weights do not add up to one.",
  experiment_arm_unknown: "An arm of this experiment names what there is not.",
  sign_in_required: "Please sign in first.",
  api_key_invalid: "This key is not valid.",
  ticket_invalid: "This page has been open for long. Please reload it.",
  step_up_required: "Please give your password once more.",
  not_collected: "These lines are not marked as collected.",
  collection_final: "This was handed over more than a day ago and stays so.",
  password_wrong: "That is not your password.",
  right_missing: "Your account may not do this.",
  origin_not_allowed: "This form came from another page. Please reload and try again.",
  not_a_buyer: "Only people who bought it can rate it. Once you have ordered it, come back and tell us.",
  demo_accounts_off: "The demo accounts are switched off here.",
  user_mismatch: "This belongs to another account.",
  topic_forbidden: "These news are not yours to read.",
  not_found: "We could not find that.",
  method_not_allowed: "This page does not take what was sent. Please go back and try again.",
  market_not_found: "There is no such market.",
  farm_not_found: "There is no such farm at our markets.",
  product_not_found: "This product is not on sale.",
  variant_not_found: "This size is not on sale any more.",
  lot_not_found: "There is no such lot.",
  order_not_found: "We could not find this order. Sign in with the account that placed it.",
  stall_sale_not_found: "There is no such sale.",
  slot_not_found: "This pickup time is not offered any more. Please choose another one.",
  window_not_found: "This market day is not planned any more.",
  user_not_found: "There is no such account.",
  shopper_not_found: "We do not know this browser. Please reload the page.",
  api_key_not_found: "There is no such key.",
  image_not_found: "This picture is gone.",
  mail_not_found: "There is no such mail.",
  archive_not_found: "This was restored already.",
  experiment_not_found: "There is no such experiment.",
  ranking_version_not_found: "There is no such version.",
  price_decision_not_found: "This was taken back already.",
  planting_not_found: "This planting is not in the calendar.",
  calendar_feed_not_found: "This calendar address is not valid any more.",
  advice_not_found: "There is no such advice.",
  sold_out: "Somebody was faster: there is not enough left.",
  in_stock: "It is back already: you can put it in your basket now.",
  cart_empty: "Your basket is empty.",
  cart_changed: "Your basket changed since this page was shown. Please look it over and order again.",
  slot_full: "This pickup time has just filled up. Please choose another one.",
  window_closed: "This market day takes no more orders.",
  order_not_editable: "This order can no longer be changed.",
  email_taken: "There is an account with this e-mail address already. Sign in instead?",
  slug_taken: "This name is taken.",
  already_collected: "This has been collected already.",
  idempotency_key_reused: "Your basket changed while you ordered. Please look it over and order again.",
  stall_short: "There is not that much left.",
  stall_sale_final: "This was sold more than a day ago, so it stands.",
  stock_would_be_negative: "There is not that much in stock.",
  last_operator: "Somebody has to stay in charge.",
  product_not_sellable: "This product cannot be ordered right now.",
  lot_code_taken: "This lot code is taken.",
  window_exists: "This market day is planned already.",
  slot_exists: "This pickup time exists already.",
  slot_in_use: "Orders are placed for this pickup time.",
  experiment_not_editable: "This experiment cannot be changed in this state.",
  experiment_key_taken: "There is an experiment with that key already.",
  namespace_taken: "Another experiment is in the way.",
  simulation_off: "Nothing is made up here.",
  ranking_changed: "Somebody else switched the ranking meanwhile.",
  nothing_to_roll_back: "There is nothing earlier to go back to.",
  price_below_floor: "This price is below your own floor.",
  price_plan_not_found: "This planned price is not there any more.",
  price_plan_overlaps: "Another price is planned for some of these days.",
  price_plan_over: "This planned price is over.",
  suggestion_changed: "The price or its suggestion has changed. Look again.",
  advice_answered: "This was answered already.",
  advice_expired: "This advice has run out.",
  model_corrupt: "This model's file is damaged.",
  model_version_not_found: "There is no such version.",
  model_not_serving: "This cannot be worked out right now.",
  rollout_not_possible: "This cannot be rolled out right now.",
  test_switch_off: "That is for trying things out only.",
  too_many_requests: "That was a lot at once. Please wait a minute and try again.",
  too_many_connections: "Very many people are here right now. Please try again in a minute.",
  payment_declined: "The card was declined. Nothing was charged.",
  payment_provider_down:
    "The card provider does not answer. Nothing was charged; please try again in a moment.",
  mail_server_down: "The mail could not be sent. Please try again later.",
  search_engine_unavailable: "The search does not answer right now. Please try again in a moment.",
  database_unavailable: "We cannot reach our books right now. Please try again in a moment.",
  data_folder_in_use: "We are being restarted. Please try again in a moment.",
  schema_mismatch: "We are being updated. Please try again in a few minutes.",
  recommendations_not_built: "Suggestions are being prepared. Please try again in a moment.",
  starting_up: "We are just opening. Please try again in a moment.",
  invariant_failed: "Something went wrong on our side. Please try again.",
} as const satisfies Record<ErrorCode, string>;

export interface Refusal {
  readonly code: ErrorCode;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The words for a code from the address or an answer; `undefined` for what is no code. */
export function wordsFor(code: string | null | undefined): string | undefined {
  return isErrorCode(code) ? refusalWords[code] : undefined;
}

/**
 * The refusal inside an error that a procedure threw. Told by shape: the server and this bundle each have their own copy
 * of the class.
 *
 * @returns `undefined` for a bug, which is nobody's to explain away
 */
export function findRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const candidate of [error, error.cause]) {
    if (!(candidate instanceof Error) || !("code" in candidate)) continue;
    const code: unknown = candidate.code;
    if (candidate.name === "AppError" && isErrorCode(code) && code !== "invariant_failed") {
      return { code, text: refusalWords[code], details: detailsOf(candidate) };
    }
    if (candidate.name === "TRPCError" && code === "BAD_REQUEST") {
      return { code: "input_invalid", text: refusalWords.input_invalid, details: {} };
    }
  }
  return undefined;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(refusalWords, code);
}

function detailsOf(error: object): Readonly<Record<string, unknown>> {
  const details: unknown = "details" in error ? error.details : undefined;
  return typeof details === "object" && details !== null ? { ...details } : {};
}
