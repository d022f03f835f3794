import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { DatabaseHandle } from "@almanac/db";
import type { ModelType } from "@almanac/db/schema";
import type { Bus } from "@almanac/events";
import { AppError, isAppError, seconds, type Clock } from "@almanac/kernel";
import type { Logger } from "@almanac/trpc";
import { readArtefact, type ArtefactStore } from "../versions/artefacts.ts";
import { armOf } from "../core/decisions/arms.ts";
import { families, openChecked, type ModelName } from "../core/kinds/families.ts";
import type {
  Answer,
  AnswerOptions,
  LoadedModel,
  Mathematics,
  StreamMathematics,
} from "../core/kinds/family.ts";
import { globalScope } from "../core/kinds/scope.ts";
import { columnsOf, inputOf, type InputValues } from "../core/kinds/signature.ts";
import { createPredictionLog, type PredictionLog } from "./prediction-log.ts";
import type { StoredRollout } from "../store/rollouts.ts";
import { findLive } from "../store/switches.ts";
import { getVersion, type StoredVersion } from "../store/versions.ts";

/** What is live changed: look. */
export const modelsChannel = "models";
/** How long a process goes by what it read, should the bus be away, and looks again beside its answers. */
const staleAfterMs = seconds(1);
/** After so long without a question, the first one waits for the look. */
const agedAfterMs = seconds(30);
/** Versions that stay in memory: what was live until now is there at once when it is called back. */
const keptModels = 8;

type AllMathematics = Mathematics & StreamMathematics;

export interface ModelServiceOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly artefacts: ArtefactStore;
  /** Loads the mathematics when the first model is needed. */
  readonly loadMathematics?: () => Promise<AllMathematics>;
  /** Wall-clock milliseconds, for what is remembered and for execution times. */
  readonly elapsed?: () => number;
}

export interface Prediction extends Answer {
  readonly versionId: string;
  readonly version: number;
  /** Whose version answered: a farm's own where it has one live, else the general one. */
  readonly scope: string;
  readonly arm: "champion" | "challenger";
  readonly executionMs: number;
}

export interface PredictRequest {
  readonly name: ModelName;
  /** A farm whose own version is preferred; everybody's unless told. */
  readonly scope?: string;
  /** Checked against the signature of the version that answers. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Whom it is about: decides the arm of a rollout, and is not kept. */
  readonly unit: string;
  /** Reasons cost more than the score itself: none unless asked for. */
  readonly withReasons?: boolean;
}

export interface ModelsHealth {
  /** Why models do not serve, or serve an older version than they should. */
  readonly problem?: string;
  readonly place: string;
  readonly loaded: readonly string[];
  readonly unwrittenPredictions: number;
}

/** A version that is rolled out, and to whom. */
export interface Challenger {
  readonly version: StoredVersion;
  readonly rolloutId: string;
  readonly seed: string;
  readonly percent: number;
}

export interface ModelService {
  readonly artefacts: ArtefactStore;
  /**
   * @throws AppError `model_not_serving` while nothing is live or nothing can be loaded; `input_invalid`
   */
  predict(request: PredictRequest): Promise<Prediction>;
  /** The live version, checked and in memory; `undefined` while there is none. */
  champion(name: ModelName, scope?: string): Promise<StoredVersion | undefined>;
  /** What answers a scope: a farm's own live version, else the general one. */
  serving(name: ModelName, scope?: string): Promise<StoredVersion | undefined>;
  /** What is being rolled out beside it. */
  challenger(name: ModelName, scope?: string): Promise<Challenger | undefined>;
  /** Opens a version as serving would. @throws AppError `model_corrupt`, `model_not_serving` */
  open(version: StoredVersion): Promise<LoadedModel>;
  mathematics(): Promise<AllMathematics>;
  /** Reads what is live again, here at once and in the other processes by message. */
  changed(): Promise<void>;
  /** Writes what was predicted until now. */
  flush(): Promise<void>;
  health(): ModelsHealth;
  stop(): Promise<void>;
}

interface Live {
  readonly version: StoredVersion;
  readonly model: LoadedModel;
}

interface Slot {
  readonly champion: Live | undefined;
  readonly rollout: (StoredRollout & { readonly challenger: Live }) | undefined;
  readonly problem: string | undefined;
  readonly readAt: number;
}

/**
 * Serves models from memory. What is live is read when it is first asked for, when a message says that it changed, and
 * otherwise each second beside the answers; a version that does not pass its checks is not let in, and what served before goes on.
 */
