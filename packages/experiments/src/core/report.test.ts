import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { Arm } from "./experiment.ts";
import type { MetricKey } from "./metrics.ts";
import { momentsOf, sumMoments } from "./moments.ts";
import { buildReport, looksOfPlan, type MetricCell, type ReportInput } from "./report.ts";
import { decisionsOf, verdictOf } from "./verdict.ts";

const arm = (key: string, weight = 0.5): Arm => ({ key, name: key, weight, config: {} });

/** Cells of one market day, with shares of shoppers as given. */
const cells = (metric: MetricKey, shares: Record<string, number>, n = 2_000): MetricCell[] =>
  Object.entries(shares).map(([key, share]) => ({
    metric,
    arm: key,
    cluster: "riverside/2025-08-13",
    moments: sumMoments(Array.from({ length: n }, (_, i) => momentsOf(i < share * n ? 1 : 0))),
  }));

/** All arms from the beginning to the end. */
const throughout = (exposed: Record<string, number>) => [{ arms: Object.keys(exposed), exposed }];

const input = (changes: Partial<ReportInput> = {}): ReportInput => ({
  kind: "ab",
  arms: [arm("control"), arm("season")],
  periods: throughout({ control: 2_000, season: 2_000 }),
  cells: cells("conversion", { control: 0.1, season: 0.14 }),
  primary: "conversion",
  guardrails: [],
  plannedUnits: undefined,
  looks: [4_000],
  ...changes,
});

const judge = (given: ReportInput) => {
  const report = buildReport(given);
  return { report, verdict: verdictOf(given, report, decisionsOf(report, given.primary)) };
};

