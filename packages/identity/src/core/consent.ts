export type TrackingConsent = "unset" | "granted" | "denied";

/**
 * Whether what a shopper does may be remembered. Until they answer, their own browser may have a memory for their own
 * recommendations, shown beside a banner that refuses it in one click; see docs/decisions/003-consent.md.
 */
export function mayTrack(consent: TrackingConsent): boolean {
  return consent !== "denied";
}

/** The answer that holds after a visitor signs in: the account's own if it ever gave one, else the visitor's. */
export function mergeConsent(account: TrackingConsent, visitor: TrackingConsent): TrackingConsent {
  return account === "unset" ? visitor : account;
}
