import { sql, type SQL } from "drizzle-orm";
import { endingOf, isStillOn, type Ending } from "@almanac/planning";

/** Market days that an advice is for beside its own: what something is moved from, and other markets of its day. */
const elsewhere = (): SQL => sql`(
  select advice.farm_id, advice.product_id,
    (advice.details ->> 'fromMarketId')::uuid as market_id, (advice.details ->> 'fromDay')::date as market_day
  where advice.details ->> 'fromMarketId' is not null
  union all
  select advice.farm_id, advice.product_id, other::uuid, advice.market_day
  from jsonb_array_elements_text(advice.details -> 'otherMarketIds') as others (other)
) as elsewhere`;

/** Whether an advice still has a point at every market day that it is for (see `isStillOn` of planning). */
export const isAdviceOn = (): SQL =>
  sql`(${isStillOn("advice")} and not exists (select 1 from ${elsewhere()} where not ${isStillOn("elsewhere")}))`;

/** What has ended an advice at one of the market days that it is for, its own first; null where nothing has. */
export const endingOfAdvice = (): SQL<Ending | null> =>
  sql<Ending | null>`coalesce(${endingOf("advice")},
    (select ${endingOf("elsewhere")} from ${elsewhere()} where not ${isStillOn("elsewhere")} limit 1))`;
