import type { Arm } from "@almanac/experiments";
import type { CheckArm } from "@almanac/experiments/router";
import { AppError, isAppError } from "@almanac/kernel";
import type { LearnedRerankers, LiveRanking } from "@almanac/ranking/router";
import { armNames } from "@almanac/recsys";

/** What arms may name, looked up where it is kept. */
export interface NamedByArms {
  readonly ranking: Pick<LiveRanking, "version">;
  readonly rerankers: LearnedRerankers;
}

/**
 * Whether everything that an arm names is there: of search a version of the weights and a learned ranking, by number; of
 * recommendations a recommender, by name. Other settings belong to pages and are taken as they are.
 */
export function createArmCheck({ ranking, rerankers }: NamedByArms): CheckArm {
  return async (surface, arm) => {
    if (surface === "recommendations") return checkRecommender(arm);
    await checkNumber(arm, "rankingVersion", (number) => ranking.version(number));
    await checkNumber(arm, "reranker", (number) => rerankers.get(number));
  };
}

/** @param get refuses a number that names nothing, or nothing that can serve */
async function checkNumber(
  arm: Arm,
  setting: string,
  get: (number: number) => Promise<unknown>,
): Promise<void> {
  const value = arm.config[setting];
  if (value === undefined) return;
  if (typeof value !== "number") throw unknownTo(arm, setting, "It has to be a number.");
  await get(value).catch((error: unknown) => {
    throw isAppError(error) ? unknownTo(arm, setting, error.message) : error;
  });
}

function checkRecommender(arm: Arm): void {
  const { recommender } = arm.config;
  if (recommender === undefined || armNames.some((name) => name === recommender)) return;
  throw unknownTo(arm, "recommender", `There are ${armNames.join(", ")}.`);
}

function unknownTo({ key, config }: Arm, setting: string, why: string): AppError {
  return new AppError(
    "experiment_arm_unknown",
    `The arm "${key}" sets ${setting} = ${String(config[setting])}. ${why}`,
    { details: { arm: key, setting } },
  );
}
