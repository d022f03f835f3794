import type { FarmId, MarketId, ShopperId, UserId } from "@almanac/kernel";

/**
 * What a procedure can ask for. An API key carries a list of these as its scopes, and never more than its owner has.
 *
 * - `public`: anyone, signed in or not
 * - `shop`: any shopper, anonymous visitors included
 * - `account`: a signed-in person
 * - `farm.read`, `farm.write`: a member of the farm named in the input
 * - `market.manage`: a manager of the market named in the input
 * - `operate.read`, `operate.write`: an operator
 * - `analyse`: an analyst or an operator
 * - `recommendations.any`: may ask for another shopper's recommendations
 */
export const rights = [
  "public",
  "shop",
  "account",
  "farm.read",
  "farm.write",
  "market.manage",
  "operate.read",
  "operate.write",
  "analyse",
  "recommendations.any",
] as const;

export type Right = (typeof rights)[number];

export type Role = "operator" | "analyst";

/** Who is asking. Resolved once per request, from a session cookie, a visitor cookie or an API key. */
export interface Caller {
  readonly kind: "anonymous" | "user" | "api-key";
  readonly userId?: UserId;
  readonly shopperId?: ShopperId;
  readonly sessionId?: string;
  /** Only for API keys: which one. */
  readonly keyId?: string;
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly Role[];
  readonly farmIds: readonly FarmId[];
  readonly marketIds: readonly MarketId[];
  /** Only for API keys: what the key may do at most. */
  readonly scopes?: readonly Right[];
}

export const anonymousCaller: Caller = { kind: "anonymous", roles: [], farmIds: [], marketIds: [] };

export type Denial = "sign_in_required" | "right_missing";

/**
 * Whether the caller holds a right in general. Farm and market rights are held by whoever belongs to at least one; which
 * one is checked against the input by `farmProcedure` and `marketProcedure`.
 *
 * @returns `undefined` when allowed, else why not
 */
export function denialOf(caller: Caller, right: Right): Denial | undefined {
  if (right === "public") return undefined;
  if (caller.scopes && !caller.scopes.includes(right)) return "right_missing";
  if (right === "shop") return undefined;
  if (!caller.userId) return "sign_in_required";
  return holds(caller, right) ? undefined : "right_missing";
}

function holds(caller: Caller, right: Exclude<Right, "public" | "shop">): boolean {
  const isOperator = caller.roles.includes("operator");
  switch (right) {
    case "account":
      return true;
    case "farm.read":
    case "farm.write":
      return isOperator || caller.farmIds.length > 0;
    case "market.manage":
      return isOperator || caller.marketIds.length > 0;
    case "operate.read":
    case "operate.write":
      return isOperator;
    case "analyse":
    case "recommendations.any":
      return isOperator || caller.roles.includes("analyst");
  }
}

/** Rights that a person could put on an API key of their own. */
export function grantableRights(caller: Caller): Right[] {
  return rights.filter((right) => right !== "public" && denialOf(caller, right) === undefined);
}

export function isOperator(caller: Caller): boolean {
  return caller.roles.includes("operator");
}
