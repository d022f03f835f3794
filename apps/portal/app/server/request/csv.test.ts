import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";

describe("a table for a spreadsheet", () => {
  it("quotes what has commas, and lets nothing become a formula", () => {
    expect(
      csv([
        ["a,b", 'say "x"', "=1+1", -3],
        ["-x", "plain"],
      ]),
    ).toBe('"a,b","say ""x""",\'=1+1,-3\r\n\'-x,plain\r\n');
  });
});
