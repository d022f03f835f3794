import { days, seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { families, openChecked } from "../core/kinds/families.ts";
import type { TrainedModel, TrainingOutcome } from "../core/kinds/family.ts";
import { knownBy } from "../core/shoppers/history.ts";
import {
  lifetimeInput,
  newShopperInput,
  openLifetimeModel,
  spentWithin,
} from "../core/shoppers/lifetime-model.ts";
import { columnsOf } from "../core/kinds/signature.ts";
import { simulatedWorld } from "../testing.ts";
import { riskFrom, scoreShoppers } from "./score-shoppers.ts";
import { mathematics, trainChurn } from "./train-churn.ts";
import { trainLifetime } from "./train-lifetime.ts";

const until = new Date("2025-08-13T13:00:00Z");
const world = simulatedWorld({ shoppers: 400, seed: 11, until, weeks: 104 });
const trained = (outcome: TrainingOutcome): TrainedModel => {
  if (outcome.kind !== "trained") throw new Error(outcome.why);
  return outcome;
};
const measure = ({ metrics }: TrainedModel, name: string): Readonly<Record<string, number>> =>
  metrics.measures.find((one) => one.name === name)!.values;
const live = (model: TrainedModel) => ({ bytes: model.artefact, edges: {} });

describe("a churn model", () => {
  const churn = trained(trainChurn(world, { seed: 1 }));

  it("is judged on later time beside its baselines, and serves where it wins beyond doubt", () => {
    const auc = measure(churn, "AUC");
    expect(Object.keys(auc)).toEqual(["trees", "recency", "rhythm"]);
    expect(auc["trees"]).toBeGreaterThan(Math.max(auc["recency"]!, auc["rhythm"]!));
    expect(churn.metrics.gain!.low > 0).toBe(churn.metrics.servedBy === "trees");
    expect(measure(churn, "calibration error")[churn.metrics.servedBy]).toBeLessThan(0.06);
  });

  it("leaves the serving to a baseline where chance is all there is", () => {
    const rng = seededRng(3);
    // Whether anybody comes again is a coin, whatever came before.
    const coins = {
      ...world,
      histories: world.histories.map(({ acts }) => ({
        acts,
        orders: Array.from({ length: 8 }, (_, n) => n)
          .filter(() => rng.next() < 0.5)
          .map((n) => ({ at: until.getTime() - days(700 - 90 * n), cents: 2_000, lines: 2, market: "m" })),
      })),
    };
    const outcome = trainChurn(coins, { seed: 1 });
    expect(outcome.kind === "trained" ? outcome.metrics.servedBy : "").not.toBe("trees");
  });

  it("is the same to the last byte with the same seed, and another with another", () => {
    const again = trained(trainChurn(world, { seed: 1 }));
    expect(Buffer.from(again.artefact).equals(Buffer.from(churn.artefact))).toBe(true);
    expect(again.dataHash).toBe(churn.dataHash);
    const other = trained(trainChurn(world, { seed: 2 }));
    expect(Buffer.from(other.artefact).equals(Buffer.from(churn.artefact))).toBe(false);
  });

  it("answers its golden predictions exactly when it is opened", () => {
    const version = {
      format: families.churn.format,
      signature: families.churn.signature,
      golden: churn.golden,
    };
    const text = JSON.parse(JSON.stringify(version)) as typeof version;
    expect(churn.golden).toHaveLength(20);
    expect(() => openChecked(text, churn.artefact, mathematics)).not.toThrow();
    const [first, ...rest] = churn.golden;
    const off = { ...version, golden: [...rest, { ...first!, score: first!.score + 1e-15 }] };
    expect(() => openChecked(off, churn.artefact, mathematics)).toThrow(
      expect.objectContaining({ code: "model_corrupt" }),
    );
  });

  it("gives up to three reasons in words to those at risk", () => {
    const { outlooks } = scoreShoppers(world, { churn: live(churn) }, mathematics);
    const atRisk = outlooks.filter(({ isAtRisk }) => isAtRisk);
    expect(atRisk.length).toBeGreaterThan(0);
    for (const { reasons, churnProbability, state } of atRisk) {
      expect(state).toBe("active");
      expect(churnProbability).toBeGreaterThanOrEqual(riskFrom);
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.length).toBeLessThanOrEqual(3);
      expect(reasons.join(" ")).not.toMatch(/NaN|undefined/);
    }
  });

  it("compares a later version with the champion on the same rows", () => {
    const later = trained(trainChurn(world, { seed: 2, champion: churn.artefact }));
    expect(later.againstChampion!.low).toBeLessThanOrEqual(later.againstChampion!.mean);
    // Two seeds of the same recipe: neither beats the other.
    expect(later.againstChampion!.low).toBeLessThan(0);
    const itself = trained(trainChurn(world, { seed: 1, champion: churn.artefact }));
    expect(itself.againstChampion).toMatchObject({ mean: 0, low: 0, high: 0 });
  });

  it("takes an artefact that is none for no champion", () => {
    expect(
      trained(trainChurn(world, { seed: 1, champion: Buffer.from("{}") })).againstChampion,
    ).toBeUndefined();
  });

  it("answers with what is missing where there is too little to learn from", () => {
    const none = { ...world, histories: [] };
    expect(trainChurn(none, { seed: 1 })).toMatchObject({ kind: "insufficient", rows: 0 });
    expect(trainLifetime(none, { seed: 1 })).toMatchObject({ kind: "insufficient", rows: 0 });
    const young = simulatedWorld({ shoppers: 400, seed: 11, until, weeks: 6 });
    expect(trainChurn(young, { seed: 1 })).toMatchObject({ kind: "insufficient" });
  });
});

