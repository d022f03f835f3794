import type { MarketId } from "@almanac/kernel";
import { bucketOf, isInRange, rangesOf } from "./bucketing.ts";
import { controlOf, type Arm, type Experiment, type Surface } from "./experiment.ts";

/** A share of all shoppers who are kept out of everything new on a surface, for good, so that its worth can be told. */
export interface Holdout {
  readonly key: string;
  readonly seed: string;
  readonly share: number;
  readonly surface: Surface;
}

/** 5 % of shoppers see no list that is personal or made by a model, ever, and what they search for in the order for everybody (REC-17). */
export const recommendationsHoldout: Holdout = {
  key: "no-recommendations",
  seed: "holdout/no-recommendations",
  share: 0.05,
  surface: "recommendations",
};

export interface Unit {
  readonly id: string;
  readonly marketId?: MarketId;
  /** Refused to be followed: gets control and is not counted. */
  readonly mayTrack: boolean;
  /**
   * The arm that was noted when the shopper signed in, for those who had seen another one before as a visitor. It holds
   * against the hash, so that nobody changes arms by signing in.
   */
  readonly notedArm?: string;
}

/** Why a shopper got the arm: the first that applies, in this order. */
export type AssignmentReason =
  | "not_running"
  | "no_consent"
  | "other_market"
  | "held_out"
  | "other_namespace"
  | "outside_rollout"
  | "arm_stopped"
  | "noted"
  | "interleaved"
  | "hashed";

export interface Assignment {
  readonly experimentId: string;
  readonly key: string;
  readonly arm: Arm;
  readonly reason: AssignmentReason;
  /** Whether the shopper takes part: only then is an exposure counted. */
  readonly isPartaking: boolean;
  /** Where two rankings are interleaved: the one that the arm shares each list with. */
  readonly against?: Arm;
}

/**
 * The arm of a shopper. Pure: the same answer in every process, on every device and after every restart, without anything
 * being stored.
 *
 * @param holdouts those in force; an experiment on their surface leaves their share alone
 */
export function assign(experiment: Experiment, unit: Unit, holdouts: readonly Holdout[] = []): Assignment {
  const excluded = whyExcluded(experiment, unit, holdouts);
  if (excluded) return answer(experiment, controlOf(experiment), excluded, false);
  if (experiment.kind === "interleaving") return interleaved(experiment);
  const noted = experiment.arms.find((arm) => arm.key === unit.notedArm);
  const arm = noted ?? hashedArm(experiment, unit.id);
  if (experiment.stoppedArms.includes(arm.key)) {
    return answer(experiment, controlOf(experiment), "arm_stopped", false);
  }
  return answer(experiment, arm, noted ? "noted" : "hashed", true);
}

/** Whoever takes part sees both rankings at once: nobody is dealt, and nobody can change arms. */
function interleaved(experiment: Experiment): Assignment {
  const control = controlOf(experiment);
  const arm = experiment.arms.at(-1) ?? control;
  return { ...answer(experiment, arm, "interleaved", true), against: control };
}

function whyExcluded(
  experiment: Experiment,
  unit: Unit,
  holdouts: readonly Holdout[],
): AssignmentReason | undefined {
  const { seed, rollout, namespace, marketIds, surface } = experiment;
  if (experiment.status !== "running") return "not_running";
  if (!unit.mayTrack) return "no_consent";
  if (marketIds.length > 0 && !(unit.marketId && marketIds.includes(unit.marketId))) return "other_market";
  const isHeldOut = holdouts.some((holdout) => holdout.surface === surface && isInHoldout(holdout, unit.id));
  if (isHeldOut && experiment.kind !== "holdout") return "held_out";
  if (namespace && !isInRange(bucketOf(unit.id, `namespace/${namespace.name}`), namespace.range)) {
    return "other_namespace";
  }
  return bucketOf(unit.id, `${seed}/rollout`) < rollout ? undefined : "outside_rollout";
}

/** The last part of the unit interval by the holdout's own seed. */
export function isInHoldout(holdout: Pick<Holdout, "seed" | "share">, unitId: string): boolean {
  return bucketOf(unitId, holdout.seed) >= 1 - holdout.share;
}

/** By another hash than the rollout's, so that the first 5 % are a fair draw of every arm. A holdout is drawn by its own. */
function hashedArm(experiment: Experiment, unitId: string): Arm {
  const seed = experiment.kind === "holdout" ? experiment.seed : `${experiment.seed}/arm`;
  const bucket = bucketOf(unitId, seed);
  const at = rangesOf(experiment.arms.map(({ weight }) => weight)).findIndex((range) =>
    isInRange(bucket, range),
  );
  return experiment.arms[at] ?? controlOf(experiment);
}

function answer(
  { id, key }: Experiment,
  arm: Arm,
  reason: AssignmentReason,
  isPartaking: boolean,
): Assignment {
  return { experimentId: id, key, arm, reason, isPartaking };
}
