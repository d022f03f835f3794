import { describe, expect, it } from "vitest";
import { readSearchQuery, searchHref } from "./search-query.ts";

const read = (text: string) => readSearchQuery(new URLSearchParams(text));

describe("the address of a search", () => {
  it("is read with what makes sense and without what does not", () => {
    expect(read("q=%20tomatos%20&organic=1&snap=yes&maxKm=-3&sort=backwards&page=0")).toEqual({
      q: "tomatos",
      organic: true,
      page: 1,
    });
  });

  it("goes back to the first page when something is changed", () => {
    expect(searchHref(new URLSearchParams("q=egg&page=3"), { organic: "1" })).toBe("/search?q=egg&organic=1");
    expect(searchHref(new URLSearchParams("organic=1"), { organic: undefined })).toBe("/search");
  });

  it("turns its pages, from whichever one is open", () => {
    expect(searchHref(new URLSearchParams("q=egg"), { page: "2" })).toBe("/search?q=egg&page=2");
    expect(searchHref(new URLSearchParams("page=2"), { page: "3" })).toBe("/search?page=3");
  });
});
