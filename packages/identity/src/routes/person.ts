import { AppError, type UserId } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";

/** @throws AppError `sign_in_required` */
export function userIdOf({ userId }: Caller): UserId {
  if (!userId) throw new AppError("sign_in_required", "Sign in to do this.");
  return userId;
}

/**
 * What is worth more than a key should be able to do.
 *
 * @throws AppError `right_missing` for API keys
 */
export function assertInPerson({ kind }: Caller): void {
  if (kind === "api-key") throw new AppError("right_missing", "This asks for a signed-in person, not a key.");
}
