import { assign, type Experiment } from "@almanac/experiments";
import {
  days,
  hours,
  idFromName,
  minutes,
  seconds,
  seededRng,
  type EventId,
  type Rng,
} from "@almanac/kernel";
import type { BrowsingEvent } from "./browsing.ts";
import type { World, WorldProduct, WorldShopper } from "./model.ts";
import { listOf, placesOfList, shelvesOf, type ListedPlace, type WorldArm } from "./recommended-lists.ts";
import { affinity } from "./tastes.ts";

/** A place of a list that was shown, and what came of it. */
export interface WorldPlace extends ListedPlace {
  readonly clickedAt?: Date;
  readonly cartedAt?: Date;
}

/** A list of recommendations as it was shown. */
export interface WorldSlate {
  readonly id: string;
  readonly shopper: WorldShopper;
  readonly arm: WorldArm;
  readonly at: Date;
  readonly places: readonly WorldPlace[];
}

/** What the generator knows and the pages have to find out: chances that a place is looked at, 0 to 1. */
export interface RecommendationTruth {
  /** The places of each arm, had everybody been shown its lists. */
  readonly arms: Readonly<Record<WorldArm, number>>;
  /** Places left to chance: "as drawn", "evenly", and by the id of a farm, of its products wherever they could be drawn. */
  readonly drawn: Readonly<Record<string, number>>;
}

export interface Recommending {
  readonly experiment: Experiment;
  readonly startedAt: Date;
  readonly stoppedAt: Date;
  /** In the order of time. */
  readonly slates: readonly WorldSlate[];
  readonly truth: RecommendationTruth;
}

const shownDays = 10;
/** Lists at most, so that a large world is not slow to make. */
const most = 2_600;
/** As long as the shop counts a look for a list. */
const attributionMs = hours(1);
const cartShare = 0.3;

/** Chance that a place is seen at all, from 0: the first always, the tenth in two of five cases. */
const examination = (place: number): number => 1 / (1 + 0.15 * place);

/** Chance that what is seen is looked at. */
const attraction = ({ appeal, food }: WorldProduct, { taste }: WorldShopper, keenness: number): number =>
  Math.min(0.6, 0.045 * keenness * Math.sqrt(appeal) * (affinity(food, taste) > 1 ? 2.2 : 1));

/**
 * The lists that were shown in the last ten days, by two arms that an experiment dealt, and what was looked at. A place is seen by where
 * it stands; what is seen attracts by its appeal, the shopper's taste, and how keen the shopper is. The arm changes what is shown, and
 * neither how often people come nor what they order. Drawn from a stream of its own.
 *
 * @param browsing what the log of events has: nothing was shown in the hour before, as the shop would count it for the list
 */
export function recommendingOf(world: World, browsing: readonly BrowsingEvent[]): Recommending {
  const rng = seededRng(world.seed).fork("lists-shown");
  const startedAt = new Date(world.now.getTime() - days(shownDays));
  const stoppedAt = new Date(world.now.getTime() - minutes(20));
  const experiment = boughtAlike();
  const shelves = shelvesOf(world);
  const busyTimes = Map.groupBy(browsing, ({ shopper }) => shopper);
  const truths = new Truths();
  const slates: WorldSlate[] = [];
  const scale = Math.min(1, most / (4 * world.shoppers.length));
  for (const shopper of world.shoppers) {
    const shelf = shelves.get(shopper.market);
    if (!shelf || shopper.id === world.mayaId) continue;
    const draws = rng.fork(shopper.id);
    const keenness = 0.6 + 0.8 * draws.next();
    const shownArm = assign(experiment, { id: shopper.id, mayTrack: true }).arm.key as WorldArm;
    const busy = (busyTimes.get(shopper) ?? []).map(({ at }) => at.getTime());
    for (const at of visitsOf(
      draws,
      scale * (1 + 9 * shopper.visitProbability),
      { startedAt, stoppedAt },
      busy,
    )) {
      if (slates.length >= most) break;
      const chance = (product: WorldProduct, place: number): number =>
        examination(place) * attraction(product, shopper, keenness);
      // Each arm makes its list and one is shown: so what is true of both is known of the same visits.
      const lists = {
        control: listOf(shelf, shopper, "control", draws),
        "item-knn": listOf(shelf, shopper, "item-knn", draws),
      };
      truths.add(lists, shownArm, chance);
      slates.push({
        id: idFromName("demo/slate", String(slates.length)),
        shopper,
        arm: shownArm,
        at: new Date(at),
        places: lists[shownArm].map((place, n) => ({
          ...place,
          ...reaction(at, n, chance(place.product, n), draws),
        })),
      });
    }
  }
  slates.sort((a, b) => a.at.getTime() - b.at.getTime());
  return {
    experiment: { ...experiment, status: "stopped" },
    startedAt,
    stoppedAt,
    slates,
    truth: truths.told(),
  };
}

