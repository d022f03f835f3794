import type { Transaction, DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { writeAudit, type AuditAction } from "@almanac/identity";
import { AppError, idFromName, newId, type Clock, type UserId } from "@almanac/kernel";
import { publishLive, systemChannel } from "@almanac/realtime";
import { recommendationsHoldout } from "./core/assign.ts";
import { sumToOne } from "./core/bucketing.ts";
import type { Arm, Surface } from "./core/experiment.ts";
import { experimentsChannel } from "./service.ts";
import {
  deleteExperiment,
  getExperiment,
  insertExperiment,
  lastExposure,
  listRunning,
  lockExperiment,
  updateExperiment,
  type DraftValues,
  type StoredExperiment,
} from "./store/experiments.ts";

export interface ActDeps {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly actorUserId: UserId | undefined;
}

/** @throws AppError `weights_do_not_sum`, `experiment_key_taken` */
export async function createDraft(
  { handle, clock, actorUserId }: ActDeps,
  draft: DraftValues,
): Promise<string> {
  assertWeights(draft);
  const now = clock.now();
  const id = newId(now.getTime());
  await handle.transaction(async (tx) => {
    await insertExperiment(tx, {
      id,
      seed: draft.key,
      createdAt: now,
      createdBy: actorUserId ?? null,
      ...draft,
    });
    await audit(tx, { id, key: draft.key }, "experiment.created", { clock, actorUserId });
  });
  return id;
}

/** @throws AppError `experiment_not_editable` once it was started, `weights_do_not_sum` */
export async function changeDraft(
  { handle, clock, actorUserId }: ActDeps,
  id: string,
  draft: Omit<DraftValues, "key">,
): Promise<void> {
  assertWeights(draft);
  await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, id);
    if (experiment.status !== "draft" || experiment.kind === "holdout") throw notEditable("It is no draft.");
    await updateExperiment(tx, id, draft);
    await audit(tx, experiment, "experiment.changed", { clock, actorUserId });
  });
}

/** Takes a draft away for good. @throws AppError `experiment_not_editable` once it was started */
export async function discardDraft({ handle, clock, actorUserId }: ActDeps, id: string): Promise<void> {
  await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, id);
    if (experiment.status !== "draft" || experiment.kind === "holdout") throw notEditable("It is no draft.");
    await deleteExperiment(tx, id);
    await audit(tx, experiment, "experiment.discarded", { clock, actorUserId });
  });
}

function assertWeights({ arms }: Pick<DraftValues, "arms">): void {
  const weights = arms.map(({ weight }) => weight);
  if (sumToOne(weights)) return;
  const sum = Math.round(weights.reduce((total, weight) => total + weight, 0) * 1e6) / 1e6;
  throw new AppError("weights_do_not_sum", `The shares of the arms sum to ${sum}, not to 1.`, {
    details: { sum },
  });
}

function notEditable(message: string): AppError {
  return new AppError("experiment_not_editable", message);
}

/**
 * Whether what an arm sets can be done on its surface.
 *
 * @throws AppError `experiment_arm_unknown` where it names what there is not
 */
export type CheckArm = (surface: Surface, arm: Arm) => Promise<void>;

/**
 * An arm that names what there is not would be shown as control under another name, or fail for whoever gets it: it is
 * refused here, before anybody does. Looked up outside of the transaction, as it may read.
 *
 * @throws AppError `experiment_not_editable`, `namespace_taken`, `experiment_arm_unknown`
 */
export async function startExperiment(
  deps: ActDeps & { readonly checkArm?: CheckArm },
  id: string,
): Promise<void> {
  const { handle, clock, bus, actorUserId, checkArm } = deps;
  const { surface, arms } = await getExperiment(handle.db, id);
  for (const arm of arms) await checkArm?.(surface, arm);
  await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, id);
    if (experiment.status !== "draft") throw notEditable("Only a draft can be started.");
    assertNamespaceFree(experiment, await listRunning(tx));
    await updateExperiment(tx, id, { status: "running", startedAt: clock.now() });
    await audit(tx, experiment, "experiment.started", { clock, actorUserId });
    await announce(tx, bus, experiment, "running");
  });
  await bus.publish(experimentsChannel, {});
}

function assertNamespaceFree(experiment: StoredExperiment, running: readonly StoredExperiment[]): void {
  const { namespace } = experiment;
  if (!namespace) return;
  const rival = running.find(
    (other) =>
      other.namespace?.name === namespace.name &&
      other.namespace.range.from < namespace.range.to &&
      namespace.range.from < other.namespace.range.to,
  );
  if (!rival) return;
  throw new AppError("namespace_taken", `"${rival.key}" has part of that range of the namespace.`, {
    details: { key: rival.key },
  });
}

/** Stops it for everybody: open pages hear of it, and no exposure is written any more. */
export async function stopExperiment(deps: ActDeps, id: string, reason: string): Promise<void> {
  const { handle, bus, clock, actorUserId } = deps;
  await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, id);
    if (experiment.status !== "running") throw notEditable("It does not run.");
    await stopWithin(tx, bus, experiment, { clock, reason, actorUserId });
  });
  await bus.publish(experimentsChannel, {});
}

