import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { minutes, seconds, type Clock, type ShopperId } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { assign, recommendationsHoldout, type Assignment, type Holdout } from "./core/assign.ts";
import type { ArmConfig, Surface } from "./core/experiment.ts";
import { listRunning, type StoredExperiment } from "./store/experiments.ts";
import { insertExposure } from "./store/exposures.ts";
import { readShopperFacts, unitOf } from "./store/units.ts";

/** Some experiment was started, stopped or changed while running. */
export const experimentsChannel = "experiments";

/** How long a process goes by what it read, should the bus be away. */
const staleAfterMs = seconds(1);

export interface ExperimentsServiceOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  /** Wall-clock milliseconds, for the age of what is remembered. */
  readonly elapsed?: () => number;
}

/** The arms of one shopper on one surface, as one configuration. */
export interface ChosenArm {
  readonly assignments: readonly Assignment[];
  /** Of all arms that the shopper takes part in, in the order of the experiments' keys; empty is control. */
  readonly config: ArmConfig;
}

export interface ExperimentsService {
  /** Running experiments, at most a second old. `fresh` reads them again. */
  running(options?: { fresh?: boolean }): Promise<readonly StoredExperiment[]>;
  /** One assignment for each running experiment. */
  assignments(shopperId: ShopperId | undefined, options?: { fresh?: boolean }): Promise<Assignment[]>;
  /** What a surface has to do differently for a shopper. Costs no query while nothing runs there. */
  chooseArm(context: { surface: Surface; shopperId: ShopperId | undefined }): Promise<ChosenArm>;
  /**
   * Notes that arms were rendered. An arm that is not (or no longer) the shopper's is not noted.
   *
   * @returns the keys of the experiments that were noted
   */
  expose(shopperId: ShopperId, rendered: readonly { key: string; arm: string }[]): Promise<string[]>;
  close(): void;
}

export function createExperimentsService({
  handle,
  bus,
  clock,
  log,
  elapsed = () => performance.now(),
}: ExperimentsServiceOptions): ExperimentsService {
  let remembered: { readonly list: readonly StoredExperiment[]; readonly readAt: number } | undefined;
  let reading: Promise<readonly StoredExperiment[]> | undefined;
  let changes = 0;
  const endListening = bus.subscribe(experimentsChannel, () => {
    changes++;
    remembered = undefined;
    reading = undefined;
  });

  const read = async (): Promise<readonly StoredExperiment[]> => {
    const readAt = elapsed();
    const before = changes;
    const list = await listRunning(handle.db);
    // What was read while something changed may be what was before it: it answers, and is not remembered.
    if (before === changes) remembered = { list, readAt };
    return list;
  };

  const running: ExperimentsService["running"] = async ({ fresh = false } = {}) => {
    if (fresh) return read();
    if (remembered && elapsed() - remembered.readAt < staleAfterMs) return remembered.list;
    reading ??= read().finally(() => (reading = undefined));
    try {
      return await reading;
    } catch (err) {
      // A shop that cannot read its experiments goes on as if there were none.
      log.error({ err }, "experiments could not be read");
      return [];
    }
  };

  const assignAll = async (
    list: readonly StoredExperiment[],
    shopperId: ShopperId | undefined,
  ): Promise<Assignment[]> => {
    if (list.length === 0) return [];
    const facts = shopperId
      ? await readShopperFacts(handle.db, shopperId)
      : { id: "" as ShopperId, mayTrack: false, noted: {} };
    const holdouts = holdoutsOf(list);
    return list.map((experiment) => assign(experiment, unitOf(facts, experiment.id), holdouts));
  };

  return {
    running,
    assignments: async (shopperId, options) => assignAll(await running(options), shopperId),
    async chooseArm({ surface, shopperId }) {
      const list = await running();
      const here = list.filter((experiment) => experiment.surface === surface);
      if (here.length === 0) return { assignments: [], config: {} };
      // What cannot be found out is control: an experiment that fails costs nobody a page.
      const assignments = await assignAll(here, shopperId).catch((err: unknown) => {
        log.error({ err }, "an arm could not be chosen");
        return [];
      });
      const configs = assignments.filter(({ isPartaking }) => isPartaking).map(({ arm }) => arm.config);
      return { assignments, config: Object.assign({}, ...configs) as ArmConfig };
    },
    async expose(shopperId, rendered) {
      const facts = await readShopperFacts(handle.db, shopperId);
      const list = await running();
      const holdouts = holdoutsOf(list);
      const noted: string[] = [];
      for (const { key, arm } of rendered) {
        const experiment = list.find((candidate) => candidate.key === key);
        if (!experiment) continue;
        const given = assign(experiment, unitOf(facts, experiment.id), holdouts);
        if (!given.isPartaking || given.arm.key !== arm) continue;
        const { marketId } = facts;
        const exposure = { experimentId: experiment.id, shopperId, arm, exposedAt: clock.now() };
        if (await insertExposure(handle.db, { ...exposure, ...(marketId && { marketId }) })) noted.push(key);
      }
      return noted;
    },
    close: endListening,
  };
}

/** The holdout is in force while it is measured. */
export function holdoutsOf(running: readonly StoredExperiment[]): Holdout[] {
  return running.some(({ kind }) => kind === "holdout") ? [recommendationsHoldout] : [];
}

/** How often results are looked at by themselves. */
export const lookEveryMs = minutes(5);
