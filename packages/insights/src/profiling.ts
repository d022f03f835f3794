import { advisoryLock, type DatabaseHandle, type Queryable } from "@almanac/db";
import type { Clock, ShopperId } from "@almanac/kernel";
import { engagementFactors, engagementScore } from "./core/engagement.ts";
import { habitsOf, type Habits } from "./core/habits.ts";
import { rankActions, type RankedAction, type Situation } from "./core/next-best-action.ts";
import { describeRule, segmentOf, type Segment } from "./core/segments.ts";
import type { ShopperFacts } from "./core/shopper-facts.ts";
import { readFacts } from "./store/facts.ts";
import { readHabits } from "./store/habits.ts";
import { findProfile, listProfiles, replaceProfiles, type StoredProfile } from "./store/profiles.ts";
import { readSituation } from "./store/situation.ts";

/** What is told of one shopper, to themselves and to programs alike. */
export interface BehaviourProfile extends Habits {
  readonly behavioralSegment: Segment;
  /** The rule of the segment, in words. */
  readonly rule: string;
  readonly engagementScore: number;
  /** The factors of the score, each 0 to 1. */
  readonly engagement: ReturnType<typeof engagementFactors>;
  readonly sessionMetrics: {
    readonly averageSessionMinutes: number;
    readonly pagesPerSession: number;
    readonly bounceRate: number;
  };
  readonly facts: ShopperFacts;
  /** What would be done for the shopper now, the best first; doing nothing is one of them. */
  readonly nextBestActions: readonly RankedAction[];
}

/** The profile of a shopper now, with what models expect where it is given; `undefined` for somebody who may not be profiled. */
export async function profileNow(
  db: Queryable,
  shopperId: ShopperId,
  now: Date,
  churn?: Situation["churn"],
): Promise<BehaviourProfile | undefined> {
  const [facts, stored, situation, habits] = await Promise.all([
    readFacts(db, now, shopperId),
    findProfile(db, shopperId),
    readSituation(db, shopperId, now),
    readHabits(db, shopperId, now),
  ]);
  const own = facts.get(shopperId);
  if (!own || !situation) return undefined;
  const segment = segmentOf(own, stored?.segment);
  return {
    ...describe(own, segment),
    ...habitsOf(habits),
    nextBestActions: rankActions({ ...situation, segment, ...(churn && { churn }) }),
  };
}

function describe(
  facts: ShopperFacts,
  segment: Segment,
): Omit<BehaviourProfile, "nextBestActions" | keyof Habits> {
  return {
    behavioralSegment: segment,
    rule: describeRule(segment),
    engagementScore: engagementScore(facts),
    engagement: engagementFactors(facts),
    sessionMetrics: {
      averageSessionMinutes: facts.visitMinutes,
      pagesPerSession: facts.pagesPerVisit,
      bounceRate: facts.bounceRate,
    },
    facts,
  };
}

/**
 * Profiles everybody anew, by the same functions that answer a single shopper, and notes who moved. A second run at the
 * same moment changes nothing.
 *
 * @returns how many were profiled and how many moved
 */
export async function profileAll({
  handle,
  clock,
}: {
  handle: DatabaseHandle;
  clock: Clock;
}): Promise<{ profiled: number; moved: number }> {
  const now = clock.now();
  return handle.transaction(async (tx) => {
    // One run after the other: what the first one notes is where people were for the second.
    await advisoryLock(tx, "insights:profiles");
    const facts = await readFacts(tx, now);
    const before = await listProfiles(tx);
    const profiles: StoredProfile[] = [];
    const moves: Parameters<typeof replaceProfiles>[2][number][] = [];
    for (const [shopperId, own] of facts) {
      const earlier = before.get(shopperId);
      const segment = segmentOf(own, earlier?.segment);
      const isSame = earlier?.segment === segment;
      profiles.push({
        shopperId,
        segment,
        since: isSame ? earlier.since : now,
        engagement: engagementScore(own),
        computedAt: now,
      });
      if (earlier && !isSame)
        moves.push({ shopperId, fromSegment: earlier.segment, toSegment: segment, movedAt: now });
    }
    await replaceProfiles(tx, profiles, moves);
    return { profiled: profiles.length, moved: moves.length };
  });
}
