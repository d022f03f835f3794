import { describe, expect, it } from "vitest";
import { parseArrayLiteral } from "./array-literal.ts";

const asText = (value: string) => value;

describe("an array in PostgreSQL's text form", () => {
  it.each([
    ["{}", []],
    ["{a,b c}", ["a", "b c"]],
    ['{NULL,"NULL",""}', [null, "NULL", ""]],
    ['{"q\\"uote","back\\\\slash","com,ma","{brace}"}', ['q"uote', "back\\slash", "com,ma", "{brace}"]],
    [
      "{{a,b},{c,d}}",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["[0:1]={a,b}", ["a", "b"]],
  ])("%s is read whole", (text, expected) => {
    expect(parseArrayLiteral(text, asText)).toEqual(expected);
  });

  it("has its elements parsed, NULL excepted", () => {
    expect(parseArrayLiteral("{1,NULL,3}", Number)).toEqual([1, null, 3]);
  });
});
