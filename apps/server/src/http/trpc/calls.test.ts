import { describe, expect, it } from "vitest";
import { readQuery } from "./calls.ts";

describe("what an address says behind its question mark", () => {
  const names = ["input", "batch", "lastEventId", "in"];

  it.each([
    ["batch=1&input=%7B%22a%22%3A1%7D"],
    ["input=a+b%20c"],
    ["input=%C3%A9t%C3%A9"],
    ["input=first&input=second"],
    ["input"],
    ["input=&batch=1"],
    ["xinput=no&lastEventId=7"],
    ["&&input=1&"],
    ["input=a=b"],
    ["input=half%"],
    ["input=%ff%41"],
    [""],
  ])("is read as URLs are read: %s", (query) => {
    const whole = new URLSearchParams(query);
    const read = readQuery(query);
    expect(names.map((name) => read.get(name))).toEqual(names.map((name) => whole.get(name)));
  });
});
