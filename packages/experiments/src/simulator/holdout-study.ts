import { seededRng } from "@almanac/kernel";
import { momentsOf, noMoments, sumMoments, type Moments } from "../core/moments.ts";
import { buildReport, type Comparison } from "../core/report.ts";
import { recommendationsHoldout } from "../core/assign.ts";
import { clickRates, createClickWorld, type ClickWorld } from "./click-model.ts";
import { cartChance, orderChance, simulateShopper } from "./shopper.ts";

export interface HoldoutStudyOptions {
  /** True relative lift of the share of shoppers who order, by recommendations. */
  readonly lift: number;
  /** Holdouts to run, each from its own seed. */
  readonly seeds: number;
  readonly seed: number;
  /** Shoppers of each holdout; 5 % of them are held out. */
  readonly shoppers: number;
}

export interface HoldoutStudy {
  /** Share of the 95 % intervals of the relative lift that hold the truth. */
  readonly coverage: number;
  /** Share of them that lie above zero. */
  readonly found: number;
  /** Mean of the estimates. */
  readonly meanEstimate: number;
  /** Mean half width of the intervals. */
  readonly meanHalfWidth: number;
  /** Runs that had an interval at all. */
  readonly compared: number;
}

/**
 * Share of shoppers who order, exactly: of 1 + Poisson(2) searches each is clicked with its chance, each click goes into the
 * cart and each cart is ordered with theirs.
 */
export function expectedConversion(world: ClickWorld, factor = 1): number {
  const shares = world.keenness.map((keen) => {
    const kept = 1 - cartChance * clickRates(world, keen * factor);
    return orderChance * (1 - kept * Math.exp(2 * (kept - 1)));
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** How much more attractive everything must be for the share of shoppers who order to be higher by exactly `lift`. */
export function factorForConversion(world: ClickWorld, lift: number): number {
  const target = expectedConversion(world) * (1 + lift);
  let low = 0;
  let high = 50;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (expectedConversion(world, middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What the report of the holdout says, over and over, of shoppers whose truth is known. */
export function runHoldoutStudy({ lift, seeds, seed, shoppers }: HoldoutStudyOptions): HoldoutStudy {
  const world = createClickWorld({ rng: seededRng(`${seed}/holdout`) });
  const factor = factorForConversion(world, lift);
  const intervals = Array.from({ length: seeds }, (_, run) =>
    comparisonOf(world, factor, { shoppers, seed: `${seed}/${run}` }),
  ).flatMap((comparison) => comparison?.relative ?? []);
  const share = (count: number): number => count / Math.max(1, intervals.length);
  const mean = (value: (interval: (typeof intervals)[number]) => number): number =>
    share(intervals.reduce((sum, interval) => sum + value(interval), 0));
  return {
    coverage: share(intervals.filter(({ low, high }) => low <= lift && lift <= high).length),
    found: share(intervals.filter(({ low }) => low > 0).length),
    meanEstimate: mean(({ value }) => value),
    meanHalfWidth: mean(({ low, high }) => (high - low) / 2),
    compared: intervals.length,
  };
}

function comparisonOf(
  world: ClickWorld,
  factor: number,
  { shoppers, seed }: { shoppers: number; seed: string },
): Comparison | undefined {
  const rng = seededRng(seed);
  const { share } = recommendationsHoldout;
  const sums: Record<string, Moments> = { recommended: noMoments, "held-out": noMoments };
  const exposed: Record<string, number> = { recommended: 0, "held-out": 0 };
  for (let i = 0; i < shoppers; i++) {
    const arm = rng.next() < share ? "held-out" : "recommended";
    const { hasOrdered } = simulateShopper(world, arm === "recommended" ? factor : 1, rng);
    exposed[arm]! += 1;
    sums[arm] = sumMoments([sums[arm]!, momentsOf(hasOrdered ? 1 : 0, 1, 0)]);
  }
  const report = buildReport({
    kind: "holdout",
    arms: [
      { key: "recommended", name: "Recommendations", weight: 1 - share, config: {} },
      { key: "held-out", name: "None", weight: share, config: { recommendations: false } },
    ],
    periods: [{ arms: ["recommended", "held-out"], exposed }],
    cells: Object.entries(sums).map(([arm, moments]) => ({
      metric: "conversion",
      arm,
      cluster: "riverside/1",
      moments,
    })),
    primary: "conversion",
    guardrails: [],
    plannedUnits: undefined,
    looks: [shoppers],
  });
  return report.comparisons.find(({ arm }) => arm === "recommended");
}
