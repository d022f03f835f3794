import { churnWindowDays, isAway } from "../core/shoppers/churn-label.ts";
import { openChurnModel } from "../core/shoppers/churn-model.ts";
import type { Mathematics, TrainingWorld } from "../core/kinds/family.ts";
import { featuresOf, shopperSignature } from "../core/shoppers/features.ts";
import { countInto } from "../core/decisions/histogram.ts";
import { knownBy, type KnownHistory } from "../core/shoppers/history.ts";
import {
  lifetimeInput,
  lifetimeSignature,
  newShopperInput,
  openLifetimeModel,
} from "../core/shoppers/lifetime-model.ts";
import type { ModelName } from "../core/kinds/families.ts";
import type { Outlook } from "../core/shoppers/outlook.ts";
import type { LiveModel, ShadowPair } from "./live-model.ts";
import { openTwoArms, type TwoArms } from "./two-arms.ts";

/** From this probability on a shopper is at risk: three in ten of such shoppers stay away, about three times as many as of all. */
export const riskFrom = 0.3;

export interface ScoredShoppers {
  readonly outlooks: readonly Outlook[];
  readonly shadows: Partial<Record<ModelName, readonly ShadowPair[]>>;
  /** Histograms of the inputs and scores of those who were scored, by model. */
  readonly seen: Partial<Record<ModelName, { rows: number; counts: Record<string, number[]> }>>;
}

/**
 * What is expected of every shopper now, by the models that are live. While a market is closed nobody of it is at risk:
 * one cannot stay away from what is not there.
 */
export function scoreShoppers(
  { histories, seasonOf, until }: TrainingWorld,
  live: { churn?: LiveModel; lifetime?: LiveModel },
  math: Mathematics,
  units: readonly string[] = [],
): ScoredShoppers {
  const churn = live.churn && openTwoArms(live.churn, (bytes) => openChurnModel(bytes, math));
  const lifetime = live.lifetime && openTwoArms(live.lifetime, (bytes) => openLifetimeModel(bytes, math));
  const churnInputs: Float64Array[] = [];
  const churnScores: number[] = [];
  const valueInputs: Float64Array[] = [];
  const valueScores: number[] = [];
  const outlooks = histories.map((history, at): Outlook => {
    const unit = units[at] ?? "";
    const known = knownBy(history, until, seasonOf);
    if (!known) {
      const value = valueOf(lifetime, unit, newShopperInput(26));
      return { state: "new", isAtRisk: false, reasons: [], churnArm: "champion", ...value };
    }
    const columns = lifetimeInput(known);
    const value = valueOf(lifetime, unit, columns);
    if (value.valueCents !== undefined) {
      valueInputs.push(columns);
      valueScores.push(value.valueCents);
    }
    const state = stateOf(known);
    const windowDays = churnWindowDays(known);
    if (state !== "active" || !churn) {
      const reasons = stateWords(state, known);
      return { state, windowDays, isAtRisk: false, reasons, churnArm: "champion", ...value };
    }
    const features = Float64Array.from(featuresOf(known));
    const { score, reasons, arm: churnArm } = churn.ask(unit, features);
    churnInputs.push(features);
    churnScores.push(score);
    const isAtRisk = score >= riskFrom;
    return { state, windowDays, churnProbability: score, isAtRisk, reasons, churnArm, ...value };
  });
  return {
    outlooks,
    shadows: { churn: churn?.shadows ?? [], lifetime: lifetime?.shadows ?? [] },
    seen: {
      ...(live.churn && { churn: seenOf(shopperSignature, live.churn, churnInputs, churnScores) }),
      ...(live.lifetime && { lifetime: seenOf(lifetimeSignature, live.lifetime, valueInputs, valueScores) }),
    },
  };
}

function stateOf(known: KnownHistory): "active" | "away" | "resting" {
  if (!known.season.isOpen(known.at)) return "resting";
  return isAway(known) ? "away" : "active";
}

function stateWords(state: Outlook["state"], known: KnownHistory): string[] {
  if (state === "resting") return ["the market is closed, so nothing can be told"];
  if (state !== "away") return [];
  const since = known.season.openDaysBetween(known.orders.at(-1)!.at, known.at);
  return [`no order for ${since} open days, which counts as gone`];
}

function valueOf(lifetime: TwoArms | undefined, unit: string, columns: Float64Array) {
  if (!lifetime) return { lifetimeArm: "champion" as const };
  const { score, low, high, orders, arm } = lifetime.ask(unit, columns);
  return {
    valueCents: score,
    valueLowCents: low!,
    valueHighCents: high!,
    expectedOrders: orders!,
    lifetimeArm: arm,
  };
}

function seenOf(
  signature: readonly { readonly name: string }[],
  { edges }: LiveModel,
  inputs: readonly Float64Array[],
  scores: readonly number[],
) {
  const counts = Object.fromEntries(
    signature.map(({ name }, column) => [
      name,
      countInto(
        edges[name] ?? [],
        Float64Array.from(inputs, (columns) => columns[column]!),
      ),
    ]),
  );
  counts["score"] = countInto(edges["score"] ?? [], Float64Array.from(scores));
  return { rows: inputs.length, counts };
}
