import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { clickShare } from "./click-share.ts";
import { estimateExamination, examinationAt, priorExamination, type PlacedClicks } from "./examination.ts";

/** Looks at products that change their places, by shoppers who look at place k with a chance that is known. */
function looksAt(
  truth: readonly number[],
  { looks, moves }: { looks: number; moves: boolean },
): PlacedClicks[] {
  const rng = seededRng(11);
  const products = truth.map((_, at) => ({ what: `tomato/${at}`, attraction: 0.1 + 0.05 * (at % 5) }));
  const cells = new Map<string, { what: string; place: number; shows: number; clicks: number }>();
  for (let look = 0; look < looks; look++) {
    const shift = moves ? rng.int(products.length) : 0;
    products.forEach((_, at) => {
      const { what, attraction } = products[(at + shift) % products.length]!;
      const cell = cells.get(`${what}@${at}`) ?? { what, place: at + 1, shows: 0, clicks: 0 };
      cell.shows += 1;
      if (rng.next() < truth[at]! * attraction) cell.clicks += 1;
      cells.set(`${what}@${at}`, cell);
    });
  }
  return [...cells.values()];
}

describe("which places are looked at", () => {
  const truth = [1, 0.8, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1];

  it("is told from clicks on products that change their places", () => {
    const found = estimateExamination(looksAt(truth, { looks: 40_000, moves: true }), truth.length);
    truth.forEach((chance, at) => expect(Math.abs(found[at]! - chance)).toBeLessThan(0.06));
  });

  it("is what is believed before anything was seen", () => {
    estimateExamination([], 4).forEach((chance, at) => expect(chance).toBeCloseTo(1 / (at + 1), 12));
    expect([...priorExamination(4)]).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  });

  it("is between none and as often as the first, whatever was clicked", () => {
    const odd = [
      { what: "a", place: 7, shows: 50, clicks: 50 },
      { what: "b", place: 1, shows: 5_000, clicks: 0 },
    ];
    for (const chance of estimateExamination(odd, 8)) {
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThanOrEqual(1);
    }
  });

  it("counts places behind the last as the last", () => {
    expect(examinationAt([1, 0.5], 9)).toBe(0.5);
    expect(examinationAt([1, 0.5], 0)).toBe(1);
  });
});

describe("a share of clicks", () => {
  it("has the interval of Wilson: 3 of 10 is .108 to .603", () => {
    const found = clickShare(3, 10)!;
    expect(found.share).toBeCloseTo(0.3, 9);
    expect(found.low).toBeCloseTo(0.1078, 4);
    expect(found.high).toBeCloseTo(0.6032, 4);
  });

  it("may be more than none when nothing was clicked, and is unknown of nothing", () => {
    expect(clickShare(0, 20)).toMatchObject({ share: 0, low: 0 });
    expect(clickShare(0, 20)!.high).toBeCloseTo(0.161, 3);
    expect(clickShare(0, 0)).toBeUndefined();
  });

  it("stays within none and all, though more was clicked than was expected to be looked at", () => {
    expect(clickShare(5, 3.2)).toMatchObject({ share: 1 });
    expect(clickShare(5, 3.2)!.high).toBeLessThanOrEqual(1);
  });
});
