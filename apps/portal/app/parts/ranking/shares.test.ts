import { describe, expect, it } from "vitest";
import { apportion, moveShare, takeOverShares } from "./shares.ts";

const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);

describe("five sliders", () => {
  it("sum to a thousand wherever one is moved, and none leaves 0 to 1000", () => {
    let shares = [400, 300, 100, 100, 100];
    for (let step = 0; step < 500; step++) {
      shares = moveShare(shares, step % 5, (step * 137) % 1_201);
      expect(sum(shares)).toBe(1_000);
      expect(shares.every((share) => Number.isInteger(share) && share >= 0 && share <= 1_000)).toBe(true);
    }
  });

  it("give way in proportion", () => {
    expect(moveShare([400, 300, 100, 100, 100], 0, 700)).toEqual([700, 150, 50, 50, 50]);
  });

  it("share equally what one leaves that had everything", () => {
    expect(moveShare([1_000, 0, 0, 0, 0], 0, 600)).toEqual([600, 100, 100, 100, 100]);
  });

  it("that are held stay, and stop the moved one", () => {
    const held = [false, true, true, false, false];
    expect(moveShare([400, 300, 100, 100, 100], 0, 500, held)).toEqual([500, 300, 100, 50, 50]);
    expect(moveShare([400, 300, 100, 100, 100], 0, 900, held)).toEqual([600, 300, 100, 0, 0]);
    const all = [true, true, true, true, true];
    expect(moveShare([400, 300, 100, 100, 100], 0, 900, all)).toEqual([400, 300, 100, 100, 100]);
  });

  it("start from any weights: thirds become 334, 333 and 333", () => {
    expect(apportion([1 / 3, 1 / 3, 1 / 3])).toEqual([334, 333, 333]);
    expect(apportion([0.4, 0.3, 0.1, 0.1, 0.1])).toEqual([400, 300, 100, 100, 100]);
  });

  it("that were moved before the script ran are taken over, and the others give way", () => {
    const served = [400, 300, 100, 100, 100];
    expect(takeOverShares(served, served)).toEqual(served);
    expect(takeOverShares(served, [700, 300, 100, 100, 100])).toEqual([700, 150, 50, 50, 50]);
    expect(takeOverShares(served, [500, 300, 400, 100, 100])).toEqual([500, 60, 400, 20, 20]);
    expect(sum(takeOverShares(served, [900, 900, 900, 900, 900]))).toBe(1_000);
  });
});
