import { and, desc, eq, isNull } from "drizzle-orm";
import { recommendationRules } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { MarketId, Season, UserId } from "@almanac/kernel";
import type { RuleKind, RuleTarget } from "../core/slate/rules.ts";

/** A rule as it is kept. Days are those of the market's calendar, both included. */
export interface StoredRule {
  readonly id: string;
  readonly kind: RuleKind;
  readonly target: RuleTarget;
  /** Id of a product or farm, slug of a category. */
  readonly targetId: string;
  readonly strength: number;
  readonly marketId: MarketId | null;
  readonly region: string | null;
  readonly season: Season | null;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly note: string;
  readonly createdBy: UserId | null;
  readonly createdAt: Date;
}

const columns = {
  id: recommendationRules.id,
  kind: recommendationRules.kind,
  target: recommendationRules.target,
  targetId: recommendationRules.targetId,
  strength: recommendationRules.strength,
  marketId: recommendationRules.marketId,
  region: recommendationRules.region,
  season: recommendationRules.season,
  firstDay: recommendationRules.firstDay,
  lastDay: recommendationRules.lastDay,
  note: recommendationRules.note,
  createdBy: recommendationRules.createdBy,
  createdAt: recommendationRules.createdAt,
};

/**
 * Rules that nobody ended, also those whose days are over or to come; the newest first. At most 500, of more those whose days
 * last longest, so that no rule that holds is crowded out by what is over.
 */
export async function listRules(db: Queryable): Promise<StoredRule[]> {
  const kept = await db
    .select(columns)
    .from(recommendationRules)
    .where(isNull(recommendationRules.endedAt))
    .orderBy(desc(recommendationRules.lastDay), desc(recommendationRules.createdAt), recommendationRules.id)
    .limit(500);
  return kept.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1));
}

export async function insertRule(db: Queryable, rule: StoredRule): Promise<void> {
  await db.insert(recommendationRules).values(rule);
}

/** @returns false when there is no such rule, or it was ended before */
export async function endRule(db: Queryable, id: string, now: Date): Promise<boolean> {
  const ended = await db
    .update(recommendationRules)
    .set({ endedAt: now })
    .where(and(eq(recommendationRules.id, id), isNull(recommendationRules.endedAt)))
    .returning({ id: recommendationRules.id });
  return ended.length > 0;
}
