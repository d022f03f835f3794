import { describe, expect, it } from "vitest";
import { mayTrack, mergeConsent } from "./consent.ts";

describe("consent to tracking", () => {
  it("is needed for nothing until it is refused", () => {
    expect([mayTrack("unset"), mayTrack("granted"), mayTrack("denied")]).toEqual([true, true, false]);
  });

  it.each([
    ["unset", "unset", "unset"],
    ["unset", "granted", "granted"],
    ["unset", "denied", "denied"],
    ["granted", "denied", "granted"],
    ["denied", "granted", "denied"],
    ["denied", "unset", "denied"],
  ] as const)(
    "of an account that said %s, joined by a visitor who said %s, is %s",
    (account, visitor, merged) => {
      expect(mergeConsent(account, visitor)).toBe(merged);
    },
  );
});
