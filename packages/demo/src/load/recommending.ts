import { eq } from "drizzle-orm";
import { insertMany, type Queryable, type Transaction } from "@almanac/db";
import { experimentExposures, experiments, recommendationSlates, settings } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";
import type { Recommending, RecommendationTruth, WorldSlate } from "../core/recommending.ts";

const settingKey = "demo.recommendations";

/** What is told of the lists that the generator made, beside what the shop found out from them. */
export interface GeneratedRecommendations {
  readonly lists: number;
  /** ISO times of the first and of the last list. */
  readonly from: string;
  readonly until: string;
  readonly truth: RecommendationTruth;
}

/** Writes the lists with what came of them, the experiment that dealt their arms, and what is true of both. */
export async function insertRecommending(
  tx: Transaction,
  { experiment, startedAt, stoppedAt, slates, truth }: Recommending,
): Promise<void> {
  await insertMany(tx, recommendationSlates, slates.map(slateRow));
  const first = new Map<ShopperId, WorldSlate>();
  for (const slate of slates) if (!first.has(slate.shopper.id)) first.set(slate.shopper.id, slate);
  const { id, key, seed, arms, surface, kind } = experiment;
  await tx.insert(experiments).values({
    id,
    key,
    seed,
    surface,
    kind,
    name: "Lists by what others bought with it",
    hypothesis: hypothesisOf(truth),
    status: "stopped",
    arms: arms.map((arm) => ({ ...arm, config: { ...arm.config } })),
    primaryMetric: "recommendation_ctr",
    plannedUnits: Math.min(500, first.size),
    guardrails: [{ metric: "opt_out", margin: 0.2 }],
    hasSimulated: true,
    createdAt: startedAt,
    startedAt,
    stoppedAt,
    stopReason: "It ran for the ten days that it was meant to.",
  });
  await insertMany(
    tx,
    experimentExposures,
    [...first.values()].map(({ shopper, arm, at }) => ({
      experimentId: id,
      shopperId: shopper.id,
      arm,
      marketId: shopper.market.id,
      exposedAt: at,
      isCrossed: false,
    })),
  );
  const told: GeneratedRecommendations = {
    lists: slates.length,
    from: startedAt.toISOString(),
    until: stoppedAt.toISOString(),
    truth,
  };
  await tx.insert(settings).values({ key: settingKey, value: { ...told }, updatedAt: stoppedAt });
}

/** `undefined` where no list was generated. */
export async function findGenerated(db: Queryable): Promise<GeneratedRecommendations | undefined> {
  const [row] = await db.select().from(settings).where(eq(settings.key, settingKey));
  return row?.value as GeneratedRecommendations | undefined;
}

function slateRow({ id, shopper, arm, at, places }: WorldSlate): typeof recommendationSlates.$inferInsert {
  return {
    slateId: id,
    place: "home",
    shopperId: shopper.id,
    marketId: shopper.market.id,
    arm,
    shownAt: at,
    productIds: places.map(({ product }) => product.id),
    farmIds: places.map(({ product }) => product.farm.id),
    reasons: places.map(({ reason }) => reason),
    propensities: places.map(({ propensity }) => propensity),
    newFarms: places.map(({ isOfNewFarm }) => (isOfNewFarm ? 1 : 0)),
    clickedAt: places.map(({ clickedAt }) => clickedAt ?? null) as Date[],
    cartedAt: places.map(({ cartedAt }) => cartedAt ?? null) as Date[],
  };
}

function hypothesisOf({ arms }: RecommendationTruth): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;
  const lift = arms["item-knn"] / arms.control - 1;
  return (
    "Demo data: these shoppers, lists and looks were generated. By the generator a place is looked at in " +
    `${percent(arms.control)} of cases as it is and in ${percent(arms["item-knn"])} with the arm, a difference of ` +
    `${lift < 0 ? "−" : "+"}${percent(Math.abs(lift))}; who orders does not go by the arm.`
  );
}
