import { AppError, isUuid, minutes, systemClock } from "@almanac/kernel";
import type { RequestContext } from "./context.ts";
import { findPasswordMoment } from "./store-sessions.ts";

/** How long a password that was given stands for the acts that weigh most. */
export const stepUpMs = minutes(10);

/**
 * For acts that cannot be left to whoever finds an open screen: the password was given in this session within the last ten
 * minutes. Read from the session's row each time, so that it holds over sockets and processes alike.
 *
 * @throws AppError `step_up_required`, or `right_missing` for API keys, which have no password to give
 */
export async function assertSteppedUp({
  caller,
  db,
  wallClock = systemClock,
}: RequestContext): Promise<void> {
  if (caller.kind === "api-key") {
    throw new AppError("right_missing", "This asks for a signed-in person, not a key.");
  }
  const { sessionId } = caller;
  const at =
    sessionId !== undefined && isUuid(sessionId) ? await findPasswordMoment(db, sessionId) : undefined;
  if (at && wallClock.now().getTime() - at.getTime() < stepUpMs) return;
  throw new AppError("step_up_required", "Give your password again to do this.", {
    details: { withinMinutes: stepUpMs / minutes(1) },
  });
}
