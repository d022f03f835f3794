import { sql } from "drizzle-orm";
import { insertMany, rows, type Transaction } from "@almanac/db";
import { actionEvents, experimentExposures, searchLog, shoppers } from "@almanac/db/schema";
import {
  AppError,
  idFromName,
  newId,
  seededRng,
  type EventId,
  type MarketId,
  type ProductId,
  type Rng,
  type ShopperId,
} from "@almanac/kernel";
import { addCounts, counterNames, hourOf } from "@almanac/events";
import { writeAudit } from "@almanac/identity";
import { assign } from "./core/assign.ts";
import { lookAt } from "./results.ts";
import { holdoutsOf } from "./service.ts";
import { clickOnce, factorForLift, type ClickWorld } from "./simulator/click-model.ts";
import { simulateShopper } from "./simulator/shopper.ts";
import { worldOf } from "./simulator/study.ts";
import { getExperiment, listRunning, updateExperiment, type StoredExperiment } from "./store/experiments.ts";
import { countExposed } from "./store/exposures.ts";
import type { ActDeps } from "./workflows.ts";

export interface TrafficOptions {
  readonly shoppers: number;
  /** True relative lift of the click rate in every arm but control. */
  readonly lift: number;
  readonly seed: number;
  /** Forces exactly this share of the shoppers into control against the hash, to see the alarm. */
  readonly controlShare?: number;
}

/** Looks on the way, as a person would take them. */
const batches = 10;

/**
 * Fills a running experiment with simulated shoppers: rows of shoppers, exposures, searches with clicks, and carts. No
 * orders, as money is not made up; no facts, so that nothing else in the world learns from it. Their searches are logged
 * under the algorithm "simulated".
 *
 * @returns how many were exposed
 * @throws AppError `experiment_not_editable` when it does not run
 */
export async function simulateTraffic(
  deps: ActDeps,
  experimentId: string,
  options: TrafficOptions,
): Promise<number> {
  const { handle, clock, actorUserId } = deps;
  const experiment = await getExperiment(handle.db, experimentId);
  const { startedAt } = experiment;
  if (experiment.status !== "running" || !startedAt) {
    throw new AppError("experiment_not_editable", "Only a running experiment has traffic.");
  }
  const world = worldOf({ surface: experiment.surface, seed: options.seed });
  const factor = factorForLift(world, options.lift);
  // What was simulated before is part of the name, so that more traffic with the same seed is other shoppers.
  const before = Object.values((await countExposed(handle.db, experimentId)).byArm).reduce(
    (sum, n) => sum + n,
    0,
  );
  const rng = seededRng(`${options.seed}/${experiment.key}/${before}/traffic`);
  const holdouts = holdoutsOf(await listRunning(handle.db));
  const place = await readPlace(deps);
  const now = clock.now();
  // Nobody who comes now came before an arm was stopped.
  const from = new Date(experiment.armStops.at(-1)?.at ?? startedAt);
  let exposed = 0;
  let serial = 0;
  for (let batch = 0; batch < batches; batch++) {
    const people = Array.from({ length: Math.ceil(options.shoppers / batches) }, () => {
      serial += 1;
      const id = idFromName<ShopperId>(`simulated/${experiment.key}/${options.seed}`, `${before}/${serial}`);
      const arm = armFor(experiment, id, { ...options, serial, rng, holdouts });
      return { id, arm, marketId: place.marketIds.length > 0 ? rng.pick(place.marketIds) : undefined };
    }).filter((person) => person.arm !== undefined);
    const at = new Date(from.getTime() + ((now.getTime() - from.getTime()) * (batch + 1)) / batches);
    await handle.transaction(async (tx) => {
      await writePeople(tx, experiment, people, { at, world, factor, rng, products: place.products });
      await updateExperiment(tx, experimentId, { hasSimulated: true });
    });
    exposed += people.length;
    await lookAt(deps, experimentId);
  }
  await writeAudit(handle.db, {
    at: now,
    ...(actorUserId && { actorUserId }),
    action: "experiment.simulated",
    subject: experimentId,
    details: { key: experiment.key, ...options, exposed },
  });
  return exposed;
}

function armFor(
  experiment: StoredExperiment,
  id: ShopperId,
  {
    controlShare,
    serial,
    rng,
    holdouts,
  }: Pick<TrafficOptions, "controlShare"> & {
    serial: number;
    rng: Rng;
    holdouts: Parameters<typeof assign>[2];
  },
): string | undefined {
  if (controlShare !== undefined && experiment.kind !== "interleaving") {
    const [control, ...others] = experiment.arms;
    const isControl = Math.floor((serial + 1) * controlShare) > Math.floor(serial * controlShare);
    return isControl ? control?.key : rng.pick(others).key;
  }
  const unrestricted = { ...experiment, marketIds: [] };
  const { isPartaking, arm } = assign(unrestricted, { id, mayTrack: true }, holdouts);
  return isPartaking ? arm.key : undefined;
}

interface Person {
  readonly id: ShopperId;
  readonly arm: string | undefined;
  readonly marketId: MarketId | undefined;
}

