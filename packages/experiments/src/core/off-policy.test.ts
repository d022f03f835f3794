import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { creditOf, interleavingResult, teamDraft } from "./interleaving.ts";
import { doublyRobust, ips, snips } from "./off-policy.ts";
import { unitsNeeded } from "./sizing.ts";

const column = (...values: number[]): Float64Array => Float64Array.from(values);

describe("off-policy estimates", () => {
  const log = {
    reward: column(1, 0, 1, 0),
    logged: column(0.5, 0.5, 0.25, 0.25),
    target: column(1, 0, 0.5, 0.5),
  };

  it("weigh what was shown by how much likelier the new ranking would show it (hand-worked)", () => {
    // weights 2, 0, 2, 2
    expect(ips(log).value).toBe(1);
    expect(snips(log).value).toBeCloseTo(4 / 6, 12);
    expect(ips(log).effectiveSize).toBeCloseTo(36 / 12, 12);
  });

  it("cut weights above the limit, and say for how many", () => {
    expect(ips(log, { clip: 1 })).toMatchObject({ value: 0.5, clippedShare: 0.75 });
  });

  it("are the plain mean when the new ranking is the old one", () => {
    const same = { ...log, target: log.logged };
    expect(ips(same).value).toBe(0.5);
    expect(snips(same).value).toBe(0.5);
  });

  it("doubly robust is right with a right model even where propensities are wrong", () => {
    const model = { shown: log.reward, target: column(0.7, 0.7, 0.7, 0.7) };
    const wrong = { ...log, logged: column(0.1, 0.9, 0.4, 0.8) };
    expect(doublyRobust(wrong, model)).toMatchObject({ value: 0.7, standardError: 0 });
  });

  it("doubly robust is narrower than weighting alone when the model knows something", () => {
    const rng = seededRng(2);
    const n = 20_000;
    const reward = new Float64Array(n);
    const logged = new Float64Array(n);
    const target = new Float64Array(n);
    const shown = new Float64Array(n);
    const expected = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const picksSecond = rng.next() < 0.2;
      logged[i] = picksSecond ? 0.2 : 0.8;
      target[i] = picksSecond ? 0.9 : 0.1;
      shown[i] = picksSecond ? 0.6 : 0.3;
      expected[i] = 0.9 * 0.6 + 0.1 * 0.3;
      reward[i] = rng.next() < shown[i]! ? 1 : 0;
    }
    const weighted = ips({ reward, logged, target });
    const robust = doublyRobust({ reward, logged, target }, { shown, target: expected });
    for (const found of [weighted, robust, snips({ reward, logged, target })])
      expect(Math.abs(found.value - 0.57)).toBeLessThan(3 * found.standardError);
    expect(robust.standardError).toBeLessThan(weighted.standardError * 0.8);
  });

  it("refuse an entry that could not have been shown", () => {
    expect(() => ips({ ...log, logged: column(0, 0.5, 0.5, 0.5) })).toThrow(/chance/);
  });
});

describe("team-draft interleaving", () => {
  const draft = (seed: number, limit = 10) =>
    teamDraft(["p", "q", "r", "s"], ["r", "p", "t"], { rng: seededRng(seed), limit });

  it("takes each item once, keeps each ranking's order and gives both teams as many picks as they can", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { items, teams } = draft(seed);
      expect(new Set(items)).toEqual(new Set(["p", "q", "r", "s", "t"]));
      expect(items).toHaveLength(5);
      expect(new Set(teams.slice(0, 2))).toEqual(new Set(["a", "b"]));
    }
    expect(draft(1, 3).items).toHaveLength(3);
  });

  it("puts either ranking's favourite first half of the time", () => {
    const first = Array.from({ length: 2_000 }, (_, seed) => draft(seed).teams[0]);
    expect(Math.abs(first.filter((team) => team === "a").length / 2_000 - 0.5)).toBeLessThan(0.034);
  });

  it("credits a click to the ranking that the item came from, once", () => {
    const list = { items: ["p", "r", "q"], teams: ["a", "b", "a"] as const };
    expect(creditOf(list, ["p", "p", "q", "unknown"])).toEqual({ a: 2, b: 0 });
  });

  it("two equal rankings win alike, with a p-value that is no alarm", () => {
    const rng = seededRng(9);
    const credits = Array.from({ length: 400 }, () => (rng.next() < 0.5 ? { a: 1, b: 0 } : { a: 0, b: 1 }));
    expect(interleavingResult(credits).p).toBeGreaterThan(0.05);
  });

  it("9 of 10 lists is a p-value of 22/1024 (binomial, hand-worked)", () => {
    const credits = Array.from({ length: 10 }, (_, i) => (i === 0 ? { a: 1, b: 0 } : { a: 0, b: 1 }));
    expect(interleavingResult(credits)).toMatchObject({ winsA: 1, winsB: 9, preferenceB: 0.4 });
    expect(interleavingResult(credits).p).toBeCloseTo(22 / 1_024, 12);
    expect(interleavingResult([{ a: 1, b: 1 }])).toMatchObject({ ties: 1, preferenceB: 0, p: 1 });
    expect(interleavingResult([]).preferenceB).toBeUndefined();
  });
});

describe("the size of an experiment", () => {
  it("a share of 10 % and a lift of 20 % need about 7,300 shoppers", () => {
    // 2 (1.96 + .8416)² · .09 / .02² = 3,532 an arm by the textbook
    const units = unitsNeeded({ mean: 0.1, deviation: 0.3, lift: 0.2 });
    expect(units).toBeGreaterThan(7_064);
    expect(units).toBeLessThan(7_400);
  });
});
