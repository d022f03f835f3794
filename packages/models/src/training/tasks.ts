import type { ShopperModelName } from "../core/kinds/families.ts";
import type { TrainingOutcome } from "../core/kinds/family.ts";
import type { LiveModel } from "./live-model.ts";
import type { PackedWorld } from "./pack.ts";
import type { ScoredShoppers } from "./score-shoppers.ts";
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

export type TaskMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "trained"; readonly outcome: TrainingOutcome }
  | { readonly kind: "scored"; readonly scored: ScoredShoppers };
