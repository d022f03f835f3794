import { seededRng } from "@almanac/kernel";
import { stabilityIndex } from "@almanac/ml";
import { describe, expect, it } from "vitest";
import { judgeGuardrails, scoreCells, type ArmFigures } from "./guardrails.ts";
import { countInto, driftFrom, histogramOf } from "./histogram.ts";
import { pairedInterval } from "./interval.ts";
import { judgeFarmPromotion, judgePromotion, judgeRenewal } from "./promotion.ts";

/** 400 scores, spread evenly from one cell up to another. */
const spread = (from: number, to: number): number[] =>
  Array.from({ length: scoreCells + 2 }, (_, cell) => (cell >= from && cell < to ? 400 / (to - from) : 0));
const figures = (change: Partial<ArmFigures> = {}): ArmFigures => ({
  predictions: 400,
  errors: 0,
  p95Ms: 5,
  longestMs: [6, 6, 5],
  scores: spread(1, 41),
  ...change,
});
const statesOf = (champion: ArmFigures, challenger: ArmFigures) =>
  Object.fromEntries(
    judgeGuardrails(champion, challenger, stabilityIndex).map(({ rail, state }) => [rail, state]),
  );

describe("guardrails", () => {
  it("hold for a challenger that is as the champion", () => {
    expect(statesOf(figures(), figures())).toEqual({ latency: "holds", errors: "holds", scores: "holds" });
  });

  it("break for one that is 500 ms slower, but not for one that is slow together with the champion", () => {
    expect(statesOf(figures(), figures({ p95Ms: 505 }))).toMatchObject({ latency: "broken" });
    expect(statesOf(figures({ p95Ms: 300 }), figures({ p95Ms: 505 }))).toMatchObject({ latency: "holds" });
  });

  it("break for failures beyond what the champion has", () => {
    expect(statesOf(figures(), figures({ errors: 20 }))).toMatchObject({ errors: "broken" });
    expect(statesOf(figures({ errors: 20 }), figures({ errors: 20 }))).toMatchObject({ errors: "holds" });
  });

  it("break for scores that lie elsewhere", () => {
    expect(statesOf(figures(), figures({ scores: spread(61, 101) }))).toMatchObject({ scores: "broken" });
    expect(statesOf(figures({ scores: spread(10, 11) }), figures({ scores: spread(17, 18) }))).toMatchObject({
      scores: "broken",
    });
  });

  it("hold for scores on two sides of a bin's edge: .0915 and .1006 are no other opinion", () => {
    expect(statesOf(figures({ scores: spread(10, 11) }), figures({ scores: spread(11, 12) }))).toMatchObject({
      scores: "holds",
    });
  });

  it("say nothing of too few predictions, where it can be chance", () => {
    const few = figures({ predictions: 19, errors: 2, p95Ms: 900, longestMs: [900, 900, 900, 5, 5] });
    expect(statesOf(figures(), few)).toEqual({
      latency: "too early",
      errors: "too early",
      scores: "too early",
    });
  });

  it("break after a few where it cannot be chance: five in a row that are slow, or four that fail", () => {
    const slow = (count: number) =>
      figures({ predictions: count, p95Ms: 505, longestMs: Array.from({ length: count }, () => 505) });
    expect(statesOf(figures(), slow(4))).toMatchObject({ latency: "too early" });
    expect(statesOf(figures(), slow(5))).toMatchObject({ latency: "broken" });
    expect(statesOf(figures({ p95Ms: 300 }), slow(5))).toMatchObject({ latency: "too early" });
    const failing = (count: number) => figures({ predictions: count, errors: count, longestMs: [] });
    expect(statesOf(figures(), failing(3))).toMatchObject({ errors: "too early" });
    expect(statesOf(figures(), failing(4))).toMatchObject({ errors: "broken" });
    expect(statesOf(figures({ errors: 400 }), failing(4))).toMatchObject({ errors: "too early" });
  });
});

describe("the interval of paired losses", () => {
  const rng = seededRng(5);
  const clusterOf = Array.from({ length: 2_000 }, (_, row) => Math.floor(row / 10));

  it("is above 0 for what is better, and holds 0 for what is the same", () => {
    const better = Float64Array.from(clusterOf, () => 0.2 + 0.5 * rng.normal());
    const same = Float64Array.from(clusterOf, () => 0.5 * rng.normal());
    expect(pairedInterval(better, clusterOf, { seed: 1 }).low).toBeGreaterThan(0);
    const none = pairedInterval(same, clusterOf, { seed: 1 });
    expect(none.low).toBeLessThan(0);
    expect(none.high).toBeGreaterThan(0);
  });

  it("is wider where the rows of a shopper are alike: ten of them tell no more than one", () => {
    const own = Array.from({ length: 200 }, () => rng.normal());
    const alike = Float64Array.from(clusterOf, (cluster) => own[cluster]!);
    const byShopper = pairedInterval(alike, clusterOf, { seed: 1 });
    const byRow = pairedInterval(alike, [...clusterOf.keys()], { seed: 1 });
    expect((byShopper.high - byShopper.low) / (byRow.high - byRow.low)).toBeGreaterThan(2.5);
  });

  it("is the same for the same seed", () => {
    const values = [0.1, -0.2, 0.3, 0.4];
    expect(pairedInterval(values, [0, 1, 2, 3], { seed: 3 })).toEqual(
      pairedInterval(values, [0, 1, 2, 3], { seed: 3 }),
    );
  });
});

