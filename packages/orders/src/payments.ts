import type { Cents } from "@almanac/kernel";

/** What the provider knows about one card authorisation. */
export interface Charge {
  /** The provider's own name for it. */
  readonly reference: string;
  readonly status: "authorised" | "captured" | "released" | "declined";
  readonly authorisedCents: Cents;
  readonly capturedCents: Cents;
}

export interface AuthoriseRequest {
  /** One per intended authorisation: repeating a request with it answers the same charge and takes no more money. */
  readonly idempotencyKey: string;
  readonly amountCents: Cents;
}

export interface ChargeRequest {
  readonly reference: string;
  readonly idempotencyKey: string;
}

/**
 * A card provider. Every call may be repeated with its key. A call that throws has an unknown outcome: `lookup` tells what
 * became of it. Never call it inside a database transaction.
 */
export interface PaymentProvider {
  readonly name: string;
  authorise(request: AuthoriseRequest): Promise<Charge>;
  /** Holds `amountCents` in all instead of what was held; "declined" leaves the earlier hold as it was. */
  adjust(request: ChargeRequest & { readonly amountCents: Cents }): Promise<Charge>;
  /** Takes `amountCents`, at most what is held, and frees the rest. */
  capture(request: ChargeRequest & { readonly amountCents: Cents }): Promise<Charge>;
  release(request: ChargeRequest): Promise<Charge>;
  /** The charge that was authorised with this key; `undefined` when the provider never heard of it. */
  lookup(idempotencyKey: string): Promise<Charge | undefined>;
}
