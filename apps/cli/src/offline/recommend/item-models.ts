import type { Rng } from "@almanac/kernel";
import {
  blendScorers,
  fitBpr,
  fitEase,
  fitIals,
  fitItemKnn,
  fitNcf,
  popularScorer,
  randomScorer,
} from "@almanac/recsys/offline";
import type { ItemScorer, SparseRows } from "@almanac/recsys/offline";
import type { Progress } from "./progress.ts";

export const itemModels = ["random", "popular", "item-knn", "ease", "ials", "bpr", "ncf", "hybrid"] as const;
export type ItemModel = (typeof itemModels)[number];

/** Settings of one fit; defaults are what won on most sets. */
export interface ItemSettings {
  readonly lambda: number;
  readonly sourceExponent: number;
  readonly dimensions: number;
}

/** Fits the named model. `hybrid` sums z-scores: EASE, half of iALS, half of item-kNN. */
export function fitItemModel(
  model: ItemModel,
  interactions: SparseRows,
  settings: ItemSettings,
  rng: Rng,
  progress: Progress,
): ItemScorer {
  switch (model) {
    case "random":
      return randomScorer(rng.fork("random"));
    case "popular":
      return popularScorer(interactions);
    case "item-knn":
      return fitItemKnn(interactions, { sourceExponent: settings.sourceExponent });
    case "ease":
      return fitEase(interactions, { lambda: settings.lambda, onProgress: progress.share("ease") });
    case "ials":
      return fitIals(interactions, {
        rng: rng.fork("ials"),
        dimensions: settings.dimensions,
        onProgress: progress.share("ials"),
      });
    case "bpr":
      return fitBpr(interactions, { rng: rng.fork("bpr"), onProgress: progress.share("bpr") });
    case "ncf":
      return fitNcf(interactions, { rng: rng.fork("ncf"), onProgress: progress.share("ncf") });
    case "hybrid":
      return blendScorers("hybrid", [
        { scorer: fitItemModel("ease", interactions, settings, rng, progress), weight: 1 },
        { scorer: fitItemModel("ials", interactions, settings, rng, progress), weight: 0.5 },
        { scorer: fitItemModel("item-knn", interactions, settings, rng, progress), weight: 0.5 },
      ]);
  }
}
