import { idFromName, type MarketId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { assign, isInHoldout, recommendationsHoldout, type Unit } from "./assign.ts";
import { bucketOf, rangesOf, sumToOne } from "./bucketing.ts";
import type { Experiment } from "./experiment.ts";

const ids = Array.from({ length: 10_000 }, (_, i) => idFromName("experiments/unit", String(i)) as string);
const unit = (id: string, more: Partial<Unit> = {}): Unit => ({ id, mayTrack: true, ...more });

const experiment: Experiment = {
  id: "e1",
  key: "search-weights",
  status: "running",
  kind: "ab",
  surface: "search",
  seed: "search-weights",
  arms: [
    { key: "control", name: "Today's order", weight: 0.5, config: {} },
    { key: "season", name: "More season", weight: 0.5, config: { rankingVersionId: "v2" } },
  ],
  stoppedArms: [],
  rollout: 1,
  marketIds: [],
};

const share = (test: (id: string) => boolean): number => ids.filter(test).length / ids.length;
const armOf = (of: Experiment, id: string): string => assign(of, unit(id)).arm.key;

describe("a bucket", () => {
  // For other implementations: these values never change, or every running experiment would be dealt again.
  it.each([
    ["maya", "search-weights/arm", 0.36961605050601065],
    ["", "search-weights/arm", 0.12227695691399276],
    ["0198a1f2-0000-7000-8000-000000000001", "x", 0.03509386908262968],
  ])("of %j under %j is %d", (id, seed, expected) => {
    expect(bucketOf(id, seed)).toBeCloseTo(expected, 9);
  });

  it("is spread evenly: 20 bins of 10,000 ids pass a chi-square test at .001 under each of 20 seeds", () => {
    for (let seed = 0; seed < 20; seed++) {
      const bins = Array.from({ length: 20 }, () => 0);
      for (const id of ids) bins[Math.floor(bucketOf(id, `seed-${seed}`) * 20)]! += 1;
      const chiSquare = bins.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
      expect(chiSquare).toBeLessThan(43.82); // 19 degrees of freedom
    }
  });

  it("under one seed says nothing about that under another", () => {
    for (let seed = 0; seed < 20; seed++) {
      const both = share((id) => bucketOf(id, `a${seed}`) < 0.5 && bucketOf(id, `b${seed}`) < 0.5);
      expect(Math.abs(both - 0.25)).toBeLessThan(3.5 * Math.sqrt((0.25 * 0.75) / ids.length));
    }
  });
});

describe("weights", () => {
  it("become neighbouring ranges that end at one", () => {
    expect(rangesOf([0.1, 0.2, 0.7])).toEqual([
      { from: 0, to: 0.1 },
      { from: 0.1, to: expect.closeTo(0.3) },
      { from: expect.closeTo(0.3), to: 1 },
    ]);
  });

  it("have to sum to one, and none may be negative", () => {
    expect(sumToOne([1 / 3, 1 / 3, 1 / 3])).toBe(true);
    expect(sumToOne([0.5, 0.6])).toBe(false);
    expect(sumToOne([1.2, -0.2])).toBe(false);
    expect(sumToOne([Number.NaN, 1])).toBe(false);
  });
});

describe("assignment", () => {
  it("splits 10,000 shoppers in half to within three standard deviations", () => {
    expect(Math.abs(share((id) => armOf(experiment, id) === "season") - 0.5)).toBeLessThan(0.015);
  });

  it("is the same whenever it is asked", () => {
    for (const id of ids.slice(0, 200))
      expect(assign(experiment, unit(id))).toEqual(assign({ ...experiment }, unit(id)));
  });

  it("of one experiment does not decide that of the next", () => {
    const next = { ...experiment, seed: "another" };
    const both = share((id) => armOf(experiment, id) === "season" && armOf(next, id) === "season");
    expect(Math.abs(both - 0.25)).toBeLessThan(0.015);
  });

  it("a rollout of 5 % takes 5 % ± .7, all of whom are in that of 25 %, 50 % and 100 %, in the same arm", () => {
    const at = (rollout: number) => ids.map((id) => assign({ ...experiment, rollout }, unit(id)));
    const steps = [0.05, 0.25, 0.5, 1].map(at);
    expect(Math.abs(steps[0]!.filter((a) => a.isPartaking).length / 10_000 - 0.05)).toBeLessThan(0.007);
    for (let step = 1; step < steps.length; step++) {
      steps[step - 1]!.forEach((before, i) => {
        if (before.isPartaking) expect(steps[step]![i]).toEqual(before);
      });
    }
  });

  it("gives control to whoever takes no part, and says why", () => {
    const riverside = idFromName<MarketId>("market", "riverside");
    const outside = ids.find((id) => !assign({ ...experiment, rollout: 0.5 }, unit(id)).isPartaking)!;
    const reasonOf = (of: Experiment, who: Unit) => assign(of, who);
    const nobody = { arm: { key: "control" }, isPartaking: false };
    expect(reasonOf({ ...experiment, status: "stopped" }, unit("a"))).toMatchObject({
      ...nobody,
      reason: "not_running",
    });
    expect(reasonOf(experiment, unit("a", { mayTrack: false }))).toMatchObject({
      ...nobody,
      reason: "no_consent",
    });
    expect(reasonOf({ ...experiment, marketIds: [riverside] }, unit("a"))).toMatchObject({
      ...nobody,
      reason: "other_market",
    });
    expect(reasonOf({ ...experiment, rollout: 0.5 }, unit(outside))).toMatchObject({
      ...nobody,
      reason: "outside_rollout",
    });
  });

  it("a stopped arm turns into control, and its shoppers are not counted as control", () => {
    const stopped = { ...experiment, stoppedArms: ["season"] };
    const id = ids.find((candidate) => armOf(experiment, candidate) === "season")!;
    expect(assign(stopped, unit(id))).toMatchObject({
      arm: { key: "control" },
      reason: "arm_stopped",
      isPartaking: false,
    });
    const other = ids.find((candidate) => armOf(experiment, candidate) === "control")!;
    expect(assign(stopped, unit(other)).isPartaking).toBe(true);
  });

  it("what was noted at sign-in holds against the hash, unless there is no such arm any more", () => {
    const id = ids.find((candidate) => armOf(experiment, candidate) === "control")!;
    expect(assign(experiment, unit(id, { notedArm: "season" }))).toMatchObject({
      arm: { key: "season" },
      reason: "noted",
    });
    expect(assign(experiment, unit(id, { notedArm: "gone" }))).toMatchObject({ arm: { key: "control" } });
  });

  it("experiments of one namespace with ranges apart share no shopper, and together take everybody", () => {
    const part = (from: number, to: number, key: string): Experiment => ({
      ...experiment,
      key,
      seed: key,
      namespace: { name: "search", range: { from, to } },
    });
    const left = part(0, 0.6, "left");
    const right = part(0.6, 1, "right");
    for (const id of ids.slice(0, 2_000)) {
      const taken = [left, right].filter((of) => assign(of, unit(id)).isPartaking);
      expect(taken).toHaveLength(1);
    }
  });
});

describe("the holdout", () => {
  const recommendations: Experiment = { ...experiment, surface: "recommendations", seed: "for-you" };

  it("is 5 % of shoppers, the same for every experiment", () => {
    expect(Math.abs(share((id) => isInHoldout(recommendationsHoldout, id)) - 0.05)).toBeLessThan(0.007);
  });

  it("keeps its shoppers out of what is new on its surface, and of nothing else", () => {
    const held = ids.filter((id) => isInHoldout(recommendationsHoldout, id));
    for (const id of held.slice(0, 100)) {
      expect(assign(recommendations, unit(id), [recommendationsHoldout])).toMatchObject({
        reason: "held_out",
      });
      expect(assign(experiment, unit(id), [recommendationsHoldout]).isPartaking).toBe(true);
    }
  });

  it("is measured by an experiment of its own whose second arm is exactly those held out", () => {
    const measure: Experiment = {
      ...recommendations,
      kind: "holdout",
      seed: recommendationsHoldout.seed,
      arms: [
        { key: "recommended", name: "Recommendations", weight: 0.95, config: {} },
        { key: "held-out", name: "None", weight: 0.05, config: { recommendations: false } },
      ],
    };
    for (const id of ids.slice(0, 2_000)) {
      const { arm, isPartaking } = assign(measure, unit(id), [recommendationsHoldout]);
      expect(isPartaking).toBe(true);
      expect(arm.key === "held-out").toBe(isInHoldout(recommendationsHoldout, id));
    }
  });
});
