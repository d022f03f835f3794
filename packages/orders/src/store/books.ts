import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";

export interface BookProblem {
  readonly kind:
    | "transaction_not_zero"
    | "order_not_zero"
    | "stall_sale_not_zero"
    | "sales_differ"
    | "stall_sales_differ"
    | "stock_differs"
    | "stock_below_zero"
    | "reserved_differs";
  /** The transaction, order or product. */
  readonly id: string;
  readonly expected: number;
  readonly found: number;
}

export interface Books {
  readonly orders: number;
  readonly ledgerEntries: number;
  readonly stockEntries: number;
  /** Sum of all amounts of the money ledger, in cents: zero. */
  readonly ledgerSumCents: number;
  /** At most 100 of each kind. Empty when the books are right. */
  readonly problems: readonly BookProblem[];
}

/**
 * Checks the money and the stock ledger against what they must add up to: every transaction and every order to zero, an
 * order's and a stall's sales to their total, a product's entries to what is on hand (and never below zero on the way), its live
 * reservations to what is reserved.
 */
export async function checkBooks(db: Queryable): Promise<Books> {
  const [counts] = await rows<Omit<Books, "problems">>(
    db,
    sql`select (select count(*) from orders)::int as orders,
      (select count(*) from ledger_entries)::int as "ledgerEntries",
      (select count(*) from stock_entries)::int as "stockEntries",
      (select coalesce(sum(amount_cents), 0) from ledger_entries)::int as "ledgerSumCents"`,
  );
  const problems: BookProblem[] = [];
  const check = async (kind: BookProblem["kind"], statement: ReturnType<typeof sql>) => {
    const found = await rows<Omit<BookProblem, "kind">>(db, sql`${statement} limit 100`);
    problems.push(...found.map((row) => ({ kind, ...row })));
  };
  await check(
    "transaction_not_zero",
    sql`select transaction_id as id, 0 as expected, sum(amount_cents)::int as found from ledger_entries
      group by transaction_id having sum(amount_cents) <> 0`,
  );
  await check(
    "order_not_zero",
    sql`select order_id as id, 0 as expected, sum(amount_cents)::int as found from ledger_entries
      where order_id is not null group by order_id having sum(amount_cents) <> 0`,
  );
  await check(
    "stall_sale_not_zero",
    sql`select stall_sale_id as id, 0 as expected, sum(amount_cents)::int as found from ledger_entries
      where stall_sale_id is not null group by stall_sale_id having sum(amount_cents) <> 0`,
  );
  await check(
    "sales_differ",
    sql`select o.id, case when o.status = 'cancelled' then 0 else o.total_cents end as expected, l.sales::int as found
      from orders o join (
        select order_id, sum(amount_cents) as sales from ledger_entries
        where account = 'shopper' and farm_id is not null and order_id is not null group by order_id
      ) l on l.order_id = o.id
      where l.sales <> case when o.status = 'cancelled' then 0 else o.total_cents end`,
  );
  await check(
    "stall_sales_differ",
    sql`select s.id, case when s.undone_at is null then s.total_cents else 0 end as expected,
        coalesce(l.sales, 0)::int as found
      from stall_sales s left join (
        select stall_sale_id, sum(amount_cents) as sales from ledger_entries
        where account = 'shopper' and farm_id is not null and stall_sale_id is not null group by stall_sale_id
      ) l on l.stall_sale_id = s.id
      where coalesce(l.sales, 0) <> case when s.undone_at is null then s.total_cents else 0 end`,
  );
  await check(
    "stock_differs",
    sql`select coalesce(l.product_id, e.product_id) as id, coalesce(e.total, 0)::int as expected,
        coalesce(l.on_hand_base, 0) as found
      from stock_levels l full join (
        select product_id, sum(delta_base) as total from stock_entries group by product_id
      ) e on e.product_id = l.product_id
      where coalesce(e.total, 0) <> coalesce(l.on_hand_base, 0)`,
  );
  await check(
    "stock_below_zero",
    sql`select product_id as id, 0 as expected, min(running)::int as found from (
        select product_id, sum(delta_base) over (partition by product_id order by seq) as running from stock_entries
      ) replay group by product_id having min(running) < 0`,
  );
  await check(
    "reserved_differs",
    sql`select l.product_id as id, coalesce(r.total, 0)::int as expected, l.reserved_base as found
      from stock_levels l left join (
        select product_id, sum(quantity_base) as total from reservations where status = 'active' group by product_id
      ) r on r.product_id = l.product_id
      where l.reserved_base <> coalesce(r.total, 0)`,
  );
  return { orders: 0, ledgerEntries: 0, stockEntries: 0, ledgerSumCents: 0, ...counts, problems };
}