describe("the report of an experiment", () => {
  it("names a winner when the interval lies above zero, with the lift and what it may be", () => {
    const { report, verdict } = judge(input());
    expect(verdict).toEqual({ kind: "winner", arm: "season" });
    const [comparison] = report.comparisons;
    expect(comparison).toMatchObject({ arm: "season", method: "anytime", isDecisive: true });
    expect(comparison?.relative?.value).toBeCloseTo(0.4, 10);
    expect(comparison?.relative?.low).toBeLessThan(0.4);
  });

  it("names none while zero is inside", () => {
    const given = input({ cells: cells("conversion", { control: 0.1, season: 0.105 }) });
    expect(judge(given).verdict).toEqual({ kind: "collecting" });
  });

  it("says control wins when the other arm is worse", () => {
    const given = input({ cells: cells("conversion", { control: 0.14, season: 0.1 }) });
    expect(judge(given).verdict).toEqual({ kind: "control_wins" });
  });

  it("a split of 46 to 54 hides the winner and every comparison", () => {
    const { report, verdict } = judge(input({ periods: throughout({ control: 1_840, season: 2_160 }) }));
    expect(verdict).toEqual({ kind: "mismatch" });
    expect(report.comparisons).toEqual([]);
    expect(report.ratio).toMatchObject({ isAlarm: true });
  });

  describe("after an arm was stopped", () => {
    const all = ["control", "a", "b"];
    const judged = (...periods: ReportInput["periods"]) =>
      judge(
        input({
          arms: all.map((key) => arm(key, 1 / 3)),
          periods,
          cells: cells("conversion", { control: 0.1, a: 0.16, b: 0.1 }),
        }),
      );
    const before = { arms: all, exposed: { control: 1_010, a: 990, b: 1_000 } };
    const after = { arms: ["control", "a"], exposed: { control: 500, a: 500 } };

    it("goes on with the others: who would have got it is not missed", () => {
      const { report, verdict } = judged(before, after);
      expect(report.ratio.isAlarm).toBe(false);
      expect(verdict).toEqual({ kind: "winner", arm: "a" });
      expect(report.ratio.periods.map(({ arms }) => arms)).toEqual([all, ["control", "a"]]);
    });

    it("alarms for a split that was wrong in the arm that was stopped, for good", () => {
      const lost = { arms: all, exposed: { control: 1_000, a: 1_000, b: 850 } };
      const { report, verdict } = judged(lost, after);
      expect(verdict).toEqual({ kind: "mismatch" });
      expect(report.ratio.periods.map(({ isAlarm }) => isAlarm)).toEqual([true, false]);
    });

    it("alarms for a split that goes wrong between the others", () => {
      expect(judged(before, { ...after, exposed: { control: 600, a: 400 } }).verdict.kind).toBe("mismatch");
    });

    it("adds up what each period says by itself", () => {
      const uneven = { ...after, exposed: { control: 530, a: 470 } };
      const { chiSquare, p, periods } = judged(before, uneven).report.ratio;
      expect(periods.map((period) => period.chiSquare)).toEqual([expect.closeTo(0.2), expect.closeTo(3.6)]);
      expect(chiSquare).toBeCloseTo(3.8);
      // Three degrees of freedom.
      expect(p).toBeCloseTo(0.2839, 3);
    });

    it("says nothing of a time in which nobody came, or one arm was left", () => {
      const ended = { arms: ["control"], exposed: { control: 20 } };
      expect(
        judged(before, { arms: ["control", "a"], exposed: {} }, ended).report.ratio.periods,
      ).toHaveLength(1);
    });
  });

  it("goes by the plan's looks where there is a plan, and ends without a difference when it is filled", () => {
    const flat = cells("conversion", { control: 0.1, season: 0.1 });
    const early = judge(input({ plannedUnits: 16_000, looks: [1_000, 4_000], cells: flat }));
    expect(early.report.comparisons[0]).toMatchObject({ method: "planned" });
    expect(early.report.comparisons[0]!.multiplier).toBeGreaterThan(4);
    expect(early.verdict).toEqual({ kind: "collecting" });
    const full = judge(input({ plannedUnits: 4_000, looks: [2_000, 4_000], cells: flat }));
    expect(full.report.comparisons[0]!.multiplier).toBeCloseTo(1.97, 2);
    expect(full.verdict).toEqual({ kind: "no_difference" });
  });

  it("an arm that wins and breaks a guardrail is no winner", () => {
    const given = input({
      cells: [
        ...cells("conversion", { control: 0.1, season: 0.14 }),
        ...cells("small_farm_share", { control: 0.5, season: 0.35 }),
      ],
      guardrails: [{ metric: "small_farm_share", margin: 0.1 }],
    });
    const { report, verdict } = judge(given);
    expect(report.guardrails).toMatchObject([
      { metric: "small_farm_share", arm: "season", state: "breached" },
    ]);
    expect(verdict).toEqual({ kind: "control_wins" });
  });

  it("a guardrail on what should be low is broken by what is higher, and holds when the worst case is within", () => {
    const state = (season: number) =>
      buildReport(
        input({
          cells: cells("empty_searches", { control: 0.4, season }),
          guardrails: [{ metric: "empty_searches", margin: 0.1 }],
        }),
      ).guardrails[0]?.state;
    expect(state(0.6)).toBe("breached");
    expect(state(0.3)).toBe("holds");
    expect(state(0.43)).toBe("unsure");
  });

  it("compares nobody while an arm has fewer than a hundred shoppers", () => {
    const given = input({ cells: cells("conversion", { control: 0.1, season: 0.9 }, 99) });
    expect(buildReport(given).comparisons).toEqual([]);
    expect(buildReport(given).values).toHaveLength(2);
  });

  it("several treatments share alpha", () => {
    const arms = [arm("control", 0.4), arm("a", 0.3), arm("b", 0.3)];
    const three = buildReport(
      input({
        arms,
        periods: throughout({ control: 4_000, a: 3_000, b: 3_000 }),
        cells: cells("conversion", { control: 0.1, a: 0.12, b: 0.1 }),
      }),
    );
    expect(three.comparisons.map((one) => one.arm)).toEqual(["a", "b"]);
    expect(three.comparisons[0]!.multiplier).toBeGreaterThan(buildReport(input()).comparisons[0]!.multiplier);
  });

  it("a holdout is what recommendations are compared against", () => {
    const given = input({
      kind: "holdout",
      arms: [arm("recommended", 0.95), arm("held-out", 0.05)],
      periods: throughout({ recommended: 38_000, "held-out": 2_000 }),
      cells: cells("conversion", { recommended: 0.14, "held-out": 0.1 }),
    });
    expect(judge(given).verdict).toEqual({ kind: "winner", arm: "recommended" });
  });

  it("market days that differ by arm widen the interval", () => {
    const rng = seededRng(4);
    const days = Array.from({ length: 30 }, (_, day) =>
      ["control", "season"].map((key) => {
        const share = 0.1 + (key === "season" ? 0.08 * rng.normal() : 0);
        const [cell] = cells("conversion", { [key]: Math.max(0, share) }, 200);
        return { ...cell!, cluster: `riverside/${day}` };
      }),
    ).flat();
    const [comparison] = buildReport(input({ cells: days })).comparisons;
    const [unclustered] = buildReport(
      input({ cells: days.map((cell) => ({ ...cell, cluster: "one" })) }),
    ).comparisons;
    expect(comparison).toMatchObject({ clusters: 30 });
    const width = (one: typeof comparison) => one!.absolute.high - one!.absolute.low;
    expect(width(comparison)).toBeGreaterThan(1.5 * width(unclustered));
  });
});

describe("looks", () => {
  it("count when a hundredth of the plan more is there, and when it is full", () => {
    expect(looksOfPlan([5, 8, 100, 104, 500, 995, 1_000, 1_400], 1_000)).toEqual([0.1, 0.5, 0.995, 1]);
  });
});
