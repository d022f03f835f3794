import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { noFacts, type ShopperFacts } from "../core/shopper-facts.ts";

type FactRow = { shopper_id: ShopperId } & Record<keyof typeof columns, number | string | null>;

const columns = {
  visits90: "visits90",
  visits28: "visits28",
  days_since_visit: "daysSinceVisit",
  pages_per_visit: "pagesPerVisit",
  searches90: "searches90",
  pages90: "pages90",
  visit_minutes: "visitMinutes",
  bounce_rate: "bounceRate",
  orders90: "orders90",
  orders365: "orders365",
  days_since_order: "daysSinceOrder",
  spend90_cents: "spend90Cents",
  lines365: "lines365",
  reduced_lines365: "reducedLines365",
  timed_orders: "timedOrders",
  minutes_to_order: "minutesToOrder",
  social90: "social90",
} as const satisfies Record<string, keyof ShopperFacts>;

/**
 * What is known at `now` of shoppers who may be profiled: not erased, not merged, who have not refused to be followed and
 * let results be arranged for them. One statement for all or for one of them. Nothing after `now` is read, so a profile
 * of the past can be worked out again.
 *
 * A visit is a run of actions and orders without a pause of more than 30 minutes, so an order by itself is one too.
 */
export async function readFacts(
  db: Queryable,
  now: Date,
  only?: ShopperId,
): Promise<Map<ShopperId, ShopperFacts>> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const found = await rows<FactRow>(
    db,
    sql`
      with people as (
        select id from shoppers
        where erased_at is null and merged_into_id is null and tracking_consent <> 'denied' and personalise
          ${only ? sql`and id = ${only}` : sql``}
      ),
      bought as (
        select o.shopper_id, o.id, o.placed_at, o.total_cents
        from orders o join people p on p.id = o.shopper_id
        where o.status <> 'cancelled' and o.placed_at > ${at} - interval '365 days' and o.placed_at <= ${at}
      ),
      acts as (
        select e.shopper_id, e.action, e.occurred_at as at, 0::bigint as cents
        from action_events e join people p on p.id = e.shopper_id
        where e.occurred_at > ${at} - interval '90 days' and e.occurred_at <= ${at} and e.action <> 'COMPLETE_PURCHASE'
        union all
        select shopper_id, 'ORDER', placed_at, total_cents from bought
      ),
      gaps as (
        select *, lag(at) over (partition by shopper_id order by at) as before from acts
      ),
      runs as (
        select *, count(*) filter (where before is null or at - before > interval '30 minutes')
          over (partition by shopper_id order by at) as run
        from gaps
      ),
      visits as (
        select shopper_id, min(at) as began, max(at) as ended, count(*) as acts,
          count(*) filter (where action in ('VIEW_PRODUCT', 'VIEW_FARM')) as pages,
          count(*) filter (where action in ('SEARCH', 'FILTER_CATEGORY')) as searches,
          count(*) filter (where action = 'SHARE_PRODUCT') as shares,
          min(at) filter (where action = 'ORDER') as ordered_at, count(*) filter (where action <> 'ORDER') as looks
        from runs group by shopper_id, run
      ),
      looked as materialized (
        select shopper_id, count(*) as visits90,
          count(*) filter (where ended > ${at} - interval '28 days') as visits28,
          coalesce(avg(pages) filter (where pages > 0), 0) as pages_per_visit, sum(pages) as pages90,
          sum(searches) as searches90, sum(shares) as shares90,
          avg(extract(epoch from ended - began)) / 60 as visit_minutes,
          avg(case when acts = 1 then 1.0 else 0 end) as bounce_rate,
          count(*) filter (where ordered_at > began) as timed_orders,
          percentile_cont(0.5) within group (order by extract(epoch from ordered_at - began) / 60)
            filter (where ordered_at > began) as minutes_to_order
        from visits where ended > ${at} - interval '90 days' group by shopper_id
      ),
      last_seen as materialized (select shopper_id, max(ended) as last_visit from visits group by shopper_id),
      spent as materialized (
        select shopper_id, count(*) as orders365,
          count(*) filter (where placed_at > ${at} - interval '90 days') as orders90, max(placed_at) as last_order,
          coalesce(sum(total_cents) filter (where placed_at > ${at} - interval '90 days'), 0) as spend90_cents
        from bought group by shopper_id
      ),
      reduced as materialized (
        select distinct l.id
        from bought b join order_lines l on l.order_id = b.id
        join price_changes c on c.variant_id = l.variant_id and c.new_price_cents = l.unit_price_cents
        where c.new_price_cents < c.old_price_cents
          and c.changed_at <= b.placed_at and c.changed_at > b.placed_at - interval '14 days'
      ),
      things as materialized (
        select b.shopper_id, count(*) as lines365,
          count(*) filter (where l.discount_cents > 0 or r.id is not null) as reduced_lines365
        from bought b join order_lines l on l.order_id = b.id left join reduced r on r.id = l.id
        group by b.shopper_id
      ),
      social as materialized (
        select shopper_id, count(*) as marks from (
          select shopper_id from ratings where rated_at > ${at} - interval '90 days' and rated_at <= ${at}
          union all
          select shopper_id from farm_follows where followed_at > ${at} - interval '90 days' and followed_at <= ${at}
          union all
          select shopper_id from wishes where added_at > ${at} - interval '90 days' and added_at <= ${at}
        ) m group by shopper_id
      )
      select p.id as shopper_id, k.visits90, k.visits28,
        extract(epoch from ${at} - n.last_visit) / 86400 as days_since_visit,
        k.pages_per_visit, k.pages90, k.searches90, k.visit_minutes, k.bounce_rate,
        s.orders90, s.orders365, extract(epoch from ${at} - s.last_order) / 86400 as days_since_order,
        s.spend90_cents, t.lines365, t.reduced_lines365, k.timed_orders, k.minutes_to_order,
        coalesce(c.marks, 0) + coalesce(k.shares90, 0) as social90
      from people p
      left join looked k on k.shopper_id = p.id
      left join last_seen n on n.shopper_id = p.id
      left join spent s on s.shopper_id = p.id
      left join things t on t.shopper_id = p.id
      left join social c on c.shopper_id = p.id`,
  );
  return new Map(found.map((row) => [row.shopper_id, toFacts(row)]));
}

function toFacts(row: FactRow): ShopperFacts {
  const told = Object.entries(columns).flatMap(([column, fact]) => {
    const value = row[column as keyof typeof columns];
    return value === null ? [] : [[fact, Number(value)] as const];
  });
  return { ...noFacts, ...Object.fromEntries(told) };
}
