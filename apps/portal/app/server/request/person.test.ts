import { describe, expect, it } from "vitest";
import { safeNext, signInFirst } from "./person.ts";

describe("safeNext", () => {
  it.each(["/farms/hollow-oak/orders?day=2025-08-16", "/admin/people"])("follows %s", (next) => {
    expect(safeNext(next)).toBe(next);
  });
  it.each([
    null,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/a\r\nset-cookie: b",
    "javascript:1",
  ])("leads %j to the front page", (next) => {
    expect(safeNext(next)).toBe("/");
  });
});

describe("signInFirst", () => {
  it("leads to a page of its own, and from there back to where one was, a space in the address included", () => {
    const asked = new Request("http://almanac.example/portal/farms/hollow-oak/products?q=red+beans");
    const to = new URL(signInFirst(asked).headers.get("Location")!, asked.url);
    expect(to.pathname).toBe("/sign-in");
    expect(safeNext(to.searchParams.get("next"))).toBe("/farms/hollow-oak/products?q=red+beans");
  });
});
