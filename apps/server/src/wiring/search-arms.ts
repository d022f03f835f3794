import type { ArmConfig, Assignment } from "@almanac/experiments";
import type { ExperimentsService } from "@almanac/experiments/router";
import { controlArm } from "@almanac/ranking/router";
import type { ChooseArm, LearnedRerankers, RankingChoice } from "@almanac/ranking/router";

/** Whether what the arms of a shopper set together leaves out all that is recommended. */
export const isHeldOut = (config: ArmConfig): boolean => config["recommendations"] === false;

/**
 * How experiments would have a search ranked. An arm may set `rankingVersion`, a number of a version of the weights, and
 * `reranker`, that of a learned ranking. Where an experiment interleaves, the other list is what the shopper's other arms and
 * its control set.
 *
 * What a search makes of a shopper's taste is the recommender's own score (REC-06): who is held out of recommendations gets the
 * order that everybody gets, so that what is measured is worth all of it.
 */
export function searchArms({
  experiments,
  rerankers,
}: {
  experiments: Pick<ExperimentsService, "chooseArm">;
  rerankers: LearnedRerankers;
}): ChooseArm {
  const choiceOf = async (config: ArmConfig): Promise<RankingChoice> => {
    const { rankingVersion, reranker } = config;
    return {
      ...(typeof rankingVersion === "number" && { rankingVersion }),
      ...(typeof reranker === "number" && { reranker: await rerankers.get(reranker) }),
    };
  };
  return async ({ shopperId, query }) => {
    const [{ assignments, config }, recommending] = await Promise.all([
      experiments.chooseArm({ surface: "search", shopperId }),
      experiments.chooseArm({ surface: "recommendations", shopperId }),
    ]);
    const isPersonal = !isHeldOut(recommending.config);
    const partaking = assignments.filter(({ isPartaking }) => isPartaking);
    if (partaking.length === 0) return isPersonal ? undefined : { ...controlArm, isPersonal };
    const mixed = partaking.find(({ against }) => against);
    return {
      arm: partaking.map(({ key, arm }) => `${key}/${arm.key}`).join(" "),
      isPersonal,
      ...(await choiceOf(config)),
      ...(mixed && {
        interleavedWith: {
          ...(await choiceOf(configWithout(mixed, partaking))),
          // One coin for one shopper and one query: the page shows the same when it is loaded again.
          seed: `${mixed.key}/${shopperId ?? ""}/${query.toLowerCase()}`,
        },
      }),
    };
  };
}

/** What all arms set together, with the control in place of one of them. */
function configWithout(mixed: Assignment, partaking: readonly Assignment[]): ArmConfig {
  const configs = partaking.map((one) => (one === mixed ? (mixed.against?.config ?? {}) : one.arm.config));
  return Object.assign({}, ...configs) as ArmConfig;
}
