import type { Database, DatabaseHandle, Transaction } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { writeAudit } from "@almanac/identity";
import type { Clock } from "@almanac/kernel";
import { interleavedPreference, type InterleavedPreference } from "./core/interleaved-preference.ts";
import { excludesZero } from "./core/interval.ts";
import { metrics } from "./core/metrics.ts";
import { buildReport, looksOfPlan, type ExperimentReport, type ReportInput } from "./core/report.ts";
import { decisionsOf, verdictOf, type Decision, type Verdict } from "./core/verdict.ts";
import { experimentsChannel } from "./service.ts";
import {
  getExperiment,
  insertLook,
  listLooks,
  listRunning,
  lockExperiment,
  updateExperiment,
  type Look,
  type StoredExperiment,
} from "./store/experiments.ts";
import { countExposed, type ExposedCounts } from "./store/exposures.ts";
import { readCredits } from "./store/interleaving.ts";
import { readCells } from "./store/metrics.ts";
import { announce, stopArmsWithin, stopWithin } from "./workflows.ts";

export interface ExperimentResults {
  readonly experiment: StoredExperiment;
  readonly exposed: ExposedCounts;
  readonly looks: readonly Look[];
  readonly report: ExperimentReport;
  readonly verdict: Verdict;
  /** Where two rankings were interleaved. */
  readonly interleaving?: InterleavedPreference;
}

export interface ResultDeps {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
}

/**
 * Looks at an experiment. While it runs, the look is noted if there is more to see than at the last one, what it decides
 * is kept, and an arm that breaks a guardrail is stopped; with no arm left but control, so is the experiment. Reading twice
 * changes nothing.
 */
export async function lookAt(
  { handle, bus, clock }: ResultDeps,
  experimentId: string,
): Promise<ExperimentResults> {
  const before = await getExperiment(handle.db, experimentId);
  if (before.status !== "running") return resultsOf(handle.db, before, clock);
  const looked = await handle.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, experimentId);
    const results = await resultsOf(tx, experiment, clock);
    if (experiment.status !== "running") return { results, wasChanged: false };
    await noteLook(tx, results, clock);
    const wasChanged = await enforceGuardrails(tx, results, { bus, clock });
    const after = {
      experiment: await getExperiment(tx, experimentId),
      looks: await listLooks(tx, experimentId),
    };
    return { results: { ...results, ...after }, wasChanged };
  });
  if (looked.wasChanged) await bus.publish(experimentsChannel, {});
  return looked.results;
}

/** For the job: every running experiment. */
export async function lookAtAll(deps: ResultDeps): Promise<number> {
  const running = await listRunning(deps.handle.db);
  for (const { id } of running) await lookAt(deps, id);
  return running.length;
}

async function resultsOf(
  db: Database | Transaction,
  experiment: StoredExperiment,
  clock: Clock,
): Promise<ExperimentResults> {
  const moments = experiment.armStops.map(({ at }) => at);
  const exposed = await countExposed(db, experiment.id, moments);
  const looks = await listLooks(db, experiment.id);
  const { startedAt } = experiment;
  const window = startedAt && {
    experimentId: experiment.id,
    startedAt,
    until: experiment.stoppedAt ?? clock.now(),
  };
  const cells = window ? await readCells(db, experiment.surface, window) : [];
  const arm = experiment.arms.at(-1);
  const interleaving =
    window && arm && experiment.kind === "interleaving"
      ? interleavedPreference(await readCredits(db, window, `${experiment.key}/${arm.key}`))
      : undefined;
  const units = unitsOf(exposed);
  const input: ReportInput = {
    kind: experiment.kind,
    arms: experiment.arms,
    periods: exposed.byPeriod.map((counts, stops) => ({
      arms: armsAfter(experiment, stops),
      exposed: counts,
    })),
    cells,
    primary: experiment.primaryMetric,
    guardrails: experiment.guardrails,
    plannedUnits: experiment.plannedUnits,
    looks: [...looks.map((look) => look.units).filter((count) => count < units), units],
  };
  const report = buildReport(input);
  const now = interleaving ? interleavedDecisions(experiment, interleaving) : decisionsWithin(input, report);
  const decided = mergeDecisions(experiment.decisions, now);
  const verdict = verdictOf(input, report, decided);
  return { experiment, exposed, looks, report, verdict, ...(interleaving && { interleaving }) };
}

/**
 * The arms that were dealt after so many stops. Of one that was stopped before moments were kept it is not known when: it is left
 * out of all, but for the last of them if its stop ended the experiment, since until then it was dealt.
 */
