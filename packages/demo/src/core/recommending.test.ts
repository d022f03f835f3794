import { difference, momentsOf, sumMoments } from "@almanac/experiments";
import { clusteredShare, type PlaceSums } from "@almanac/recsys";
import { describe, expect, it } from "vitest";
import { recommendationEvents, recommendingOf, type Recommending, type WorldPlace } from "./recommending.ts";
import type { WorldArm } from "./recommended-lists.ts";
import { createWorld } from "./world.ts";

const now = new Date("2025-08-13T22:00:00Z");
const seeds = Array.from({ length: 12 }, (_, n) => 100 + n);
const worldOf = (seed: number) => createWorld({ size: "demo", seed, now });

/** Places of a shopper with the weight of each. */
type Counted = readonly (readonly [place: WorldPlace, weight: number])[];

const looksOf = (counted: Counted): number =>
  counted.reduce((sum, [{ clickedAt }, weight]) => sum + (clickedAt ? weight : 0), 0);
const weightOf = (counted: Counted): number => counted.reduce((sum, [, weight]) => sum + weight, 0);

/** By shopper, of the places that count, as the shop adds them up in SQL. */
function sumsOf({ slates }: Recommending, weigh: (place: WorldPlace, arm: WorldArm) => number): PlaceSums {
  const shoppers = [...Map.groupBy(slates, ({ shopper }) => shopper).values()].map((own) =>
    own.flatMap(({ places, arm }) =>
      places.flatMap((place): Counted => {
        const weight = weigh(place, arm);
        return weight > 0 ? [[place, weight]] : [];
      }),
    ),
  );
  const { n, y, yy, x, xx, yx } = sumMoments(
    shoppers
      .filter((counted) => counted.length > 0)
      .map((counted) => momentsOf(looksOf(counted), weightOf(counted))),
  );
  const weightSquares = shoppers.flat().reduce((sum, [, weight]) => sum + weight ** 2, 0);
  return { n, y, yy, x, xx, yx, weightSquares };
}

const evenWeight = ({ propensity }: WorldPlace): number => (propensity < 1 ? 1 / propensity : 0);

/** Every figure of the operator's page with what is true of it, in one world. */
function figuresOf(
  recommending: Recommending,
): { truth: number; lower: number; upper: number; share: number }[] {
  const { truth } = recommending;
  const ofArms = Object.entries(truth.arms).map(([arm, share]) => ({
    truth: share,
    ...clusteredShare(sumsOf(recommending, (_, shown) => (shown === arm ? 1 : 0))),
  }));
  const ofDraws = Object.entries(truth.drawn).map(([drawn, share]) => {
    const weigh = (place: WorldPlace): number => {
      if (drawn === "as drawn") return place.propensity < 1 ? 1 : 0;
      return drawn === "evenly" || place.product.farm.id === drawn ? evenWeight(place) : 0;
    };
    return { truth: share, ...clusteredShare(sumsOf(recommending, weigh)) };
  });
  return [...ofArms, ...ofDraws];
}

describe("lists of recommendations that were shown", () => {
  const made = seeds.map((seed) => recommendingOf(worldOf(seed), []));

  it("are what the page finds out about: its intervals hold what is true, nineteen times in twenty", () => {
    const figures = made.flatMap(figuresOf);
    expect(figures.length).toBeGreaterThan(60);
    const held = figures.filter(({ truth, lower, upper }) => lower <= truth && truth <= upper);
    expect(held.length / figures.length).toBeGreaterThan(0.89);
    // And not for being too wide to be wrong.
    const ofArms = made.flatMap((one) => figuresOf(one).slice(0, 2));
    for (const { share, lower, upper } of ofArms) expect(upper - lower).toBeLessThan(0.4 * share);
  });

  it("were dealt by an experiment whose lift is the generator's", () => {
    let held = 0;
    for (const { slates, truth, experiment } of made) {
      const shoppers = [...Map.groupBy(slates, ({ shopper }) => shopper).values()];
      const momentsOfArm = (arm: string) =>
        sumMoments(
          shoppers
            .filter(([first]) => first?.arm === arm)
            .map((own) =>
              momentsOf(
                own.flatMap(({ places }) => places.filter(({ clickedAt }) => clickedAt)).length,
                own.length,
              ),
            ),
        );
      const [control, arm] = experiment.arms;
      const { relative } = difference("ratio", momentsOfArm(control!.key), momentsOfArm(arm!.key));
      const lift = truth.arms["item-knn"] / truth.arms.control - 1;
      expect(lift).toBeGreaterThan(0.1);
      if (Math.abs(relative!.value - lift) <= 1.96 * relative!.standardError) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(10);
  });

  it("are the same for the same seed, and nobody was shown one in the hour before they did something else", () => {
    const world = worldOf(100);
    const { slates } = recommendingOf(world, []);
    const events = recommendationEvents(slates);
    const told = (all: typeof events) =>
      all.map(({ action, entity, at }) => `${action} ${entity.id} ${at.getTime()}`);
    expect(told(recommendationEvents(made[0]!.slates))).toEqual(told(events));
    const again = recommendingOf(world, events);
    for (const { shopper, at } of again.slates) {
      const after = events.some(
        (event) =>
          event.shopper.id === shopper.id && event.at >= at && event.at.getTime() < at.getTime() + 3_600_000,
      );
      expect(after).toBe(false);
    }
    expect(again.slates.length).toBeLessThan(slates.length);
  });
});
