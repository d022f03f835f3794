import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { prepare } from "../prepare.ts";
import { errorGrowth } from "./error-growth.ts";

/** Noise round ten, by its standard deviation of about one. */
function noise(length: number): number[] {
  const rng = seededRng("errors");
  return Array.from(
    { length },
    () => 4 + Array.from({ length: 12 }, () => rng.next()).reduce((a, b) => a + b),
  );
}

describe("the usual size of errors", () => {
  it("is not smaller for a winter without anything to sell", () => {
    const values: (number | null)[] = noise(90);
    const whole = errorGrowth(prepare({ values })!, 2);
    const resting = errorGrowth(
      prepare({ values: values.map((one, t) => (t > 25 && t < 70 ? null : one)) })!,
      2,
    );
    for (const step of [0, 1]) {
      expect(resting[step]! / whole[step]!).toBeGreaterThan(0.8);
      expect(resting[step]! / whole[step]!).toBeLessThan(1.25);
    }
  });

  it("is known where only every other period tells something", () => {
    const values = noise(80);
    const whole = errorGrowth(prepare({ values })!, 2);
    const half = errorGrowth(prepare({ values: values.map((one, t) => (t % 2 === 0 ? one : null)) })!, 2);
    expect(half[1]! / whole[1]!).toBeGreaterThan(0.7);
    expect(half[1]! / whole[1]!).toBeLessThan(1.4);
  });
});