/** Under the lock of the experiment: every exposure that got in before is committed, and none follows. */
export async function stopWithin(
  tx: Transaction,
  bus: Bus,
  experiment: StoredExperiment,
  { clock, reason, actorUserId }: { clock: Clock; reason: string; actorUserId?: UserId | undefined },
): Promise<void> {
  const stoppedAt = await endOfExposures(tx, experiment.id, clock);
  await updateExperiment(tx, experiment.id, { status: "stopped", stoppedAt, stopReason: reason });
  await audit(tx, experiment, "experiment.stopped", { clock, actorUserId, details: { reason } });
  await announce(tx, bus, experiment, "stopped");
}

/** Share of shoppers who may take part. Those who do stay in when it grows, and in their arm. */
export async function rollOut(deps: ActDeps, id: string, rollout: number): Promise<void> {
  const set = (tx: Transaction) => updateExperiment(tx, id, { rollout });
  await changeRunning(deps, id, "experiment.rolled_out", set, { rollout });
}

/** Gives control to the shoppers of an arm. The last arm but control ends the experiment. */
export async function stopArm(deps: ActDeps, id: string, arm: string): Promise<void> {
  const experiment = await getExperiment(deps.handle.db, id);
  const treatment = experiment.arms.slice(1).find(({ key }) => key === arm);
  if (!treatment) throw notEditable(`There is no arm "${arm}" that could be stopped.`);
  const left = experiment.arms
    .slice(1)
    .filter(({ key }) => key !== arm && !experiment.stoppedArms.includes(key));
  if (left.length === 0) return stopExperiment(deps, id, `The arm “${treatment.name}” was stopped.`);
  const stop = (tx: Transaction, stored: StoredExperiment) => stopArmsWithin(tx, stored, [arm], deps.clock);
  await changeRunning(deps, id, "experiment.arm_stopped", stop, { arm });
}

/** Under the lock of the experiment. The moment is that of the last exposure at least: what came before and after it is told apart. */
export async function stopArmsWithin(
  tx: Transaction,
  { id, stoppedArms, armStops }: StoredExperiment,
  arms: readonly string[],
  clock: Clock,
): Promise<void> {
  const newly = [...new Set(arms)].filter((arm) => !stoppedArms.includes(arm));
  const at = (await endOfExposures(tx, id, clock)).toISOString();
  await updateExperiment(tx, id, {
    stoppedArms: [...stoppedArms, ...newly],
    armStops: [...armStops, ...newly.map((arm) => ({ arm, at }))],
  });
}

async function endOfExposures(tx: Transaction, id: string, clock: Clock): Promise<Date> {
  const last = await lastExposure(tx, id);
  return new Date(Math.max(clock.now().getTime(), last?.getTime() ?? 0));
}

async function changeRunning(
  { handle, bus, clock, actorUserId }: ActDeps,
  id: string,
  action: AuditAction,
  change: (tx: Transaction, experiment: StoredExperiment) => Promise<void>,
  details: Record<string, unknown>,
): Promise<void> {
  await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, id);
    if (experiment.status !== "running") throw notEditable("It does not run.");
    await change(tx, experiment);
    await audit(tx, experiment, action, { clock, actorUserId, details });
    await announce(tx, bus, experiment, "running");
  });
  await bus.publish(experimentsChannel, {});
}

/** Tells open pages; goes out when the transaction commits. */
export async function announce(
  tx: Transaction,
  bus: Bus,
  { key, surface }: StoredExperiment,
  status: "running" | "stopped",
): Promise<void> {
  await publishLive(tx, bus, {
    topic: systemChannel,
    type: "VARIANT_CHANGED",
    payload: { key, surface, status },
  });
}

async function audit(
  tx: Transaction,
  { id, key }: Pick<StoredExperiment, "id" | "key">,
  action: AuditAction,
  {
    clock,
    actorUserId,
    details,
  }: { clock: Clock; actorUserId?: UserId | undefined; details?: Record<string, unknown> },
): Promise<void> {
  const at = clock.now();
  await writeAudit(tx, {
    at,
    ...(actorUserId && { actorUserId }),
    action,
    subject: id,
    details: { key, ...details },
  });
}

/**
 * The permanent holdout of recommendations, as a draft that an operator starts: from then on 5 % of shoppers see none, and
 * what the others spend more is what recommendations are worth. Made once.
 */
export async function ensureHoldout({ handle, clock }: Pick<ActDeps, "handle" | "clock">): Promise<string> {
  const id = idFromName("experiments", recommendationsHoldout.key) as string;
  const { share, seed, key, surface } = recommendationsHoldout;
  const existing = await getExperiment(handle.db, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "experiment_not_found") return undefined;
    throw error;
  });
  if (existing) return id;
  await insertExperiment(handle.db, {
    id,
    key,
    seed,
    surface,
    kind: "holdout",
    name: "What recommendations are worth",
    hypothesis: "Shoppers with recommendations order more than the 5 % who never see any.",
    arms: [
      { key: "recommended", name: "Recommendations", weight: 1 - share, config: {} },
      { key: "held-out", name: "None", weight: share, config: { recommendations: false } },
    ],
    primaryMetric: "conversion",
    createdAt: clock.now(),
  });
  return id;
}
