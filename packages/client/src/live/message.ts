/** A message of the live lane as the browser sees it: the envelope is checked, the payload is the reader's to check. */
export interface LiveMessage {
  readonly v: 1;
  /** Grows with every message; empty for what is said once and not kept. */
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly ts: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Reads the envelope of a message.
 *
 * @returns `undefined` for another version or another shape: an old page ignores what a newer server says
 */
export function readLiveMessage(value: unknown): LiveMessage | undefined {
  if (!isRecord(value) || value["v"] !== 1) return undefined;
  const { id, type, topic, ts, payload } = value;
  if (typeof id !== "string" || typeof type !== "string" || typeof topic !== "string") return undefined;
  if (typeof ts !== "string" || !isRecord(payload)) return undefined;
  return { v: 1, id, type, topic, ts, payload };
}

/** The first thing said on a connection, which is about the connection alone. */
export const isGreeting = ({ type }: LiveMessage): boolean => type === "CONNECTION_ACK";

/** Whether a cursor is further on than another; cursors are whole numbers as text. */
export function isLaterCursor(cursor: string, than: string | undefined): boolean {
  if (than === undefined) return true;
  return cursor.length === than.length ? cursor > than : cursor.length > than.length;
}

/**
 * Lets each message through once, by its id.
 *
 * @param remembered how many ids are kept; older ones are forgotten first
 */
export function createOnceFilter(remembered = 500): (message: LiveMessage) => boolean {
  const seen = new Set<string>();
  return ({ id }) => {
    if (id === "") return true;
    if (seen.has(id)) return false;
    seen.add(id);
    if (seen.size > remembered) for (const oldest of seen) return seen.delete(oldest);
    return true;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