describe("the promotion of a new version", () => {
  const standing = { hasChampion: true, isRolling: false, isDrift: false };
  it.each([
    ["goes live when it is the first", { ...standing, hasChampion: false }, "activate"],
    [
      "is put into the shadow when it wins beyond doubt",
      { ...standing, againstChampion: { mean: 1, low: 0.1, high: 2 } },
      "shadow",
    ],
    [
      "is kept when it may be no better",
      { ...standing, againstChampion: { mean: 1, low: -0.1, high: 2 } },
      "keep",
    ],
    ["is kept when it is worse", { ...standing, againstChampion: { mean: -1, low: -2, high: -0.1 } }, "keep"],
    ["is kept when it cannot be compared", standing, "keep"],
    ["is put into the shadow after drift", { ...standing, isDrift: true }, "shadow"],
    ["waits while another is rolled out", { ...standing, isRolling: true, isDrift: true }, "keep"],
  ] as const)("%s", (_, given, act) => {
    expect(judgePromotion(given).act).toBe(act);
  });
});

describe("the promotion of a farm's own version", () => {
  const first = { hasChampion: false, isRolling: false, isDrift: false };
  const later = { ...first, hasChampion: true };
  const better = { mean: 1, low: 0.1, high: 2 };
  const unsure = { mean: 1, low: -0.1, high: 2 };
  const worse = { mean: -1, low: -2, high: -0.1 };
  it.each([
    ["is kept when the first cannot be compared with the general one", first, "keep"],
    [
      "goes live when the first beats the general one beyond doubt",
      { ...first, againstGeneral: better },
      "activate",
    ],
    [
      "is kept when the first may be no better than the general one",
      { ...first, againstGeneral: unsure },
      "keep",
    ],
    ["is kept when the first is worse than the general one", { ...first, againstGeneral: worse }, "keep"],
    [
      "is kept when it beats the general one and not the farm's champion",
      { ...later, againstGeneral: better, againstChampion: unsure },
      "keep",
    ],
    [
      "is put into the shadow when it beats both",
      { ...later, againstGeneral: better, againstChampion: better },
      "shadow",
    ],
    [
      "is kept when it beats the farm's champion alone",
      { ...later, againstGeneral: unsure, againstChampion: better },
      "keep",
    ],
    [
      "waits while another is rolled out",
      { ...later, isRolling: true, againstGeneral: better, againstChampion: better },
      "keep",
    ],
    [
      "is put into the shadow after drift where it beats the general one",
      { ...later, isDrift: true, againstGeneral: better },
      "shadow",
    ],
    [
      "goes live at once when the farm's champion is outdone and it is not",
      { ...later, againstGeneral: better, championAgainstGeneral: worse },
      "activate",
    ],
    [
      "lets the general one answer again when it outdoes both",
      { ...later, againstGeneral: unsure, championAgainstGeneral: worse },
      "retire",
    ],
  ] as const)("%s", (_, given, act) => {
    expect(judgeFarmPromotion(given).act).toBe(act);
  });
});

describe("a new version of a model that tells a few weeks alone", () => {
  const facts = { hasChampion: true, isRolling: false, isDrift: false };
  const better = { mean: 1, low: 0.1, high: 2 };
  const unsure = { mean: 1, low: -0.1, high: 2 };
  const worse = { mean: -1, low: -2, high: -0.1 };
  it.each([
    ["goes live as the first", { ...facts, hasChampion: false }, "activate"],
    ["takes the champion's place unless it is worse", facts, "activate"],
    ["is kept where it is worse beyond doubt", { ...facts, againstChampion: worse }, "keep"],
    ["takes its place where neither is better", { ...facts, againstChampion: unsure }, "activate"],
    ["leaves a rollout alone", { ...facts, isRolling: true, againstChampion: better }, "keep"],
  ] as const)("%s", (_, given, act) => {
    expect(judgeRenewal(given).act).toBe(act);
  });
});

describe("drift", () => {
  const rng = seededRng(9);
  const prices = Float64Array.from({ length: 1_000 }, () => 500 * Math.exp(0.4 * rng.normal()));
  const before = histogramOf(prices);
  const indexOf = (values: Float64Array): number =>
    stabilityIndex(before.counts, countInto(before.edges, values));

  it("is calm for the same kind of prices and alarms for prices three times as high", () => {
    const again = Float64Array.from({ length: 1_000 }, () => 500 * Math.exp(0.4 * rng.normal()));
    expect(indexOf(again)).toBeLessThan(0.1);
    expect(indexOf(again.map((price) => 3 * price))).toBeGreaterThan(driftFrom);
  });

  it("counts what is not known in a bin of its own", () => {
    expect(histogramOf(Float64Array.of(1, 2, Number.NaN)).counts.at(-1)).toBe(1);
    expect(indexOf(prices.map((price, at) => (at % 2 === 0 ? Number.NaN : price)))).toBeGreaterThan(
      driftFrom,
    );
  });

  it("has one bin where all is the same", () => {
    expect(histogramOf(new Float64Array(50).fill(4))).toEqual({ edges: [4], counts: [0, 50, 0] });
  });
});
