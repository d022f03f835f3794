import type { ArmConfig, Assignment } from "@almanac/experiments";
import type { ExperimentsService } from "@almanac/experiments/router";
import type { ChooseArm, LearnedRerankers, RankingChoice } from "@almanac/ranking/router";

/**
 * How experiments would have a search ranked. An arm may set `rankingVersion`, a number of a version of the weights, and
 * `reranker`, that of a learned ranking. Where an experiment interleaves, the other list is what the shopper's other arms and
 * its control set.
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
    const { assignments, config } = await experiments.chooseArm({ surface: "search", shopperId });
    const partaking = assignments.filter(({ isPartaking }) => isPartaking);
    if (partaking.length === 0) return undefined;
    const mixed = partaking.find(({ against }) => against);
    return {
      arm: partaking.map(({ key, arm }) => `${key}/${arm.key}`).join(" "),
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
