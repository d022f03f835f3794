import type { Market } from "@almanac/catalog";
import { explorationIndex, type FarmExposure } from "../core/slate/exploration.ts";
import type { RuleEffect } from "../core/slate/rules.ts";
import type { SlateOptions } from "../core/slate/slate.ts";
import type { ShopperRequest } from "../core/types.ts";
import type { StoredRule } from "../store/rules.ts";
import { epochDay } from "./shop-product.ts";
import type { World } from "./world.ts";

const unseen: FarmExposure = { impressions: 0, clicks: 0 };

/** What operators asked for and what is to be explored, for this request. */
export function servingOptions(
  world: World,
  request: ShopperRequest,
  market: Market | undefined,
): Pick<SlateOptions, "rules" | "exploration"> {
  const rules = effectsOf(world, request, market);
  return {
    ...(rules.length > 0 && { rules }),
    exploration: {
      // The same through a day, so that a page that is opened again shows the same.
      seed: `${request.shopperId ?? "stranger"}/${request.day}`,
      indexOf: (farm) =>
        explorationIndex(
          world.exposures.get(world.snapshot.farmIds[farm] ?? "") ?? unseen,
          world.totalImpressions,
        ),
    },
  };
}

/** The rules that hold at this market on this day, as the core reads them. */
export function effectsOf(
  world: Pick<World, "rules" | "categories">,
  { day, season }: Pick<ShopperRequest, "day" | "season">,
  market: Market | undefined,
): RuleEffect[] {
  return world.rules
    .filter((rule) => holds(rule, { day, season, market }))
    .map(({ id, kind, target, targetId, strength }) => ({
      id,
      kind,
      target,
      targetId: target === "category" ? (world.categories.get(targetId) ?? targetId) : targetId,
      strength,
    }));
}

function holds(
  rule: StoredRule,
  { day, season, market }: Pick<ShopperRequest, "day" | "season"> & { market: Market | undefined },
): boolean {
  return (
    epochDay(rule.firstDay) <= day &&
    day <= epochDay(rule.lastDay) &&
    (rule.season === null || rule.season === season) &&
    (rule.marketId === null || rule.marketId === market?.id) &&
    (rule.region === null || rule.region === market?.region)
  );
}
