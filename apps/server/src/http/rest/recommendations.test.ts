import { anonymousCaller } from "@almanac/trpc";
import { describe, expect, it } from "vitest";
import { postRecommendations } from "./recommendations.ts";
import type { RestCall } from "./rest-route.ts";

/** A call of a visitor, to a router that only tracks. */
function searched(tracked: object): RestCall {
  const url = "https://market.example/api/recommendations";
  const results = [{ eventProcessed: true, duplicate: false, shed: false, ...tracked }];
  const api = { events: { track: () => Promise.resolve({ results }) } };
  return {
    request: new Request(url, { method: "POST", body: JSON.stringify({ action: "SEARCH" }) }),
    url: new URL(url),
    caller: anonymousCaller,
    api: api as unknown as RestCall["api"],
    publicApi: api as unknown as RestCall["api"],
    now: () => new Date(0),
  };
}

describe("the answer to an action", () => {
  it.each([
    [{}, 200, { eventProcessed: true, duplicate: false, shed: false }],
    [{ shed: true }, 202, { eventProcessed: true, shed: true }],
    [{ eventProcessed: false }, 202, { eventProcessed: false, duplicate: false }],
    [{ duplicate: true }, 200, { eventProcessed: false, duplicate: true }],
  ])("that was tracked as %o is %i, and says so", async (tracked, status, expected) => {
    expect(await postRecommendations(searched(tracked))).toMatchObject({ status, data: expected });
  });
});
