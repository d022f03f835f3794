import { sql } from "drizzle-orm";

type Sql = ReturnType<typeof sql>;

/** How much of a market day a product has to be gone from the stall for the day to hide what more was wanted. */
export const stallMinutes = 30;

/**
 * Times in which there was nothing of some products by the stock ledger: rows of `product_id`, `at` and `until`, which is
 * `infinity` where there is still nothing. A sale at the stall that was taken back never took anything away. Nothing is said of the
 * time before a product's first entry. Whoever asks when a product was gone asks this.
 *
 * @param productIds a set of them in brackets, as `in` takes it
 */
export const goneSpans = (productIds: Sql): Sql => sql`
  with undone as materialized (
    select 'stall:' || s.id || ending as key
    from stall_sales s cross join (values (''), (':undo')) as endings (ending)
    where s.undone_at is not null and s.product_id in ${productIds}
  ),
  ledger as (
    select e.product_id, e.at, e.seq, sum(e.delta_base) over (partition by e.product_id order by e.at, e.seq) <= 0 as is_gone
    from stock_entries e
    where e.product_id in ${productIds} and not exists (select 1 from undone u where u.key = e.idempotency_key)
  ),
  compared as (
    select product_id, at, seq, is_gone, lag(is_gone) over (partition by product_id order by at, seq) as was_gone from ledger
  ),
  turns as (
    select product_id, at, is_gone,
      coalesce(lead(at) over (partition by product_id order by at, seq), 'infinity') as until
    from compared where is_gone is distinct from was_gone
  )
  select product_id, at, until from turns where is_gone`;
