import { expect, it } from "vitest";
import { answerOf } from "./believed-answer.ts";

it("is the middle and 80 % of what is known, where that is surely below nothing", () => {
  const { low, mid, high } = answerOf({ elasticity: -1.8, standardError: 0.2 });
  expect(low).toBeCloseTo(-1.8 - 1.2816 * 0.2, 3);
  expect(mid).toBeCloseTo(-1.8, 6);
  expect(high).toBeCloseTo(-1.8 + 1.2816 * 0.2, 3);
});

it("does not take what chance says of a demand that grows with its price for certainty that nobody minds", () => {
  // Of a normal distribution with mean 0 what lies below: its quantiles at .05, .25 and .45.
  const even = answerOf({ elasticity: 0, standardError: 1 });
  expect([even.low, even.mid, even.high].map((value) => value.toFixed(3))).toEqual([
    "-1.645",
    "-0.674",
    "-0.126",
  ]);
  const wrong = answerOf({ elasticity: 0.45, standardError: 0.37 });
  expect(wrong.low).toBeLessThan(-0.3);
  expect(wrong.mid).toBeLessThan(wrong.high);
  expect(wrong.high).toBeLessThan(0);
  const far = answerOf({ elasticity: 9, standardError: 0.5 });
  expect(Object.values(far).every((value) => Number.isFinite(value))).toBe(true);
});
