import { AppError } from "@almanac/kernel";
import type { ModelType } from "@almanac/db/schema";
import { churnFormat, openChurnModel } from "../shoppers/churn-model.ts";
import type { LoadedModel, Mathematics } from "./family.ts";
import { shopperFeatures, shopperSignature } from "../shoppers/features.ts";
import {
  lifetimeFormat,
  lifetimeSignature,
  lifetimeWords,
  openLifetimeModel,
} from "../shoppers/lifetime-model.ts";
import { openSeasonModel, seasonFormat, seasonSignature, seasonWords } from "../seasons/season-model.ts";
import { columnsOf, type InputValues, type Signature } from "./signature.ts";

/** Models of a shopper, who are all scored each night. */
export const shopperModelNames = ["churn", "lifetime"] as const;
export type ShopperModelName = (typeof shopperModelNames)[number];
export const modelNames = [...shopperModelNames, "season"] as const;
export type ModelName = (typeof modelNames)[number];

/** What is known of a kind of model before any version of it is made. */
export interface ModelFamily {
  readonly name: ModelName;
  readonly type: ModelType;
  readonly title: string;
  /** What it answers, for people. */
  readonly purpose: string;
  readonly learner: string;
  readonly format: string;
  readonly signature: Signature;
  readonly inputWords: Readonly<Record<string, string>>;
  readonly score: "probability" | "cents";
  /** Whether a farm may have a version of its own, learned from its own customers alone. */
  readonly isPerFarm: boolean;
  /** Tells of what a farm sells, so that operators alone ask it of anything, and farms of their own products. */
  readonly isOfFarms: boolean;
  /** Tells a few weeks ahead alone, so that a version which is no worse takes the place of the one before. */
  readonly isRenewed: boolean;
  open(bytes: Uint8Array, math: Mathematics): LoadedModel;
}

export const families: Readonly<Record<ModelName, ModelFamily>> = {
  churn: {
    name: "churn",
    type: "CHURN_PREDICTION",
    title: "Who may stay away",
    purpose:
      "The chance that a shopper places no order for sixty days on which the market is open, or for three times the usual gap where that is longer. A market's winter does not count.",
    learner: "gradient boosted trees, calibrated; beside them two baselines that look at one thing each",
    format: churnFormat,
    signature: shopperSignature,
    inputWords: Object.fromEntries(shopperFeatures.map(({ name, words }) => [name, words])),
    score: "probability",
    isPerFarm: false,
    isOfFarms: false,
    isRenewed: false,
    open: openChurnModel,
  },
  lifetime: {
    name: "lifetime",
    type: "CUSTOM",
    title: "What a shopper is worth",
    purpose:
      "How much a shopper will spend in the coming half-year, with what it may be in four of five cases. Weeks on which the market is closed do not count.",
    learner: "BG/NBD for how often, Gamma-Gamma for how much; beside them the last half-year again",
    format: lifetimeFormat,
    signature: lifetimeSignature,
    inputWords: lifetimeWords,
    score: "cents",
    isPerFarm: true,
    isOfFarms: false,
    isRenewed: false,
    open: openLifetimeModel,
  },
  season: {
    name: "season",
    type: "SEASONAL_PATTERN",
    title: "When a product is asked for",
    purpose:
      "The chance that somebody orders a product at a market in a week in which there is some of it. Weeks in which there was nothing to sell are not learned from.",
    learner:
      "harmonic regression of one and two waves a year or the share of the latest year, whichever did better before; beside it, where it is installed, a recurrent network over all products that tells eight weeks",
    format: seasonFormat,
    signature: seasonSignature,
    inputWords: seasonWords,
    score: "probability",
    isPerFarm: false,
    isOfFarms: true,
    isRenewed: true,
    open: openSeasonModel,
  },
};

/**
 * Opens an artefact and asks it the questions whose answers were kept when it was made.
 *
 * @throws AppError `model_corrupt` where it cannot be opened, or answers otherwise than then
 */
export function openChecked(
  {
    format,
    golden,
    signature,
  }: {
    readonly format: string;
    readonly golden: readonly { readonly input: InputValues; readonly score: number }[];
    readonly signature: Signature;
  },
  bytes: Uint8Array,
  math: Mathematics,
): LoadedModel {
  const family = Object.values(families).find((one) => one.format === format);
  if (!family) throw new AppError("model_corrupt", `Nothing here opens models of the format "${format}".`);
  let model: LoadedModel;
  try {
    model = family.open(bytes, math);
  } catch (cause) {
    throw new AppError("model_corrupt", "The model cannot be opened.", { cause });
  }
  const wrong = golden.findIndex(({ input, score }) => model.score(columnsOf(signature, input)) !== score);
  if (wrong >= 0)
    throw new AppError(
      "model_corrupt",
      `The model answers question ${wrong + 1} otherwise than when it was made.`,
    );
  return model;
}
