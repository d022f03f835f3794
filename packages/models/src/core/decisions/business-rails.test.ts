import { seededRng, type Rng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { judgeBusiness, type ArmOutcomes } from "./business-rails.ts";

/** A rollout to `share` of 1,000 shoppers, looked at after each of 400 days; `effect` is how much less the challenger's order. */
function isEverBroken(rng: Rng, { share = 0.25, effect = 0 }: { share?: number; effect?: number }): boolean {
  const armOf = (isChallenger: boolean) => ({
    isChallenger,
    shoppers: Math.round(1_000 * (isChallenger ? share : 1 - share)),
    buyers: 0,
    cents: 0,
    squaredCents: 0,
  });
  const [champion, challenger] = [armOf(false), armOf(true)];
  for (let day = 0; day < 400; day++) {
    for (const arm of [champion, challenger]) {
      const chance = 0.004 * (arm.isChallenger ? 1 - effect : 1);
      const coming = rng.poisson(chance * (arm.shoppers - arm.buyers));
      for (let n = 0; n < Math.min(coming, arm.shoppers - arm.buyers); n++) {
        const spent = Math.round(1_000 + 4_000 * rng.next());
        arm.buyers += 1;
        arm.cents += spent;
        arm.squaredCents += spent ** 2;
      }
    }
    if (judgeBusiness(champion, challenger).some(({ state }) => state === "broken")) return true;
  }
  return false;
}
const shareBroken = (seed: number, runs: number, options: { share?: number; effect?: number }): number => {
  const rng = seededRng(seed);
  let broken = 0;
  for (let run = 0; run < runs; run++) if (isEverBroken(rng.fork(`run ${run}`), options)) broken += 1;
  return broken / runs;
};

describe("guardrails of business", () => {
  const arm = (shoppers: number, buyers: number, each = 2_000): ArmOutcomes => ({
    shoppers,
    buyers,
    cents: buyers * each,
    squaredCents: buyers * each ** 2,
  });
  const statesOf = (champion: ArmOutcomes, challenger: ArmOutcomes) =>
    Object.fromEntries(judgeBusiness(champion, challenger).map(({ rail, state }) => [rail, state]));

  it("say nothing before thirty have bought, nor of an arm without shoppers", () => {
    expect(statesOf(arm(100, 20), arm(100, 9))).toEqual({ orders: "too early", revenue: "too early" });
    expect(statesOf(arm(100, 90), arm(0, 0))).toEqual({ orders: "too early", revenue: "too early" });
  });

  it("break where surely fewer order, and where as many order for surely less", () => {
    expect(statesOf(arm(1_000, 300), arm(1_000, 150))).toEqual({ orders: "broken", revenue: "broken" });
    expect(statesOf(arm(1_000, 300), arm(1_000, 300, 900))).toEqual({ orders: "holds", revenue: "broken" });
    expect(statesOf(arm(1_000, 300), arm(1_000, 290))).toEqual({ orders: "holds", revenue: "holds" });
    expect(statesOf(arm(1_000, 150), arm(1_000, 300))).toEqual({ orders: "holds", revenue: "holds" });
  });

  it("tell both arms in figures", () => {
    expect(judgeBusiness(arm(400, 100), arm(100, 20)).map(({ words }) => words)).toEqual([
      "20.0 % of its shoppers ordered, 25.0 % of the champion's",
      "4.00 a shopper, 5.00 with the champion",
    ]);
  });

  it("alarm for a challenger that changes nothing in at most one of twenty rollouts, though looked at each day", () => {
    expect(shareBroken(1, 300, { share: 0.25 })).toBeLessThanOrEqual(0.05);
    expect(shareBroken(2, 300, { share: 0.05 })).toBeLessThanOrEqual(0.05);
  });

  it("find a challenger with whom half as many order, in nine of ten rollouts", () => {
    expect(shareBroken(3, 100, { share: 0.25, effect: 0.5 })).toBeGreaterThan(0.9);
  });
});
