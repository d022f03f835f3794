import { describe, expect, it } from "vitest";
import { seasonSentence } from "./season-sentence.ts";
import type { SeasonLevel } from "./season-sentence.ts";

function year(letters: string): SeasonLevel[] {
  return letters.split("").map((letter) => (letter === "P" ? "peak" : letter === "s" ? "some" : "none"));
}

describe("the year of a product in a sentence", () => {
  it.each([
    ["......sPPs..", "In season July to October, at its best August to September."],
    ["PPs......sPP", "In season October to March, at its best November to February."],
    ["...s.....s..", "In season in April and in October."],
    ["PPPPPPPPPPPP", "In season all year."],
    ["ssssssPsssss", "In season all year, at its best in July."],
    ["............", "No harvest is planned."],
    [".....PP.....", "In season June to July."],
  ])("reads %s as: %s", (letters, sentence) => {
    expect(seasonSentence(year(letters))).toBe(sentence);
  });
});
