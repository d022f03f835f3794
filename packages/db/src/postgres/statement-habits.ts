/** A statement is worth preparing when it is sent for this many times: once for all costs less than each time a little. */
const usualAfter = 3;
/** A connection keeps what it has prepared for as long as it lives, so there is an end to it. */
const mostPrepared = 128;
/** Statements that are counted; a list of ids of another length is another statement, and never gets far. */
const mostCounted = 512;

/**
 * Which statements of a connection come again and again. Those are prepared: parsed and planned once, and sent in one
 * message instead of two with an answer in between.
 */
export class StatementHabits {
  readonly #counts = new Map<string, number>();
  readonly #usual = new Set<string>();

  /** Counts one more use. @returns whether the statement should be prepared */
  isUsual(text: string): boolean {
    if (this.#usual.has(text)) return true;
    if (this.#usual.size >= mostPrepared) return false;
    const count = (this.#counts.get(text) ?? 0) + 1;
    this.#counts.delete(text);
    if (count >= usualAfter) {
      this.#usual.add(text);
      return true;
    }
    this.#counts.set(text, count);
    if (this.#counts.size > mostCounted) {
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    }
    return false;
  }
}
