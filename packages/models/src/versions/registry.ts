import type { DatabaseHandle, Queryable, Transaction } from "@almanac/db";
import { monitorTopic } from "@almanac/realtime/messages";
import { publishLive } from "@almanac/realtime";
import type { Bus } from "@almanac/events";
import { writeAudit, type AuditAction } from "@almanac/identity";
import { AppError, newId, type Clock, type UserId } from "@almanac/kernel";
import { families, type ModelName } from "../core/kinds/families.ts";
import { farmOf, globalScope } from "../core/kinds/scope.ts";
import { lookAtFarmSoon } from "../farms/look-at-farm-job.ts";
import type { ModelService } from "../serving/service.ts";
import { appendAudit, appendLink, type ModelAct } from "../store/audit.ts";
import { findOpenRollout, insertRollout, updateRollout, type StoredRollout } from "../store/rollouts.ts";
import { findFarm } from "../store/farms.ts";
import {
  endActivation,
  findEarlierVersion,
  lockForSwitch,
  readSwitch,
  replaceActivation,
} from "../store/switches.ts";
import { findActivation, getVersion, lockModels, type StoredVersion } from "../store/versions.ts";

export interface RegistryDeps {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly models: ModelService;
  readonly actorUserId?: UserId | undefined;
}

/**
 * Makes a version the champion of its type and scope. It is opened and checked first: what is corrupt is refused, and what
 * served goes on. An open rollout ends.
 *
 * @throws AppError `model_version_not_found`, `model_corrupt`, `model_not_serving`
 */
export async function activateVersion(
  deps: RegistryDeps,
  id: string,
  kind: ActivationKind = "activated",
): Promise<void> {
  await makeChampion(deps, await getVersion(deps.handle.db, id), kind);
}

type ActivationKind = "activated" | "promoted" | "rolled_back";

async function makeChampion(deps: RegistryDeps, version: StoredVersion, kind: ActivationKind): Promise<void> {
  const { handle, models } = deps;
  await models.open(version);
  await handle.transaction((tx) => activateWithin(tx, deps, version, kind));
  await models.changed();
}

async function activateWithin(
  tx: Transaction,
  deps: RegistryDeps,
  version: StoredVersion,
  kind: ActivationKind,
): Promise<void> {
  const { clock, actorUserId } = deps;
  const { type, scope } = version;
  await lockForSwitch(tx);
  const { activation: before, rollout, lastLink } = await readSwitch(tx, type, scope);
  const now = clock.now();
  if (rollout) {
    const isDone = kind === "promoted" && rollout.challengerId === version.id;
    const endReason = isDone ? "all units are its own" : `version ${version.version} was made champion`;
    await updateRollout(tx, rollout.id, {
      status: isDone ? "completed" : "stopped",
      endedAt: now,
      endReason,
    });
  }
  if (before?.versionId === version.id) return;
  await replaceActivation(tx, {
    type,
    scope,
    versionId: version.id,
    kind,
    actorUserId: actorUserId ?? null,
    activatedAt: now,
  });
  await lookAtFarmSoon(tx, scope);
  const previous = before?.versionId ?? null;
  const action = kind === "rolled_back" ? "model.rolled_back" : "model.activated";
  const act = actOf(deps, action, version, { previous, kind });
  await noteAct(tx, act);
  await appendLink(tx, act, lastLink);
}

/**
 * Goes back: an open rollout ends and the champion keeps serving; without one, what was champion before is champion again.
 *
 * @throws AppError `nothing_to_roll_back`, `model_corrupt`
 */
export async function rollBack(
  deps: RegistryDeps,
  name: ModelName,
  scope: string = globalScope,
): Promise<void> {
  const { handle } = deps;
  const { type } = families[name];
  const [rollout, earlier] = await Promise.all([
    findOpenRollout(handle.db, type, scope),
    // The champion may itself be what one went back to: further back is what it replaced at first.
    findEarlierVersion(handle.db, type, scope),
  ]);
  if (rollout) return endRollout(deps, rollout, "rolled_back", "rolled back by hand");
  if (!earlier) throw new AppError("nothing_to_roll_back", "There is no earlier version to go back to.");
  await makeChampion(deps, earlier, "rolled_back");
}

