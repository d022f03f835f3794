import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { Surface } from "../core/experiment.ts";
import type { MetricKey } from "../core/metrics.ts";
import type { Moments } from "../core/moments.ts";
import type { MetricCell } from "../core/report.ts";

export interface MetricsWindow {
  readonly experimentId: string;
  readonly startedAt: Date;
  /** When it was stopped, or now. */
  readonly until: Date;
}

/** What shows an arm is noted when it was rendered, a moment after the search that it is about. */
const renderMinutes = 5;
/** What is known of a shopper's spending before. */
const pastDays = 365;

const bySurface: Readonly<Record<Surface, readonly MetricKey[]>> = {
  search: [
    "search_ctr",
    "add_to_cart",
    "conversion",
    "revenue",
    "small_farm_share",
    "search_latency",
    "empty_searches",
    "opt_out",
  ],
  recommendations: ["recommendation_ctr", "add_to_cart", "conversion", "revenue", "opt_out"],
};

export function metricsOf(surface: Surface): readonly MetricKey[] {
  return bySurface[surface];
}

/**
 * The moments of every metric of a surface, by arm, market and day of first exposure: one statement over the log of
 * searches, the log of actions and the orders. Shoppers who were shown two arms count for the one of their account.
 *
 * What each of the exposed did is asked for by the index on the shopper, one shopper after the other (`offset 0` keeps the
 * times from being looked for first), and the products of small farms are found once: right after many rows came, no
 * planner knows how many there are, and a plan for a few rows takes as long as both sides multiplied.
 *
 * Small farms are those that sold no more than the middle farm in the 90 days before the start; their share is of the first
 * ten places of results.
 */
export async function readCells(
  db: Queryable,
  surface: Surface,
  { experimentId, startedAt, until }: MetricsWindow,
): Promise<MetricCell[]> {
  const start = sql`${startedAt.toISOString()}::timestamptz`;
  const end = sql`${until.toISOString()}::timestamptz`;
  const found = await rows<{ arm: string; cluster: string; metric: MetricKey } & Moments>(
    db,
    sql`
      with exposed as materialized (
        select shopper_id, arm, coalesce(market_id::text, '-') || '/' || (exposed_at at time zone 'UTC')::date as cluster,
          greatest(${start}, exposed_at - make_interval(mins => ${renderMinutes})) as since
        from experiment_exposures where experiment_id = ${experimentId}
      ),
      sales as materialized (
        select f.id, coalesce(sum(o.subtotal_cents) filter (where p.placed_at is not null), 0) as sold
        from farms f
        left join sub_orders o on o.farm_id = f.id and o.status <> 'cancelled'
        left join orders p on p.id = o.order_id
          and p.placed_at < ${start} and p.placed_at >= ${start} - interval '90 days'
        group by f.id
      ),
      of_small_farms as materialized (
        select q.id from products q where q.farm_id in (
          select id from sales where sold <= (select percentile_disc(0.5) within group (order by sold) from sales))
      ),
      measured as (
        select e.arm, e.cluster, m.metric, m.y::float8 as y, m.x::float8 as x, m.c::float8 as c
        from exposed e
        join shoppers h on h.id = e.shopper_id
        cross join lateral (
          select count(*) as searches, count(clicked_product_id) as clicked, sum(execution_ms) as ms,
            count(*) filter (where results_count = 0) as empty, sum(cardinality(shown_ids[1:10])) as shown,
            sum((select count(*) filter (where place in (select id from of_small_farms))
              from unnest(shown_ids[1:10]) place)) as shown_small
          from (select * from search_log where shopper_id = e.shopper_id offset 0) own
          where searched_at >= e.since and searched_at <= ${end}
        ) s
        cross join lateral (
          select count(*) filter (where action = 'ADD_TO_CART') as added,
            count(*) filter (where action = 'VIEW_RECOMMENDATIONS') as views,
            count(*) filter (where action = 'CLICK_RECOMMENDATION') as clicks
          from (select * from action_events where shopper_id = e.shopper_id offset 0) own
          where recorded_at >= e.since and recorded_at <= ${end}
            and action in ('ADD_TO_CART', 'VIEW_RECOMMENDATIONS', 'CLICK_RECOMMENDATION')
        ) a
        cross join lateral (
          select count(*) filter (where placed_at >= e.since) as orders,
            sum(total_cents) filter (where placed_at >= e.since) as spent,
            sum(total_cents) filter (where placed_at < ${start}) as past
          from (select * from orders where shopper_id = e.shopper_id offset 0) own
          where status <> 'cancelled' and placed_at <= ${end}
            and placed_at >= ${start} - make_interval(days => ${pastDays})
        ) o
        cross join lateral (values
          ('search_ctr', s.clicked::numeric, s.searches::numeric, 0::numeric),
          ('search_latency', coalesce(s.ms, 0), s.searches, 0),
          ('empty_searches', s.empty, s.searches, 0),
          ('small_farm_share', coalesce(s.shown_small, 0), coalesce(s.shown, 0), 0),
          ('recommendation_ctr', a.clicks, a.views, 0),
          ('add_to_cart', (a.added > 0)::int, 1, 0),
          ('conversion', (o.orders > 0)::int, 1, 0),
          ('revenue', coalesce(o.spent, 0), 1, coalesce(o.past, 0)),
          ('opt_out', (not h.personalise)::int, 1, 0)
        ) m (metric, y, x, c)
        where m.metric = any(${sql.param([...metricsOf(surface)])}::text[])
      )
      select arm, cluster, metric, count(*)::int as n, sum(y) as y, sum(x) as x, sum(c) as c, sum(y * y) as yy,
        sum(x * x) as xx, sum(c * c) as cc, sum(y * x) as yx, sum(y * c) as yc
      from measured group by arm, cluster, metric order by metric, arm, cluster`,
  );
  return found.map(({ arm, cluster, metric, n, y, x, c, yy, xx, cc, yx, yc }) => ({
    arm,
    cluster,
    metric,
    moments: { n, y, x, c, yy, xx, cc, yx, yc },
  }));
}
