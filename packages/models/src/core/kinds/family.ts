import type { Interval } from "../decisions/interval.ts";
import type { Histogram } from "../decisions/histogram.ts";
import type { MarketSeason } from "../shoppers/season.ts";
import type { ShopperHistory } from "../shoppers/history.ts";
import type { InputValues } from "./signature.ts";

/** The part of `ml` that loaded models use. It is loaded when the first model is, so that a shop runs without it. */
export type Mathematics = Pick<
  typeof import("@almanac/ml"),
  | "applyPlatt"
  | "contributionsOf"
  | "expectedPurchases"
  | "expectedSpend"
  | "logistic"
  | "parseBoostedTrees"
  | "predictBoostedRow"
  | "stabilityIndex"
>;

/** The part that learns from the event log. */
export type StreamMathematics = Pick<
  typeof import("@almanac/ml"),
  "emptyStream" | "savedByTaste" | "TasteStream" | "wordVector"
>;

export interface Answer {
  /** A probability or an amount, by the model. */
  readonly score: number;
  /** What the amount may be in four of five cases. */
  readonly low?: number;
  readonly high?: number;
  /** Orders, for the value of a shopper. */
  readonly orders?: number;
  /** In words, the weightiest first; none where nobody asked for them. */
  readonly reasons: readonly string[];
  /** The member that answered: the learned one only where it beat its baselines. */
  readonly servedBy: string;
}

export interface AnswerOptions {
  /** Reasons cost more than the score itself: true unless told. */
  readonly withReasons?: boolean;
}

export interface LoadedModel {
  /** The score alone, for comparisons and golden predictions. */
  score(columns: Float64Array): number;
  answer(columns: Float64Array, options?: AnswerOptions): Answer;
}

/** A figure of a model beside its baselines. */
export interface Measure {
  readonly name: string;
  readonly better: "higher" | "lower" | "near 1";
  readonly values: Readonly<Record<string, number>>;
}

export interface ModelMetrics {
  readonly servedBy: string;
  /** Why it is served, or not, for people. */
  readonly verdict: string;
  readonly rowsLearned: number;
  readonly rowsTested: number;
  /** First moment of the test; absent where there was too little past to hold any back. */
  readonly testFrom?: string;
  /** What is shipped was learned anew from all there is, in the way that was judged. */
  readonly isToldAnew?: boolean;
  readonly measures: readonly Measure[];
  /** Loss of the best baseline minus loss of the learned model on the test, with its interval. */
  readonly gain?: Interval & { readonly against: string; readonly unit: string };
  readonly calibration?: readonly { readonly told: number; readonly came: number; readonly rows: number }[];
  /** Of the shoppers that the model fears for most, the share of all losses that is among them. */
  readonly lift?: readonly { readonly share: number; readonly caught: number }[];
  /** What the model looks at; shares sum to one. */
  readonly weights: readonly { readonly name: string; readonly share: number }[];
}

/** All that a training reads. */
export interface TrainingWorld {
  readonly histories: readonly ShopperHistory[];
  readonly seasonOf: (market: string) => MarketSeason;
  /** The moment of training, in milliseconds. */
  readonly until: number;
  /** For a farm: all that the same shoppers ordered from whomever, which is what the general version knows of them. */
  readonly whole?: Pick<TrainingWorld, "histories" | "seasonOf">;
}

export interface TrainingOptions {
  readonly seed: number;
  /** The artefact that is live, to compare with. */
  readonly champion?: Uint8Array;
  /** For a farm's own version: the artefact that answers where a farm has none, to compare with on the farm's own rows. */
  readonly general?: Uint8Array;
  readonly onProgress?: (share: number) => void;
}

export interface TrainedModel {
  readonly kind: "trained";
  readonly artefact: Uint8Array;
  readonly golden: readonly { readonly input: InputValues; readonly score: number }[];
  readonly metrics: ModelMetrics;
  readonly reference: Readonly<Record<string, Histogram>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataHash: string;
  readonly windowFrom: number;
  /** Loss of the champion minus loss of this one, on the same rows. */
  readonly againstChampion?: Interval;
  /** For a farm's own version, on the farm's rows: loss of the general one minus loss of this one. */
  readonly againstGeneral?: Interval;
  /** And minus loss of the farm's champion, where it has one. */
  readonly championAgainstGeneral?: Interval;
}

export type TrainingOutcome =
  | TrainedModel
  /** A first-class answer: there is not enough to learn from yet. */
  | { readonly kind: "insufficient"; readonly why: string; readonly rows: number };