/**
 * Lets the general version answer a farm again: what was live of the farm's own ends, with a rollout beside it.
 *
 * @throws AppError `nothing_to_roll_back` where the farm has nothing live of its own
 */
export async function retireScope(deps: RegistryDeps, name: ModelName, scope: string): Promise<void> {
  const { handle, clock, models } = deps;
  const { type } = families[name];
  await handle.transaction(async (tx) => {
    await lockForSwitch(tx);
    const { activation, rollout, lastLink } = await readSwitch(tx, type, scope);
    if (!activation || scope === globalScope)
      throw new AppError("nothing_to_roll_back", "Nothing of this farm’s own is live.");
    const endReason = "the general version answers again";
    if (rollout) await updateRollout(tx, rollout.id, { status: "stopped", endedAt: clock.now(), endReason });
    await endActivation(tx, activation.seq, clock.now());
    await lookAtFarmSoon(tx, scope);
    const act = actOf(deps, "model.retired", await getVersion(tx, activation.versionId), {});
    await noteAct(tx, act);
    await appendLink(tx, act, lastLink);
  });
  await models.changed();
}

/**
 * Puts a version beside the champion, in its shadow: it answers what the champion is asked, and nobody is told.
 *
 * @throws AppError `rollout_not_possible` without a champion, beside itself, or while another one is under way
 */
export async function startRollout(deps: RegistryDeps, id: string): Promise<string> {
  const { handle, clock, models } = deps;
  const version = await getVersion(handle.db, id);
  await models.open(version);
  const rolloutId = newId(clock.now().getTime());
  await handle.transaction(async (tx) => {
    await lockModels(tx);
    const champion = await findActivation(tx, version.type, version.scope);
    if (!champion) throw notPossible("Nothing is live yet that it could stand beside. Activate it instead.");
    if (champion.versionId === id) throw notPossible("This version is the champion already.");
    if (await findOpenRollout(tx, version.type, version.scope))
      throw notPossible("Another version is being rolled out.");
    const now = clock.now();
    await insertRollout(tx, {
      id: rolloutId,
      type: version.type,
      scope: version.scope,
      challengerId: id,
      championId: champion.versionId,
      seed:
        version.scope === globalScope ? `model/${version.name}` : `model/${version.name}/${version.scope}`,
      percent: 0,
      status: "running",
      startedAt: now,
      steppedAt: now,
    });
    await audit(tx, deps, "model.rollout_started", version, { rolloutId });
  });
  await models.changed();
  return rolloutId;
}

const notPossible = (message: string): AppError => new AppError("rollout_not_possible", message);

/** The open rollout of a name. @throws AppError `rollout_not_possible` when there is none */
export async function openRolloutOf(
  { handle }: Pick<RegistryDeps, "handle">,
  name: ModelName,
  scope: string = globalScope,
): Promise<StoredRollout> {
  const rollout = await findOpenRollout(handle.db, families[name].type, scope);
  if (!rollout) throw notPossible("Nothing is being rolled out.");
  return rollout;
}

/** Sets the challenger's share; at 100 % it becomes the champion. Who has it keeps it while the share grows. */
export async function stepRollout(
  deps: RegistryDeps,
  name: ModelName,
  percent: number,
  scope: string = globalScope,
): Promise<void> {
  const { handle, clock, models } = deps;
  const rollout = await openRolloutOf(deps, name, scope);
  const version = await getVersion(handle.db, rollout.challengerId);
  await models.open(version);
  await handle.transaction(async (tx) => {
    await lockModels(tx);
    const still = await findOpenRollout(tx, rollout.type, rollout.scope);
    if (still?.id !== rollout.id) throw notPossible("The rollout has ended meanwhile.");
    await updateRollout(tx, rollout.id, { percent, steppedAt: clock.now() });
    await audit(tx, deps, "model.rolled_out", version, {
      rolloutId: rollout.id,
      from: still.percent,
      percent,
    });
    if (percent === 100) await activateWithin(tx, deps, version, "promoted");
  });
  await models.changed();
}

