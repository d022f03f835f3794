import { seededRng, type Rng } from "@almanac/kernel";
import { expect, it } from "vitest";
import { diversify, type DiversityInput } from "./diversity.ts";
import { draw, drawChances } from "./exploration.ts";

type PlainInput = DiversityInput & { readonly scores: Float64Array };

/** The rules of a slate said as plainly as they can be: everything is looked at for every place. */
function plainly(input: PlainInput): number[] {
  const { scores, farm, category, priceTercile, isNewFarm, limit, rng } = input;
  const variety = input.varietyShare ?? 0.15;
  const slate: number[] = [];
  const left = [...scores.keys()]
    .filter((p) => scores[p]! > -Infinity)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  let pool = left.slice(0, 300);
  while (slate.length < limit && left.length > 0) {
    const window = slate.slice(-9);
    const shares = (key: ArrayLike<number>, p: number): number =>
      window.filter((q) => key[q] === key[p]).length;
    const farmFits = (p: number): boolean => shares(farm, p) < 3;
    const fits = (p: number): boolean =>
      farmFits(p) && (input.capCategories === false || shares(category, p) < 4);
    const block = slate.slice(slate.length - (slate.length % 10));
    const blockLength = Math.min(10, limit - (slate.length - block.length));
    const free = blockLength - block.length;
    const needsNewFarm = blockLength >= 5 && !block.some((p) => isNewFarm[p] === 1);
    const needsPrice =
      slate.length < 10 && blockLength >= 2 && new Set(block.map((p) => priceTercile[p])).size === 1;
    const ofNewFarm = (): number | undefined => {
      const best = left.filter((p) => isNewFarm[p] === 1 && fits(p) && input.isAvailable(p)).slice(0, 20);
      if (rng === undefined || best.length === 0) return best[0];
      const chances = drawChances(
        best.map((p) => scores[p]!),
        best.map((p) => input.explorationIndex?.(p) ?? 1),
      );
      return best[draw(chances, rng)];
    };
    const kept = (): number | undefined => {
      if (needsNewFarm && free === 2) return ofNewFarm();
      if (needsPrice && free === 1)
        return left.find((p) => priceTercile[p] !== priceTercile[block[0]!] && fits(p));
      return needsNewFarm && free === 1 ? ofNewFarm() : undefined;
    };
    const sameness = (p: number): number =>
      Math.max(
        0,
        ...window.map(
          (q) =>
            (category[q] === category[p] ? 0.5 : 0) +
            (farm[q] === farm[p] ? 0.3 : 0) +
            (priceTercile[q] === priceTercile[p] ? 0.2 : 0),
        ),
      );
    const various = (): number | undefined => {
      const values = pool.filter(fits).map((p) => ({
        product: p,
        value: (1 - variety) * scores[p]! - variety * sameness(p),
      }));
      const most = Math.max(...values.map(({ value }) => value));
      return values.find(({ value }) => value === most)?.product;
    };
    const product = kept() ?? various() ?? left.find(fits) ?? left.find(farmFits) ?? left[0]!;
    left.splice(left.indexOf(product), 1);
    pool = pool.filter((p) => p !== product);
    if (pool.length === 0) pool = left.slice(0, 300);
    if (input.isAvailable(product)) slate.push(product);
  }
  return slate;
}

/** Many ties, few or many farms and categories, much or little in stock: from nothing to more than two tiers of the order. */
function randomInput(rng: Rng, seed: string): PlainInput {
  const count = rng.pick([0, 3, 40, 400, 400, 2_500]);
  const column = (kinds: number): number[] => Array.from({ length: count }, () => rng.int(kinds));
  const steps = rng.pick([4, 50, 1e9]);
  const highest = rng.pick([0.3, 1, 2.5]);
  const scores = Float64Array.from({ length: count }, () =>
    rng.int(4) === 0 ? -Infinity : (highest * Math.round(rng.next() ** 3 * steps)) / steps,
  );
  const inStock = rng.pick([0.02, 0.5, 1]);
  const offered = Array.from({ length: count }, () => rng.next() < inStock);
  const newFarms = rng.int(3);
  const farm = column(rng.pick([1, 5, 60]));
  const draws = rng.int(2) === 0;
  return {
    scores,
    farm,
    category: column(rng.pick([1, 4, 300])),
    priceTercile: column(rng.pick([1, 3])),
    isNewFarm: farm.map((at) => (at < newFarms ? 1 : 0)),
    limit: rng.int(35),
    isAvailable: (product) => offered[product]!,
    capCategories: rng.int(4) > 0,
    varietyShare: rng.pick([0, 0.15, 0.9]),
    ...(draws && { rng: seededRng(seed), explorationIndex: (product: number) => 1 + (product % 3) }),
  };
}

it("chooses what looking at everything for every place would choose, in 120 random shops", () => {
  for (let turn = 0; turn < 120; turn++) {
    const once = (): PlainInput => randomInput(seededRng(turn), `draws/${turn}`);
    expect(diversify(once()), `shop ${turn}`).toEqual(plainly(once()));
  }
});