interface Scene {
  readonly at: Date;
  readonly world: ClickWorld;
  readonly factor: number;
  readonly rng: Rng;
  readonly products: readonly ProductId[];
}

async function writePeople(
  tx: Transaction,
  experiment: StoredExperiment,
  people: readonly Person[],
  { at, world, factor, rng, products }: Scene,
): Promise<void> {
  const control = experiment.arms[0]?.key;
  const searches: (typeof searchLog.$inferInsert)[] = [];
  const actions: (typeof actionEvents.$inferInsert)[] = [];
  const isHoldout = experiment.kind === "holdout";
  for (const { id: shopperId, arm } of people) {
    // A holdout's lift is that of its first arm over those who are held out.
    if (experiment.kind === "interleaving") {
      const armName = `${experiment.key}/${arm ?? ""}`;
      searches.push(...interleavedSearches({ shopperId, armName, at, world, factor, rng, products }));
      continue;
    }
    const isTreated = isHoldout ? arm === control : arm !== control;
    const { clicks, hasAdded } = simulateShopper(world, isTreated ? factor : 1, rng);
    const act = (action: string): void =>
      void actions.push({
        id: newId<EventId>(at.getTime()),
        action,
        shopperId,
        metadata: { simulated: true },
        source: "demo",
        traceId: "simulated",
        occurredAt: at,
        recordedAt: at,
      });
    for (const clicked of clicks) {
      if (experiment.surface === "search") {
        const first = products.length > 10 ? rng.int(products.length - 10) : 0;
        const shownIds = products.slice(first, first + world.examination.length);
        searches.push(searchRow({ shopperId, arm: arm ?? "", at, clicked, shownIds, rng }));
      } else {
        act("VIEW_RECOMMENDATIONS");
        if (clicked >= 0) act("CLICK_RECOMMENDATION");
      }
    }
    if (hasAdded) act("ADD_TO_CART");
  }
  const values = { origin: "simulated", createdAt: at, lastSeenAt: at };
  await insertMany(
    tx,
    shoppers,
    people.map(({ id, marketId }) => ({ id, ...values, ...(marketId && { marketId }) })),
  );
  await insertMany(
    tx,
    experimentExposures,
    people.map(({ id, arm, marketId }) => ({
      experimentId: experiment.id,
      shopperId: id,
      arm: arm ?? "",
      exposedAt: at,
      ...(marketId && { marketId }),
    })),
  );
  await insertMany(tx, searchLog, searches);
  await insertMany(tx, actionEvents, actions);
  await addCounts(tx, [{ name: counterNames.eventsUncounted, hour: hourOf(at), by: actions.length }]);
}

/** Lists in which every other place, by a coin for each pair, comes from the arm, whose products attract so much more. */
function interleavedSearches({
  shopperId,
  armName,
  at,
  world,
  factor,
  rng,
  products,
}: Scene & { shopperId: ShopperId; armName: string }): (typeof searchLog.$inferInsert)[] {
  const places = world.examination.length;
  const keen = rng.pick(world.keenness);
  return Array.from({ length: 1 + rng.poisson(2) }, () => {
    const shownTeams = Array.from({ length: Math.ceil(places / 2) }, () => (rng.next() < 0.5 ? "ab" : "ba"))
      .join("")
      .slice(0, places);
    const appeal = (place: number): number => keen * (shownTeams[place] === "b" ? factor : 1);
    const clicked = clickOnce(world, rng.int(world.attraction.length), appeal, rng);
    const first = products.length > places ? rng.int(products.length - places) : 0;
    const shownIds = products.slice(first, first + places);
    return { ...searchRow({ shopperId, arm: armName, at, clicked, shownIds, rng }), shownTeams };
  });
}

function searchRow({
  shopperId,
  arm,
  at,
  clicked,
  shownIds,
  rng,
}: {
  shopperId: ShopperId;
  arm: string;
  at: Date;
  clicked: number;
  shownIds: ProductId[];
  rng: Rng;
}): typeof searchLog.$inferInsert {
  const productId = shownIds[clicked];
  return {
    id: newId(at.getTime()),
    shopperId,
    query: "simulated",
    algorithm: "simulated",
    arm,
    isPersonalised: "no",
    resultsCount: shownIds.length,
    shownIds,
    ...(clicked >= 0 && productId && { clickPosition: clicked + 1, clickedProductId: productId }),
    executionMs: 1 + rng.poisson(4),
    searchedAt: at,
  };
}

async function readPlace({
  handle,
}: Pick<ActDeps, "handle">): Promise<{ marketIds: MarketId[]; products: ProductId[] }> {
  const marketIds = await rows<{ id: MarketId }>(
    handle.db,
    sql`select id from markets order by id limit 100`,
  );
  const products = await rows<{ id: ProductId }>(
    handle.db,
    sql`select id from products where status = 'live' order by md5(id::text) limit 500`,
  );
  return { marketIds: marketIds.map(({ id }) => id), products: products.map(({ id }) => id) };
}
