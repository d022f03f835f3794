import type { Queryable } from "@almanac/db";
import type { Caller, Logger } from "@almanac/trpc";
import { credentialOf, findCredentialEnds, isOver, type CredentialClocks } from "./credentials.ts";

export interface SessionWatchOptions extends CredentialClocks {
  readonly db: Queryable;
  readonly log: Logger;
}

/** Who is connected to this process, until the session or the key that they came with ends, or a visitor signs in. */
export interface SessionWatch {
  /** Calls back once when it has ended, never before this returns. @returns stops watching */
  watch(caller: Caller, onEnded: () => void): () => void;
  /** Takes in the payload of a `session.revoked`. */
  hear(payload: Readonly<Record<string, unknown>>): void;
  /** Asks about those whose time has come, as a session may have been renewed, and ends those that are over. Called every second. */
  sweep(): void;
  count(): number;
  /** Waits for what is being asked. */
  stop(): Promise<void>;
}

interface Watched {
  readonly caller: Caller;
  readonly onEnded: () => void;
  /** As the database said when it was last asked. Absent also until then. */
  end?: Date;
}

/**
 * What ends is heard of, and what ended between a caller's being recognised and being watched is asked for afterwards: in
 * the other order something can fall between. Who comes while others are asked about is asked about together.
 */
export function createSessionWatch({ db, log, ...clocks }: SessionWatchOptions): SessionWatch {
  const watched = new Set<Watched>();
  const unasked = new Set<Watched>();
  let asking: Promise<void> | undefined;

  function forget(one: Watched): void {
    watched.delete(one);
    unasked.delete(one);
  }

  function endAll(isEnded: (one: Watched) => boolean): void {
    for (const one of watched) {
      if (!isEnded(one)) continue;
      forget(one);
      try {
        one.onEnded();
      } catch (err) {
        log.error({ err }, "a connection whose session ended could not be ended");
      }
    }
  }

  const isDue = ({ caller, end }: Watched): boolean => isOver(caller, end, clocks);

  async function askAboutThem(): Promise<void> {
    while (unasked.size > 0) {
      const asked = [...unasked];
      const ends = await findCredentialEnds(
        db,
        asked.map(({ caller }) => caller),
      );
      for (const [index, one] of asked.entries()) {
        unasked.delete(one);
        one.end = ends[index];
      }
      const answered = new Set(asked);
      endAll((one) => answered.has(one) && isDue(one));
    }
  }

  function ask(): void {
    asking ??= askAboutThem()
      .catch((err: unknown) =>
        log.warn({ err }, "connections' sessions could not be read; trying again soon"),
      )
      .finally(() => {
        asking = undefined;
      });
  }

  return {
    watch(caller, onEnded) {
      if (!caller.userId && !caller.shopperId) return () => undefined;
      const one: Watched = { caller, onEnded };
      watched.add(one);
      if (credentialOf(caller) !== undefined) {
        unasked.add(one);
        ask();
      }
      return () => forget(one);
    },
    hear: (payload) => endAll(({ caller }) => isMeant(caller, payload)),
    sweep() {
      for (const one of watched) if (isDue(one)) unasked.add(one);
      if (unasked.size > 0) ask();
    },
    count: () => watched.size,
    stop: async () => asking,
  };
}

/** Whether it was the caller's session or key that ended, or all that the caller has, or the visitor that the caller was. */
function isMeant(
  caller: Caller,
  { userId, sessionId, keyId, visitorId }: Readonly<Record<string, unknown>>,
): boolean {
  if (!caller.userId) return visitorId !== undefined && visitorId === caller.shopperId;
  const ended = sessionId ?? keyId;
  return userId === caller.userId && (ended === undefined || ended === credentialOf(caller));
}