function armsAfter({ arms, stoppedArms, armStops }: StoredExperiment, stops: number): string[] {
  const undated = stoppedArms.filter((arm) => !armStops.some((stop) => stop.arm === arm));
  const unknown = undated.length < arms.length - 1 ? undated : undated.slice(0, -1);
  const gone = new Set([...unknown, ...armStops.slice(0, stops).map(({ arm }) => arm)]);
  return arms.map(({ key }) => key).filter((key) => !gone.has(key));
}

/** By an interval that holds at every look, so that a later one takes nothing back. */
function interleavedDecisions({ arms }: StoredExperiment, { preference }: InterleavedPreference): Decision[] {
  const arm = arms.at(-1);
  if (!arm || !preference || !excludesZero(preference)) return [];
  return [{ arm: arm.key, direction: preference.value > 0 ? "better" : "worse" }];
}

/** When the plan was filled by an earlier look, alpha is gone, and this look decides nothing. */
function decisionsWithin(input: ReportInput, report: ExperimentReport): Decision[] {
  const { plannedUnits, looks } = input;
  const wasFull = plannedUnits !== undefined && (looks.at(-2) ?? 0) >= plannedUnits;
  return wasFull ? [] : decisionsOf(report, input.primary);
}

function mergeDecisions(earlier: readonly Decision[], now: readonly Decision[]): Decision[] {
  return [...earlier, ...now.filter(({ arm }) => !earlier.some((decision) => decision.arm === arm))];
}

function unitsOf({ byArm }: ExposedCounts): number {
  return Object.values(byArm).reduce((sum, n) => sum + n, 0);
}

/** A twentieth more shoppers than at the last look are worth a look where there is no plan. */
const leastGrowth = 1.05;

async function noteLook(
  tx: Transaction,
  { experiment, exposed, looks, report, interleaving }: ExperimentResults,
  clock: Clock,
): Promise<void> {
  const { plannedUnits, primaryMetric } = experiment;
  const units = unitsOf(exposed);
  const earlier = looks.map((look) => look.units);
  const isMore =
    plannedUnits === undefined
      ? units >= (earlier.at(-1) ?? 0) * leastGrowth
      : looksOfPlan([...earlier, units], plannedUnits).length > looksOfPlan(earlier, plannedUnits).length;
  if (units === 0 || !isMore || report.ratio.isAlarm) return;
  const compared = report.comparisons
    .filter(({ metric }) => metric === primaryMetric)
    .flatMap(({ arm, relative, absolute }) => {
      const { value, low, high } = relative ?? absolute;
      // JSON has no infinity; an early look of a plan decides nothing.
      return Number.isFinite(low) && Number.isFinite(high) ? [{ arm, value, low, high }] : [];
    });
  const { preference } = interleaving ?? {};
  const intervals = preference ? [{ arm: experiment.arms.at(-1)?.key ?? "", ...preference }] : compared;
  await insertLook(tx, experiment.id, { units, at: clock.now(), intervals });
  const now = interleaving
    ? interleavedDecisions(experiment, interleaving)
    : decisionsOf(report, primaryMetric);
  const decisions = mergeDecisions(experiment.decisions, now);
  if (decisions.length > experiment.decisions.length)
    await updateExperiment(tx, experiment.id, { decisions });
}

/** @returns whether an arm was stopped */
async function enforceGuardrails(
  tx: Transaction,
  { experiment, report }: ExperimentResults,
  { bus, clock }: Pick<ResultDeps, "bus" | "clock">,
): Promise<boolean> {
  const breached = report.guardrails.filter(
    ({ state, arm }) => state === "breached" && !experiment.stoppedArms.includes(arm),
  );
  if (breached.length === 0 || experiment.kind === "holdout") return false;
  const newly = breached.map(({ arm }) => arm);
  const stoppedArms = [...new Set([...experiment.stoppedArms, ...newly])];
  const nameOf = (key: string): string => experiment.arms.find((arm) => arm.key === key)?.name ?? key;
  const broken = breached.map(({ metric, arm }) => `${metrics[metric].name} (“${nameOf(arm)}”)`);
  const reason = `A guardrail was broken: ${broken.join(", ")}.`;
  await stopArmsWithin(tx, experiment, newly, clock);
  for (const { arm, metric } of breached) {
    await writeAudit(tx, {
      at: clock.now(),
      action: "experiment.arm_stopped",
      subject: experiment.id,
      details: { key: experiment.key, arm, guardrail: metric },
    });
  }
  if (stoppedArms.length >= experiment.arms.length - 1) {
    await stopWithin(tx, bus, experiment, { clock, reason });
  } else await announce(tx, bus, experiment, "running");
  return true;
}