/** Times, rising, an hour apart at least and none within an hour before what somebody did. */
function visitsOf(
  rng: Rng,
  expected: number,
  { startedAt, stoppedAt }: Pick<Recommending, "startedAt" | "stoppedAt">,
  busy: readonly number[],
): number[] {
  const from = startedAt.getTime();
  const span = stoppedAt.getTime() - attributionMs - from;
  const times = Array.from({ length: rng.poisson(expected) }, () => Math.round(from + span * rng.next()));
  times.sort((a, b) => a - b);
  const isFree = (time: number): boolean =>
    !busy.some((other) => other >= time && other <= time + attributionMs);
  return times.filter((time, n) => isFree(time) && (times[n + 1] ?? Infinity) > time + attributionMs);
}

function reaction(
  at: number,
  place: number,
  chance: number,
  rng: Rng,
): Pick<WorldPlace, "clickedAt" | "cartedAt"> {
  if (rng.next() >= chance) return {};
  const clickedAt = new Date(at + seconds(20 + 15 * place + rng.int(40)));
  return rng.next() < cartShare
    ? { clickedAt, cartedAt: new Date(clickedAt.getTime() + seconds(25)) }
    : { clickedAt };
}

/** Adds up what the generator knows of each visit. */
class Truths {
  readonly #arms = { control: 0, "item-knn": 0 };
  #places = 0;
  readonly #drawn = new Map<string, { sum: number; weight: number }>();

  add(
    lists: Readonly<Record<WorldArm, readonly ListedPlace[]>>,
    shown: WorldArm,
    chanceOf: (product: WorldProduct, place: number) => number,
  ): void {
    this.#places += Math.min(placesOfList, lists.control.length);
    for (const arm of ["control", "item-knn"] as const)
      for (const [n, { product }] of lists[arm].entries()) this.#arms[arm] += chanceOf(product, n);
    for (const [n, { drawnAmong = [] }] of lists[shown].entries()) {
      if (drawnAmong.length < 2) continue;
      for (const { product, chance } of drawnAmong) {
        const looks = chanceOf(product, n);
        this.#count("as drawn", looks, chance);
        this.#count("evenly", looks, 1);
        this.#count(product.farm.id, looks, 1);
      }
    }
  }

  #count(drawn: string, looks: number, weight: number): void {
    const sums = this.#drawn.get(drawn) ?? { sum: 0, weight: 0 };
    this.#drawn.set(drawn, { sum: sums.sum + weight * looks, weight: sums.weight + weight });
  }

  told(): RecommendationTruth {
    const places = Math.max(1, this.#places);
    return {
      arms: { control: this.#arms.control / places, "item-knn": this.#arms["item-knn"] / places },
      drawn: Object.fromEntries([...this.#drawn].map(([drawn, { sum, weight }]) => [drawn, sum / weight])),
    };
  }
}

/** What the shop's pages would have written into the log of events for these lists. */
export function recommendationEvents(slates: readonly WorldSlate[]): BrowsingEvent[] {
  const events: BrowsingEvent[] = [];
  for (const { shopper, at, places } of slates) {
    const add = (event: Pick<BrowsingEvent, "action" | "entity" | "metadata" | "at">): void =>
      void events.push({
        ...event,
        shopper,
        id: idFromName<EventId>("demo/list-event", String(events.length)),
      });
    const productIds = places.map(({ product }) => product.id);
    add({
      action: "VIEW_RECOMMENDATIONS",
      entity: { type: "RECOMMENDATION", id: shelfName },
      metadata: { productIds },
      at,
    });
    for (const [n, { product, reason, clickedAt, cartedAt }] of places.entries()) {
      const entity = { type: "PRODUCT" as const, id: product.id };
      if (clickedAt) {
        add({
          action: "CLICK_RECOMMENDATION",
          entity,
          metadata: { shelf: shelfName, rank: n + 1, reason },
          at: clickedAt,
        });
        add({ action: "VIEW_PRODUCT", entity, metadata: {}, at: clickedAt });
      }
      if (cartedAt) add({ action: "ADD_TO_CART", entity, metadata: { quantity: 1 }, at: cartedAt });
    }
  }
  return events;
}

const shelfName = "for-you";

function boughtAlike(): Experiment {
  return {
    id: idFromName("demo/experiment", "bought-alike"),
    key: "bought-alike",
    status: "running",
    kind: "ab",
    surface: "recommendations",
    seed: "bought-alike",
    arms: [
      { key: "control", name: "The five, as it is", weight: 0.5, config: {} },
      {
        key: "item-knn",
        name: "What others bought with it",
        weight: 0.5,
        config: { recommender: "item-knn" },
      },
    ],
    stoppedArms: [],
    rollout: 1,
    marketIds: [],
  };
}
