import type { Transaction } from "@almanac/db";
import type { Fact, FactTopic } from "../core/facts.ts";

export interface ConsumerContext {
  /** The transaction that also notes the fact as applied: all of a consumer's writes go through it. */
  readonly tx: Transaction;
  /** The fact's place in the outbox; of an event, its place in the log. */
  readonly seq: number;
  readonly traceId: string;
  /** Runs when the transaction is committed: for waking others up, never for what must not be lost. */
  readonly afterCommit: (action: () => void | Promise<void>) => void;
  /** Adds to a counter of the hour (by default this one), exactly once per fact, at the end of the transaction. */
  readonly count: (name: string, options?: { by?: number; sum?: number; at?: Date }) => void;
}

/**
 * Applies facts, each exactly once. The order is by urgency and then as written, but a fact that failed comes again later
 * and other processes work beside this one: read the present state rather than rely on order. Do not wait for anything
 * outside the database in here.
 */
export interface Consumer {
  /** Kept in the database: renaming a consumer makes it a new one. */
  readonly name: string;
  readonly topics: readonly FactTopic[];
  handle(fact: Fact, context: ConsumerContext): Promise<void>;
  /**
   * The same for many at once, where one statement can do what else takes one for each: called instead of `handle` when
   * several facts share a transaction. When it fails, they come again one by one.
   */
  handleMany?(facts: readonly DeliveredFact[], context: BatchContext): Promise<void>;
}

export interface DeliveredFact {
  readonly fact: Fact;
  readonly seq: number;
  readonly traceId: string;
}

export type BatchContext = Omit<ConsumerContext, "seq" | "traceId">;
