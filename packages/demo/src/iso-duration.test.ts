import { days, hours, minutes, seconds } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { parseIsoDuration } from "./iso-duration.ts";

describe("a duration", () => {
  it.each([
    ["PT35H", hours(35)],
    ["P2D", days(2)],
    ["P1W", days(7)],
    ["P1DT12H30M", days(1) + hours(12) + minutes(30)],
    ["PT1.5S", seconds(1.5)],
  ])("%s is understood", (text, expected) => {
    expect(parseIsoDuration(text)).toBe(expected);
  });

  it.each(["", "P", "PT", "PT0S", "3h", "P1M", "P1Y", "-PT1H", "PT-1H", "P4000D", "pt1h", "PT1H "])(
    "%j is none",
    (text) => {
      expect(parseIsoDuration(text)).toBeUndefined();
    },
  );
});
