import { describe, expect, it } from "vitest";
import { shownSearch } from "./shown-search.ts";

const id = "0198a2b4-7c3e-7000-8000-0123456789ab";
const asking = (cookie?: string) => shownSearch({ headers: new Headers(cookie ? { cookie } : {}) });

describe("the search that a page shows", () => {
  it("is read from among other cookies", () => {
    expect(asking(`a=1; almanac_shown_search=${id}; b=2`)).toBe(id);
  });

  it("is nothing where the page says nothing, or nonsense", () => {
    expect(asking()).toBeUndefined();
    expect(asking("almanac_shown_search=")).toBeUndefined();
    expect(asking("almanac_shown_search=1%20or%201")).toBeUndefined();
    expect(asking(`x_almanac_shown_search=${id}`)).toBeUndefined();
  });
});
