/** A call as a socket asks for it: what came may have any value. */
export interface AskedCall {
  readonly id?: unknown;
  readonly method?: unknown;
}

/** What of an answer says how a call stands. */
export interface CallAnswer {
  readonly id?: unknown;
  readonly error?: unknown;
  readonly result?: { readonly type?: string };
}

export interface CallLimits {
  readonly maxSubscriptions: number;
  /** Calls without an answer, subscriptions included. */
  readonly maxCalls: number;
}

/** The calls of one socket that are under way, each with an id of its own. */
export interface SocketCalls {
  /** @returns why the call may not begin */
  begin(call: AskedCall): string | undefined;
  /** @returns whether it can be stopped now; one that has not started is stopped when it has */
  stop(id: unknown): boolean;
  /** @returns whether it is to be stopped now, as it was asked to before it had started */
  answered(answer: CallAnswer): boolean;
}

const longestId = 100;

/**
 * tRPC's handler forgets a `subscription.stop` that comes before the subscription has started, and answers a second call under an id
 * with an error that looks like the end of the first. Counted by that, a socket could have any number of subscriptions.
 */
export function createSocketCalls({ maxSubscriptions, maxCalls }: CallLimits): SocketCalls {
  const calls = new Map<unknown, "call" | "asked" | "asked, to be stopped" | "started" | "stopping">();
  let subscriptions = 0;

  const end = (id: unknown): void => {
    const stands = calls.get(id);
    if (stands !== undefined && stands !== "call" && stands !== "stopping") subscriptions -= 1;
    calls.delete(id);
  };

  return {
    begin({ id, method }) {
      // Others get an error without an id, and begin nothing.
      if (typeof id !== "number" && typeof id !== "string") return undefined;
      if (String(id).length > longestId) return "This id is too long.";
      if (calls.has(id)) return "Another call has this id.";
      if (calls.size >= maxCalls) return `At most ${maxCalls} calls at once on one connection.`;
      if (method !== "subscription") {
        calls.set(id, "call");
        return undefined;
      }
      if (subscriptions >= maxSubscriptions)
        return `At most ${maxSubscriptions} subscriptions on one connection.`;
      subscriptions += 1;
      calls.set(id, "asked");
      return undefined;
    },
    stop(id) {
      const stands = calls.get(id);
      if (stands === "asked") calls.set(id, "asked, to be stopped");
      if (stands !== "started") return false;
      // The handler stops it at once, before what stands behind this in the same message. The id is taken until it says so.
      subscriptions -= 1;
      calls.set(id, "stopping");
      return true;
    },
    answered({ id, error, result }) {
      const stands = calls.get(id);
      if (error !== undefined || result?.type === "stopped" || stands === "call") end(id);
      else if (result?.type === "started") calls.set(id, "started");
      return stands === "asked, to be stopped" && result?.type === "started";
    },
  };
}
