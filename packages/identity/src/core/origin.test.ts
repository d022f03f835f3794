import { describe, expect, it } from "vitest";
import { isOriginAllowed } from "./origin.ts";

const site = { protocol: "http", host: "127.0.0.1:3000" };
const allowed = (headers: Record<string, string>) =>
  isOriginAllowed(new Headers(headers), site, ["https://shop.example"]);

describe("a request that changes something", () => {
  it.each([
    ["from a page at the same address", { origin: "http://127.0.0.1:3000" }],
    ["from a trusted origin", { origin: "https://shop.example" }],
    ["from a program, which names no origin", {}],
    ["from the same origin, as the browser says without naming it", { "sec-fetch-site": "same-origin" }],
    ["typed by the person", { "sec-fetch-site": "none" }],
  ])("is allowed %s", (_, headers) => {
    expect(allowed(headers)).toBe(true);
  });

  it.each([
    ["from another site", { origin: "https://evil.example" }],
    ["from another port of the same host", { origin: "http://127.0.0.1:4000" }],
    ["from the same host over another protocol", { origin: "https://127.0.0.1:3000" }],
    ["from a sandboxed frame", { origin: "null" }],
    ["from another site that hides its origin", { "sec-fetch-site": "cross-site" }],
    ["from a sister site", { "sec-fetch-site": "same-site" }],
    ["from an origin that starts like a trusted one", { origin: "https://shop.example.evil.example" }],
  ])("is refused %s", (_, headers) => {
    expect(allowed(headers)).toBe(false);
  });
});
