import { canonicalJson, sha256 } from "./content-hash.ts";

/** An act on a model. */
export interface AuditedAct {
  /** Without gaps, from 1. */
  readonly seq: number;
  readonly at: Date;
  readonly actorUserId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ChainedAct extends AuditedAct {
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first act is hashed with. */
export const chainStart = "0".repeat(64);

/** The hash of an act and, by the one before it, of all acts until then. */
export function chainHash(
  { seq, at, actorUserId, action, subject, details }: AuditedAct,
  previousHash: string,
): string {
  const content = { seq, at: at.toISOString(), actorUserId, action, subject, details, previousHash };
  return sha256(canonicalJson(content));
}

/**
 * The first act that is not as it was written, or whose predecessor is gone. Acts that were cut off at the end leave no
 * trace in the chain itself: keep the last hash elsewhere to see that.
 *
 * @param acts  in their order
 * @param after the hash and number of the act before the first of them
 */
export function findBrokenLink(
  acts: readonly ChainedAct[],
  after: { hash: string; seq: number } = { hash: chainStart, seq: 0 },
): { seq: number; why: string } | undefined {
  let { hash, seq } = after;
  for (const act of acts) {
    seq += 1;
    if (act.seq !== seq) return { seq, why: `entry ${seq} is missing` };
    if (act.previousHash !== hash) return { seq, why: `entry ${seq} does not follow the one before it` };
    if (chainHash(act, act.previousHash) !== act.hash) return { seq, why: `entry ${seq} was altered` };
    hash = act.hash;
  }
  return undefined;
}
