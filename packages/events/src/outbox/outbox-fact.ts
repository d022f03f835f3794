import type { Fact } from "../core/facts.ts";

/** A fact that a relay has to bring to its consumers: one of the outbox, or what an event that is still open became. */
export interface TakenFact {
  /** Its place in the outbox; an open event has none there. */
  readonly seq: number | undefined;
  readonly fact: Fact;
  readonly traceId: string;
  /** 0 at once, 1 soon, 2 when there is time. */
  readonly priority: number;
  /** How many tries failed so far: none of an open event, as one that fails gets a place in the outbox. */
  readonly attempts: number;
}

export type OutboxFact = TakenFact & { readonly seq: number };

export const isOfOutbox = (taken: TakenFact): taken is OutboxFact => taken.seq !== undefined;

/** As a statement written by hand names the columns. */
export interface FactRow {
  seq: number;
  topic: string;
  payload: Record<string, unknown>;
  trace_id: string;
  priority: number;
  attempts: number;
}

export function toOutboxFact({
  seq,
  topic,
  payload,
  trace_id: traceId,
  priority,
  attempts,
}: FactRow): OutboxFact {
  const fact: unknown = { topic, payload };
  // Only `publishFact` and `open-events.ts` write these columns.
  return { seq: Number(seq), fact: fact as Fact, traceId, priority, attempts };
}
