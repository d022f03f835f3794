import { describe, expect, it } from "vitest";
import { pageOf, readSearchQuery, searchHref } from "./search-query.ts";

const read = (text: string) => readSearchQuery(new URLSearchParams(text));

describe("the address of a search", () => {
  it("is read with what makes sense and without what does not", () => {
    expect(read("q=%20tomatos%20&organic=1&snap=yes&maxKm=-3&sort=backwards&page=0")).toEqual({
      q: "tomatos",
      organic: true,
      page: 1,
    });
  });

  it("is read as far as a search takes it: no half letters, nothing beyond the earth or any price", () => {
    const long = read(`q=a${"🍅".repeat(120)}`).q;
    expect(long.isWellFormed()).toBe(true);
    expect(Array.from(long)).toHaveLength(100);
    expect(read("q=%00tomato%00").q).toBe("tomato");
    expect(read("maxKm=99999999&maxPriceCents=99999999999")).toEqual({ q: "", page: 1 });
    expect(read("maxPriceCents=0.2")).toEqual({ q: "", page: 1 });
  });

  it("goes back to the first page when something is changed", () => {
    expect(searchHref(new URLSearchParams("q=egg&page=3"), { organic: "1" })).toBe("/search?q=egg&organic=1");
    expect(searchHref(new URLSearchParams("organic=1"), { organic: undefined })).toBe("/search");
  });

  it("reaches every page of ten thousand products, and no page behind the last", () => {
    expect(read("page=417").page).toBe(417);
    expect(pageOf(10_000, 417)).toBe(417);
    expect(pageOf(49, 4)).toBe(3);
    expect(pageOf(0, 2)).toBe(1);
  });

  it("turns its pages, from whichever one is open", () => {
    expect(searchHref(new URLSearchParams("q=egg"), { page: "2" })).toBe("/search?q=egg&page=2");
    expect(searchHref(new URLSearchParams("page=2"), { page: "3" })).toBe("/search?page=3");
  });
});
