import type { MarketId } from "@almanac/kernel";
import type { BucketRange } from "./bucketing.ts";

/** The part of the product that an experiment changes. */
export const surfaces = ["search", "recommendations"] as const;

export type Surface = (typeof surfaces)[number];

/** "ab" compares arms, "holdout" measures a permanent holdout, "interleaving" shows two rankings in one list. */
export type ExperimentKind = "ab" | "holdout" | "interleaving";

export type ExperimentStatus = "draft" | "running" | "stopped";

/** What an arm sets. An empty config is what runs without the experiment. */
export type ArmConfig = Readonly<Record<string, string | number | boolean>>;

export interface Arm {
  readonly key: string;
  readonly name: string;
  /** Share of those who take part. The weights of all arms sum to one. */
  readonly weight: number;
  readonly config: ArmConfig;
}

/** The first arm is the control: what everybody gets who takes no part. */
export interface Experiment {
  readonly id: string;
  readonly key: string;
  readonly status: ExperimentStatus;
  readonly surface: Surface;
  readonly seed: string;
  readonly arms: readonly Arm[];
  /** Arms that were stopped by hand or by a guardrail; their shoppers get control. */
  readonly stoppedArms: readonly string[];
  /** Share of all shoppers who may take part. Raising it moves nobody from one arm to another. */
  readonly rollout: number;
  /** Experiments of one namespace with ranges apart never share a shopper. */
  readonly namespace?: { readonly name: string; readonly range: BucketRange };
  /** Only shoppers of these markets; empty means all. */
  readonly marketIds: readonly MarketId[];
  /** "holdout" measures a permanent holdout: its second arm is those who are held out. */
  readonly kind: ExperimentKind;
}

export function controlOf(experiment: Pick<Experiment, "arms">): Arm {
  const [control] = experiment.arms;
  if (!control) throw new RangeError("an experiment has at least one arm");
  return control;
}
