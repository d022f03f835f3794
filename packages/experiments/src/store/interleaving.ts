import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { Team } from "../core/interleaving.ts";
import type { MetricsWindow } from "./metrics.ts";

/**
 * Clicks of each exposed shopper by the team of what was opened; those who opened nothing are left out. Joined by the index
 * on the shopper; only searches that this experiment interleaved.
 *
 * @param armName as the log of searches names the arm: "key/arm"
 */
export async function readCredits(
  db: Queryable,
  { experimentId, startedAt, until }: MetricsWindow,
  armName: string,
): Promise<Record<Team, number>[]> {
  return rows<Record<Team, number>>(
    db,
    sql`
      select (count(*) filter (where team = 'a'))::int as a, (count(*) filter (where team = 'b'))::int as b
      from (
        select e.shopper_id, substr(s.shown_teams, array_position(s.shown_ids, s.clicked_product_id), 1) as team
        from experiment_exposures e join search_log s
          on s.shopper_id = e.shopper_id and s.searched_at >= ${startedAt.toISOString()}::timestamptz
          and s.searched_at <= ${until.toISOString()}::timestamptz
        where e.experiment_id = ${experimentId} and s.shown_teams is not null and s.clicked_product_id is not null and ${armName}::text = any(string_to_array(s.arm, ' '))
      ) credited
      group by shopper_id`,
  );
}
