import { errorCategories, type ErrorCode } from "@almanac/kernel";

/** A refusal by the product, as a page sees it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What is wrong, by the name of the input; empty unless the input was the reason. */
  readonly problems: Readonly<Record<string, string>>;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The refusal at the bottom of a chain of causes. It is known by its name and code: the server's class of errors is not
 * the one that was bundled with the pages.
 */
export function findRefusal(error: unknown): Refusal | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at.name === "AppError" && "code" in at && isErrorCode(at.code)) {
      const details = "details" in at && isRecord(at.details) ? at.details : {};
      const field = details["field"];
      const problems = typeof field === "string" ? { [field]: at.message } : {};
      return { code: at.code, message: at.message, details, problems };
    }
    const issues = issuesOf(at);
    if (issues) {
      const problems = Object.fromEntries(
        issues.map((issue) => [String(issue.path[0] ?? ""), sentence(issue.message)]),
      );
      const message = issues[0] ? sentence(issues[0].message) : "The input is not valid.";
      return { code: "input_invalid", message, details: {}, problems };
    }
  }
  return undefined;
}

export function statusOf(code: ErrorCode): number {
  return httpStatus[errorCategories[code]];
}

const httpStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
} as const;

/** What a person reads. Codes without words of their own say what the product said. */
export function wordsFor({ code, message, details }: Refusal): string {
  if (code === "already_collected") {
    const at = details["collectedAt"];
    const time = typeof at === "string" ? at.slice(11, 16) : undefined;
    const number = details["number"];
    return `Order ${typeof number === "string" ? number : ""} was handed over already${time ? ` (${time} UTC)` : ""}.`;
  }
  return words[code] ?? message;
}

const words: Partial<Record<ErrorCode, string>> = {
  sign_in_required: "Your session has ended. Sign in again.",
  step_up_required: "Please give your password once more.",
  password_wrong: "That is not your password.",
  archive_not_found: "This archive was restored already.",
  not_collected: "This was taken back already.",
  collection_final: "This was handed over more than a day ago, so it stands.",
  right_missing: "You may not do this. Ask an operator for the right.",
  origin_not_allowed: "The form came from another site. Open this page again and repeat it.",
  product_not_found: "This product is not there any more.",
  farm_not_found: "This farm is not at the market.",
  user_not_found: "There is no account with that e-mail.",
  order_not_editable: "This order can no longer be changed: it is packed, collected or cancelled.",
  stock_would_be_negative:
    "That is more than there is on the books. Count what you have and record a recount first.",
  idempotency_key_reused: "This form was sent before with other figures. Open the page again.",
  last_operator: "This is the last operator. Make another one first.",
  product_not_sellable: "Add how it is sold, with a price, before putting it on sale.",
  lot_code_taken: "There is a lot with this code already.",
  window_exists: "Orders for that day are planned already.",
  slot_exists: "A slot starts at that time already.",
  weights_do_not_sum: "The shares do not add up to one.",
  experiment_not_found: "There is no such experiment.",
  experiment_not_editable:
    "That is not possible in this state: a draft can be changed and started, a running experiment stopped.",
  experiment_key_taken: "There is an experiment with that key already.",
  namespace_taken: "A running experiment has part of that range of the namespace.",
  test_switch_off: "A model is made slower in demo and test worlds only.",
  model_version_not_found: "There is no such version of a model.",
  nothing_to_roll_back: "There is no earlier version to go back to.",
  simulation_off: "Shoppers are simulated in demo and test worlds only.",
  slot_in_use: "Somebody picks up in this slot. Set its capacity to 0 instead.",
  image_unreadable: "This file is not a picture we can read. Try a JPEG, PNG or WebP.",
  payment_declined: "The card does not cover this weight. Pack less, or settle the difference at the stall.",
  payment_provider_down: "The card provider does not answer. Try again in a minute.",
  too_many_requests: "That was too fast. Wait a moment and try again.",
  database_unavailable: "The database does not answer. Try again in a minute.",
  price_plan_not_found: "This planned price is not there any more.",
  price_plan_overlaps:
    "Another price is planned for some of these days. Cancel that one first, or choose other days.",
  price_plan_over: "This planned price is over already.",
  suggestion_changed:
    "What this was for has changed since: the price, the plan or the market day. Look at it again.",
  price_decision_not_found: "This was taken back already.",
  planting_not_found: "This planting is not in the calendar any more.",
  slug_taken: "Another one has this name already.",
};

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && code in errorCategories;
}

function issuesOf(error: Error): readonly Issue[] | undefined {
  if (!("issues" in error) || !Array.isArray(error.issues)) return undefined;
  return error.issues.filter(
    (issue): issue is Issue =>
      isRecord(issue) && Array.isArray(issue["path"]) && typeof issue["message"] === "string",
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function sentence(text: string): string {
  const end = /[.!?]$/.test(text) ? "" : ".";
  return text.charAt(0).toUpperCase() + text.slice(1) + end;
}
