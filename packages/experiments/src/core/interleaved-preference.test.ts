import { seededRng, type Rng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { interleavedPreference } from "./interleaved-preference.ts";
import { excludesZero } from "./interval.ts";

const credits = (a: number, b: number, ties = 0) => [
  ...Array.from({ length: a }, () => ({ a: 2, b: 1 })),
  ...Array.from({ length: b }, () => ({ a: 0, b: 1 })),
  ...Array.from({ length: ties }, () => ({ a: 1, b: 1 })),
];

describe("which of two interleaved rankings is preferred", () => {
  it("is counted by shoppers, with the sign test of those who were not tied", () => {
    const found = interleavedPreference(credits(40, 60, 10));
    expect(found).toMatchObject({ winsA: 40, winsB: 60, ties: 10 });
    expect(found.preference!.value).toBeCloseTo(65 / 110 - 0.5, 12);
    // 2 x P(Bin(100, 1/2) <= 40), from a table.
    expect(found.signTestP).toBeCloseTo(0.0569, 4);
    expect(excludesZero(found.preference!)).toBe(false);
  });

  it("is the same for the other side with its sign turned", () => {
    const one = interleavedPreference(credits(40, 90, 5));
    const other = interleavedPreference(credits(90, 40, 5));
    expect(other.preference!.value).toBeCloseTo(-one.preference!.value, 12);
    expect(other.preference!.high).toBeCloseTo(-one.preference!.low, 12);
    expect(other.p).toBeCloseTo(one.p, 12);
  });

  it("is not told from too few, nor where all agree as one", () => {
    expect(interleavedPreference([])).toMatchObject({ preference: undefined, p: 1 });
    expect(interleavedPreference(credits(10, 30))).toMatchObject({ preference: undefined });
  });

  it("is wrongly declared by at most one run in twenty that looks after each shopper, where there is none", () => {
    const rng = seededRng(3);
    const runs = 200;
    let wrong = 0;
    for (let run = 0; run < runs; run++) if (isEverDecided(rng, 0.5)) wrong += 1;
    expect(wrong / runs).toBeLessThanOrEqual(0.05);
  });

  it("is found within a thousand shoppers where six of ten prefer one", () => {
    const rng = seededRng(4);
    let found = 0;
    for (let run = 0; run < 50; run++) if (isEverDecided(rng, 0.6)) found += 1;
    expect(found).toBeGreaterThan(45);
  });
});

/** Looks after every twentieth of a thousand shoppers. */
function isEverDecided(rng: Rng, shareOfB: number): boolean {
  const seen: { a: number; b: number }[] = [];
  while (seen.length < 1_000) {
    for (let i = 0; i < 20; i++) {
      const isB = rng.next() < shareOfB;
      seen.push({ a: isB ? 0 : 1, b: isB ? 1 : 0 });
    }
    const { preference } = interleavedPreference(seen);
    if (preference && excludesZero(preference)) return true;
  }
  return false;
}