describe("a market that is closed from November to March", () => {
  const isHeld = (month: number): boolean => month >= 4 && month <= 10;
  const summers = (at: Date) => simulatedWorld({ shoppers: 400, seed: 13, until: at, weeks: 150, isHeld });

  it("has nobody at risk and nobody gone in January, and somebody in August", () => {
    const january = summers(new Date("2026-01-15T12:00:00Z"));
    const churn = trained(trainChurn(january, { seed: 1 }));
    const winter = scoreShoppers(january, { churn: live(churn) }, mathematics).outlooks;
    expect(winter.filter(({ isAtRisk }) => isAtRisk)).toEqual([]);
    expect(new Set(winter.map(({ state }) => state))).toEqual(new Set(["resting"]));
    const august = scoreShoppers(
      summers(new Date("2025-08-15T12:00:00Z")),
      { churn: live(churn) },
      mathematics,
    );
    expect(august.outlooks.some(({ isAtRisk }) => isAtRisk)).toBe(true);
  });
});

describe("the value of a shopper", () => {
  const halfYear = days(182);
  const full = simulatedWorld({
    shoppers: 2_000,
    seed: 21,
    until: new Date(until.getTime() + halfYear),
    weeks: 130,
  });
  const cut = until.getTime();
  const past = {
    ...full,
    until: cut,
    histories: full.histories.map(({ orders, acts }) => ({
      acts,
      orders: orders.filter(({ at }) => at <= cut),
    })),
  };
  const model = trained(trainLifetime(past, { seed: 1 }));
  const opened = openLifetimeModel(model.artefact, mathematics);
  const told = past.histories.flatMap((history, at) => {
    const known = knownBy(history, cut, past.seasonOf);
    if (!known) return [];
    const came = spentWithin(full.histories[at]!, cut, cut + halfYear);
    return [{ answer: opened.answer(lifetimeInput(known)), came }];
  });

  it("is within ten per cent of what all buyers together come to spend in half a year", () => {
    const total = told.reduce((sum, { answer }) => sum + answer.score, 0);
    const came = told.reduce((sum, one) => sum + one.came, 0);
    expect(total / came).toBeGreaterThan(0.9);
    expect(total / came).toBeLessThan(1.1);
  });

  it("has an interval that holds about four of five", () => {
    const inside = told.filter(({ answer, came }) => came >= answer.low! && came <= answer.high!).length;
    expect(inside / told.length).toBeGreaterThan(0.74);
    expect(inside / told.length).toBeLessThan(0.95);
  });

  it("of somebody new is what shoppers spend in the half-year after their first order, with a wide interval", () => {
    const fresh = opened.answer(newShopperInput(26));
    const { low, high, score } = fresh;
    const since = past.histories.flatMap(({ orders: [first] }, at) =>
      first && first.at <= cut ? [spentWithin(full.histories[at]!, first.at, first.at + halfYear)] : [],
    );
    const mean = since.reduce((sum, cents) => sum + cents, 0) / since.length;
    expect(score / mean).toBeGreaterThan(0.9);
    expect(score / mean).toBeLessThan(1.1);
    const regular = opened.answer(
      columnsOf(families.lifetime.signature, {
        repeats: 60,
        lastWeeks: 100,
        ageWeeks: 101,
        meanCents: 2_500,
        weeksAhead: 26,
        lastHalfYearCents: 39_000,
      }),
    );
    expect((high! - low!) / score).toBeGreaterThan((regular.high! - regular.low!) / regular.score);
  });

  it("of somebody new is the same where repeating the last half-year serves: there is none to repeat", () => {
    const text = Buffer.from(model.artefact).toString().replace("buy till you leave", "last half-year again");
    const plain = openLifetimeModel(Buffer.from(text), mathematics);
    expect(plain.answer(newShopperInput(26))).toEqual(opened.answer(newShopperInput(26)));
    const known = lifetimeInput(
      knownBy(
        past.histories.find(({ orders }) => orders.length > 5)!,
        cut,
        past.seasonOf,
      )!,
    );
    expect(plain.score(known)).toBe(known[5]);
  });

  it("is less where half of the coming half-year is closed", () => {
    const input = { repeats: 20, lastWeeks: 50, ageWeeks: 51, meanCents: 2_500, lastHalfYearCents: 25_000 };
    const over = (weeksAhead: number): number =>
      opened.answer(columnsOf(families.lifetime.signature, { ...input, weeksAhead })).score;
    expect(over(13)).toBeLessThan(over(26));
    expect(over(0)).toBe(0);
  });

  it("is the same at every call, its interval too", () => {
    expect(opened.answer(newShopperInput(26))).toEqual(opened.answer(newShopperInput(26)));
  });
});
