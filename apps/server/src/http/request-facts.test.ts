import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { originOf, urlOf } from "./request-facts.ts";

const shop = "http://shop.example";

describe("what a request asks for", () => {
  it.each([
    ["/cart?a=1", "/cart?a=1"],
    ["//", "//"],
    ["//evil.example/x", "//evil.example/x"],
    ["//[", "//["],
    ["/\\", "//"],
    ["http://evil.example/x?a=1", "/x?a=1"],
    ["http://[", "/"],
    ["*", "/"],
  ])("is at our own address: %s", (target, expected) => {
    const { origin, pathname, search } = urlOf({ url: target }, shop);
    expect([origin, pathname + search]).toEqual([shop, expected]);
  });
});

describe("the address under which a browser reached us", () => {
  const site = { publicUrl: undefined, trustProxy: true };
  const askedBy = (headers: IncomingMessage["headers"]): string =>
    originOf({ headers, socket: {} } as IncomingMessage, site);

  it.each([
    [{ host: "shop.example:81" }, "http://shop.example:81"],
    [{ host: "shop.example/a?b" }, "http://shop.example"],
    [{ host: "[" }, "http://localhost"],
    [{ host: "a", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example" }, "https://shop.example"],
    [{ host: "shop.example", "x-forwarded-proto": "javascript" }, "http://shop.example"],
  ])("is a scheme and a host, whatever %j says", (headers, expected) => {
    expect(askedBy(headers)).toBe(expected);
  });
});