export function createModelService(options: ModelServiceOptions): ModelService {
  const { handle, bus, clock, log, artefacts, elapsed = () => performance.now() } = options;
  const { loadMathematics = () => import("@almanac/ml") } = options;
  const predictions: PredictionLog = createPredictionLog({ handle, log });
  const slots = new Map<string, Slot>();
  const reading = new Map<string, Promise<Slot>>();
  const kept = new Map<string, Live>();
  let math: Promise<AllMathematics> | undefined;
  let mathProblem: string | undefined;
  let generation = 0;
  const self = randomUUID();

  const mathematics = async (): Promise<AllMathematics> => {
    math ??= loadMathematics();
    try {
      const loaded = await math;
      mathProblem = undefined;
      return loaded;
    } catch (cause) {
      math = undefined;
      mathProblem = "the mathematics of models cannot be loaded";
      throw new AppError("model_not_serving", "The mathematics of models cannot be loaded here.", { cause });
    }
  };

  const open = async (version: StoredVersion): Promise<LoadedModel> => {
    const bytes = await readArtefact(artefacts, version.artefactHash);
    const before = kept.get(version.id);
    // The same bytes by their checksum and the same row: opening them again would come to the same.
    const isSame = before !== undefined && isDeepStrictEqual(before.version, version);
    const model = isSame ? before.model : openChecked(version, bytes, await mathematics());
    kept.delete(version.id);
    kept.set(version.id, { version, model });
    for (const id of kept.keys()) {
      if (kept.size <= keptModels) break;
      kept.delete(id);
    }
    return model;
  };

  const liveOf = async (id: string): Promise<Live> => {
    const known = kept.get(id);
    if (known) return known;
    const version = await getVersion(handle.db, id);
    return { version, model: await open(version) };
  };

  const read = async (type: ModelType, scope: string): Promise<Slot> => {
    const key = `${type} ${scope}`;
    const readAt = elapsed();
    const before = slots.get(key);
    const { activation, rollout } = await findLive(handle.db, type, scope);
    let problem: string | undefined;
    const tryLive = async (id: string | undefined, previous: Live | undefined): Promise<Live | undefined> => {
      if (id === undefined) return undefined;
      if (previous?.version.id === id) return previous;
      try {
        return await liveOf(id);
      } catch (err) {
        problem = isAppError(err) ? err.message : "a model could not be read";
        log.error({ err, versionId: id }, "a model is not served");
        return previous;
      }
    };
    const champion = await tryLive(activation?.versionId, before?.champion);
    const challenger = rollout && (await tryLive(rollout.challengerId, before?.rollout?.challenger));
    const isRight = challenger !== undefined && challenger.version.id === rollout?.challengerId;
    return {
      champion,
      rollout: rollout && isRight ? { ...rollout, challenger } : undefined,
      problem,
      readAt,
    };
  };

  const refresh = (type: ModelType, scope: string): Promise<Slot> => {
    const key = `${type} ${scope}`;
    const known = reading.get(key);
    if (known) return known;
    const begun = generation;
    const made = read(type, scope)
      .then((slot) => {
        // What was read before a change is used once and not remembered.
        if (begun === generation) slots.set(key, slot);
        return slot;
      })
      .finally(() => {
        if (reading.get(key) === made) reading.delete(key);
      });
    reading.set(key, made);
    return made;
  };

  const slotOf = async (type: ModelType, scope: string): Promise<Slot> => {
    const known = slots.get(`${type} ${scope}`);
    const age = known ? elapsed() - known.readAt : Number.POSITIVE_INFINITY;
    if (known && age < agedAfterMs) {
      // Nobody waits for a database that is busy: what was read a second ago is answered by, and read again beside it.
      if (age >= staleAfterMs)
        refresh(type, scope).catch((err: unknown) => log.warn({ err }, "models were not read"));
      return known;
    }
    try {
      return await refresh(type, scope);
    } catch (err) {
      // A database that is away for a moment leaves what served before.
      if (!known) throw err;
      log.warn({ err }, "what models are live could not be read");
      return known;
    }
  };

  /** The farm's own where something of it is live. */
  const servingSlot = async (type: ModelType, scope: string): Promise<Slot> => {
    const own = await slotOf(type, scope);
    return own.champion || scope === globalScope ? own : slotOf(type, globalScope);
  };

  const forget = (): void => {
    generation += 1;
    reading.clear();
    for (const [key, slot] of slots) slots.set(key, { ...slot, readAt: Number.NEGATIVE_INFINITY });
  };
  const endListening = bus.subscribe(modelsChannel, (message) => {
    // What this process changed itself it has looked at already: nobody waits for a second look.
    if (!isFrom(message, self)) forget();
  });

  const ask = async (
    live: Live,
    columns: Float64Array,
    { delayMs = 0, ...options }: AnswerOptions & { readonly delayMs?: number },
  ): Promise<{ answer?: Answer; executionMs: number; error?: unknown }> => {
    const startedAt = elapsed();
    try {
      if (delayMs > 0) await delay(delayMs);
      const answer = live.model.answer(columns, options);
      if (!Number.isFinite(answer.score))
        throw new AppError("model_not_serving", "The model gave no number.");
      return { answer, executionMs: elapsed() - startedAt };
    } catch (error) {
      return { error, executionMs: elapsed() - startedAt };
    }
  };

  return {
    artefacts,
    open,
    mathematics,
    async predict({ name, scope = globalScope, input, unit, withReasons = false }) {
      const family = families[name];
      const { champion, rollout } = await servingSlot(family.type, scope);
      if (!champion) throw new AppError("model_not_serving", `No version of "${name}" is live yet.`);
      const columns = columnsOf(champion.version.signature, input);
      const kept: InputValues = inputOf(champion.version.signature, columns);
      const arm = rollout && rollout.percent > 0 ? armOf(unit, rollout) : "champion";
      const note = (
        live: Live,
        as: "champion" | "challenger" | "shadow",
        { answer, executionMs }: { answer?: Answer; executionMs: number },
      ): void =>
        predictions.add({
          versionId: live.version.id,
          rolloutId: rollout?.id ?? null,
          arm: as,
          input: kept,
          score: answer?.score ?? null,
          executionMs,
          isError: answer === undefined,
          at: clock.now(),
        });
      // Both arms do the same work, so that their times can be compared.
      const askChallenger = ({ challenger, delayMs }: NonNullable<typeof rollout>) =>
        ask(challenger, columns, { withReasons, delayMs });
      if (arm === "challenger" && rollout) {
        const told = await askChallenger(rollout);
        note(rollout.challenger, "challenger", told);
        if (told.answer) return predictionOf(rollout.challenger, arm, told.answer, told.executionMs);
        log.warn({ err: told.error, versionId: rollout.challenger.version.id }, "a challenger failed");
      }
      const told = await ask(champion, columns, { withReasons });
      note(champion, "champion", told);
      if (rollout && rollout.percent === 0)
        setImmediate(() => {
          void askChallenger(rollout).then((shadow) => note(rollout.challenger, "shadow", shadow));
        });
      if (!told.answer) {
        throw new AppError("model_not_serving", "The model failed.", { cause: told.error });
      }
      return predictionOf(champion, "champion", told.answer, told.executionMs);
    },
    async champion(name, scope = globalScope) {
      return (await slotOf(families[name].type, scope)).champion?.version;
    },
    async serving(name, scope = globalScope) {
      return (await servingSlot(families[name].type, scope)).champion?.version;
    },
    async challenger(name, scope = globalScope) {
      const { rollout } = await slotOf(families[name].type, scope);
      if (!rollout) return undefined;
      const { challenger, id, seed, percent } = rollout;
      return { version: challenger.version, rolloutId: id, seed, percent };
    },
    async changed() {
      forget();
      // The others look while this process does.
      const told = bus.publish(modelsChannel, { from: self });
      const looked = [...slots.keys()].map((key) => {
        const [type, scope] = key.split(" ") as [ModelType, string];
        return refresh(type, scope);
      });
      await Promise.all([told, ...looked]);
    },
    flush: () => predictions.flush(),
    health() {
      const problem = mathProblem ?? [...slots.values()].find((slot) => slot.problem)?.problem;
      return {
        ...(problem !== undefined && { problem }),
        place: artefacts.place,
        loaded: [...slots.values()].flatMap(({ champion, rollout }) =>
          [champion, rollout?.challenger].flatMap((live) =>
            live ? [`${live.version.name} ${live.version.version}`] : [],
          ),
        ),
        unwrittenPredictions: predictions.waiting(),
      };
    },
    async stop() {
      endListening();
      await predictions.stop();
    },
  };
}

const isFrom = (message: unknown, self: string): boolean =>
  typeof message === "object" && message !== null && "from" in message && message.from === self;

function predictionOf(
  { version }: Live,
  arm: "champion" | "challenger",
  answer: Answer,
  executionMs: number,
): Prediction {
  const { id: versionId, scope } = version;
  return { ...answer, versionId, version: version.version, scope, arm, executionMs };
}
