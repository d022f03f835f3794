import { describe, expect, it } from "vitest";
import { apiKeyFrom, bearerTokenOf, hashApiKey, looksLikeApiKey } from "./api-key.ts";

describe("an API key", () => {
  const made = apiKeyFrom(new Uint8Array(32).fill(7));

  it("carries 256 random bits behind a prefix that scanners for leaked secrets can know", () => {
    expect(made.key).toBe("alm_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc");
    expect(looksLikeApiKey(made.key)).toBe(true);
    expect(made.prefix).toBe("alm_BwcHBwcH");
  });

  it("is kept as its SHA-256", () => {
    // printf abc | sha256sum (FIPS 180-2, appendix B.1)
    expect(hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(made.hash).toBe(hashApiKey(made.key));
  });
});

describe("the Authorization header", () => {
  it.each([
    ["Bearer alm_x", "alm_x"],
    ["bearer  alm_x", "alm_x"],
    ["Bearer", ""],
    ["Basic dXNlcjpwYXNz", undefined],
  ])("%j gives the token %j", (authorization, token) => {
    expect(bearerTokenOf(new Headers({ authorization }))).toBe(token);
  });
});
