import type { ModelName, ShopperModelName } from "../core/families.ts";
import type { TrainingOutcome } from "../core/family.ts";
import type { Outlook } from "./score-shoppers.ts";
import type { PackedWorld } from "./pack.ts";
import type { SeasonTask } from "./train-season.ts";

/** What a thread is asked to do. */
export type Task =
  | {
      readonly kind: "train";
      readonly name: ShopperModelName;
      readonly world: PackedWorld;
      readonly seed: number;
      readonly champion?: Uint8Array;
      /** For a farm's own version: what answers where a farm has none. */
      readonly general?: Uint8Array;
    }
  | (SeasonTask & { readonly kind: "season"; readonly seed: number; readonly champion?: Uint8Array })
  | {
      readonly kind: "score";
      readonly world: PackedWorld;
      /** Who the shoppers are, by their position: decides the arm of a rollout. */
      readonly units: readonly string[];
      readonly churn?: LiveModel;
      readonly lifetime?: LiveModel;
    };

/** A live version's artefact, and the bins that its inputs are counted in. */
export interface LiveModel {
  readonly bytes: Uint8Array;
  readonly edges: Readonly<Record<string, readonly number[]>>;
  /** What is being rolled out beside it. */
  readonly challenger?: { readonly bytes: Uint8Array; readonly seed: string; readonly percent: number };
}

/** What both arms said of a shopper while a challenger is in the shadow. */
export interface ShadowPair {
  readonly columns: Float64Array;
  readonly champion: number;
  /** Absent where the challenger failed. */
  readonly challenger?: number;
  readonly championMs: number;
  readonly challengerMs: number;
}

export interface ScoredShoppers {
  readonly outlooks: readonly Outlook[];
  readonly shadows: Partial<Record<ModelName, readonly ShadowPair[]>>;
  /** Histograms of the inputs and scores of those who were scored, by model. */
  readonly seen: Partial<Record<ModelName, { rows: number; counts: Record<string, number[]> }>>;
}

export type TaskMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "trained"; readonly outcome: TrainingOutcome }
  | { readonly kind: "scored"; readonly scored: ScoredShoppers };