/** Ends a rollout; everybody has the champion again at once. A rollback by itself is told to operators. */
export async function endRollout(
  deps: RegistryDeps,
  rollout: StoredRollout,
  status: "stopped" | "rolled_back",
  endReason: string,
  { isAlarm = false }: { isAlarm?: boolean } = {},
): Promise<void> {
  const { handle, clock, models } = deps;
  const version = await getVersion(handle.db, rollout.challengerId);
  await handle.transaction(async (tx) => {
    await lockModels(tx);
    const still = await findOpenRollout(tx, rollout.type, rollout.scope);
    if (still?.id !== rollout.id) return;
    await updateRollout(tx, rollout.id, { status, endReason, endedAt: clock.now() });
    const action = status === "rolled_back" ? "model.rolled_back" : "model.rollout_stopped";
    await audit(tx, deps, action, version, {
      rolloutId: rollout.id,
      percent: still.percent,
      reason: endReason,
    });
    if (isAlarm)
      await alarm(
        tx,
        deps,
        `${await titleOf(tx, version)}: version ${version.version} was rolled back at ${still.percent} %, as ${endReason}.`,
      );
  });
  await models.changed();
}

/** "What a shopper is worth", with the farm where it is a farm's own. */
export async function titleOf(
  db: Queryable,
  { name, scope }: Pick<StoredVersion, "name" | "scope">,
): Promise<string> {
  const { title } = families[name as ModelName];
  const farmId = farmOf(scope);
  return farmId ? `${title}, ${(await findFarm(db, farmId))?.name ?? "a farm"}` : title;
}

/** Tells operators, on their topic. */
export async function alarm(
  tx: Transaction,
  { bus, clock }: Pick<RegistryDeps, "bus" | "clock">,
  text: string,
): Promise<void> {
  await publishLive(tx, bus, {
    topic: monitorTopic,
    type: "SYSTEM_ALERT",
    payload: { level: "warning", text, at: clock.now().toISOString() },
  });
}

/** Demo and test: makes the challenger slower, so that one can see what follows. */
export async function delayChallenger(
  deps: RegistryDeps,
  name: ModelName,
  delayMs: number,
  scope: string = globalScope,
): Promise<void> {
  const { handle, models } = deps;
  const rollout = await openRolloutOf(deps, name, scope);
  const version = await getVersion(handle.db, rollout.challengerId);
  await handle.transaction(async (tx) => {
    await updateRollout(tx, rollout.id, { delayMs });
    await appendAudit(tx, {
      at: deps.clock.now(),
      actorUserId: deps.actorUserId,
      action: "model.delayed",
      subject: version.id,
      details: { rolloutId: rollout.id, delayMs },
    });
  });
  await models.changed();
}

interface NotedAct extends ModelAct {
  readonly action: Extract<AuditAction, `model.${string}`>;
}

function actOf(
  { clock, actorUserId }: RegistryDeps,
  action: NotedAct["action"],
  { id, name, version, scope }: StoredVersion,
  more: Record<string, unknown>,
): NotedAct {
  const of = { name, version, ...(scope !== globalScope && { farm: scope }) };
  return { at: clock.now(), actorUserId, action, subject: id, details: { ...of, ...more } };
}

/** In the audit log that operators read. */
const noteAct = (tx: Transaction, { actorUserId, ...act }: NotedAct): Promise<void> =>
  writeAudit(tx, { ...act, ...(actorUserId && { actorUserId }) });

/** In the chain of models, and in the audit log. */
async function audit(
  tx: Transaction,
  deps: RegistryDeps,
  action: NotedAct["action"],
  version: StoredVersion,
  more: Record<string, unknown>,
): Promise<void> {
  const act = actOf(deps, action, version, more);
  await noteAct(tx, act);
  await appendAudit(tx, act);
}
