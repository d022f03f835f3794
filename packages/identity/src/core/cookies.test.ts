import { describe, expect, it } from "vitest";
import {
  cookieNamesFor,
  deriveSecret,
  parseCookies,
  serializeCookie,
  signValue,
  siteAddressOf,
  verifySignedValue,
} from "./cookies.ts";

const configured = { protocol: "https", host: "shop.example" };

describe("the name of a cookie", () => {
  it.each([
    ["https", "shop.example", "__Host-almanac-session"],
    ["https", "127.0.0.1:3000", "__Host-almanac-session"],
    ["http", "localhost:3000", "__Host-almanac-session"],
    ["http", "demo.localhost:3000", "__Host-almanac-session"],
    ["http", "127.0.0.1:3000", "almanac-session"],
    ["http", "192.168.1.20:3000", "almanac-session"],
    ["http", "localhost.evil.example", "almanac-session"],
  ])("over %s at %s is %s", (protocol, host, name) => {
    expect(cookieNamesFor({ protocol, host }).session).toBe(name);
  });
});

describe("the address of the site", () => {
  it("is what the proxy says it was", () => {
    const headers = new Headers({
      host: "10.0.0.4:3000",
      "x-forwarded-host": "shop.example",
      "x-forwarded-proto": "https, http",
    });
    expect(siteAddressOf(headers, configured)).toEqual({ protocol: "https", host: "shop.example" });
  });

  it("has the configured protocol at the configured host, where a proxy says nothing", () => {
    expect(siteAddressOf(new Headers({ host: "shop.example" }), configured).protocol).toBe("https");
  });

  it("is taken for plain http at any other host", () => {
    expect(siteAddressOf(new Headers({ host: "127.0.0.1:3000" }), configured).protocol).toBe("http");
  });
});

describe("a cookie", () => {
  it("is HttpOnly, SameSite=Lax, for the whole host, and Secure where it can be", () => {
    const cookie = { name: "a", value: "b c", maxAgeSeconds: 60 };
    expect(serializeCookie({ ...cookie, isSecure: true })).toBe(
      "a=b%20c; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure",
    );
    expect(serializeCookie({ ...cookie, isSecure: false })).toBe(
      "a=b%20c; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
    );
  });

  it("is read by name, the first of two, with a malformed escape left as it is", () => {
    const cookies = parseCookies("a=1; b=%E0%A4%A; a=2; =x; c; d=e%3Df=g");
    expect([...cookies]).toEqual([
      ["a", "1"],
      ["b", "%E0%A4%A"],
      ["d", "e=f=g"],
    ]);
  });
});

describe("a signed value", () => {
  it("comes back when nobody touched it", () => {
    expect(verifySignedValue(signValue("v.1", "secret"), "secret")).toBe("v.1");
  });

  it.each([
    ["another value", `other.${signValue("value", "secret").split(".")[1]}`],
    ["another secret", signValue("value", "another")],
    ["no signature", "value"],
    ["an empty signature", "value."],
    ["nothing", ""],
  ])("is refused with %s", (_, signed) => {
    expect(verifySignedValue(signed, "secret")).toBeUndefined();
  });

  it("signed for one purpose is worthless for another", () => {
    const signed = signValue("value", deriveSecret("secret", "visitor"));
    expect(verifySignedValue(signed, "secret")).toBeUndefined();
    expect(verifySignedValue(signed, deriveSecret("secret", "ticket"))).toBeUndefined();
  });
});
