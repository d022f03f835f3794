import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";
import type { FarmCustomer } from "../core/farms/farm-customers.ts";

export interface FarmYear {
  readonly customers: readonly FarmCustomer[];
  /** Of all that was sold, those included who may not be profiled. */
  readonly soldCents: number;
  readonly feeCents: number;
  /** When what is expected of shoppers was worked out; absent where no model is live. */
  readonly computedAt: Date | undefined;
}

/**
 * What a farm sold between two moments to whom something is expected of. Nobody who refused to be profiled is among them, as
 * nothing is expected of those.
 *
 * A farm's orders are found by the index on its parts of orders, a shopper's by that on shopper and time.
 */
export async function readFarmYear(
  db: Queryable,
  farmId: FarmId,
  { from, to }: { from: Date; to: Date },
): Promise<FarmYear> {
  const within = sql`placed_at > ${from.toISOString()}::timestamptz and o.placed_at <= ${to.toISOString()}::timestamptz`;
  const sold = sql`
    sold as materialized (
      select s.id, s.subtotal_cents, s.fee_cents, o.shopper_id from sub_orders s join orders o on o.id = s.order_id
      where s.farm_id = ${farmId} and s.status <> 'cancelled' and o.status <> 'cancelled' and o.${within})`;
  const [totals] = await rows<{ sold: number | null; fees: number | null; at: string | Date | null }>(
    db,
    sql`with ${sold} select sum(subtotal_cents)::float8 as sold, sum(fee_cents)::float8 as fees,
      (select max(computed_at) from shopper_outlooks) as at from sold`,
  );
  const found = await rows<CustomerRow>(
    db,
    sql`
      with ${sold},
      own as materialized (
        select b.shopper_id, sum(l.total_cents)::float8 as farm_cents,
          coalesce(sum(l.total_cents) filter (where c.product_id is not null), 0)::float8 as costed_cents,
          coalesce(sum(coalesce(l.weighed_base, l.quantity_base)::float8 * c.cost_cents / c.per_base), 0) as cost_cents
        from sold b join order_lines l on l.sub_order_id = b.id left join product_costs c on c.product_id = l.product_id
        group by b.shopper_id)
      select own.*, e.value_cents, e.is_at_risk, e.churn_probability, (
          select sum(o.subtotal_cents)::float8 from orders o
          where o.shopper_id = own.shopper_id and o.status <> 'cancelled' and o.${within}) as all_cents
      from own join shopper_outlooks e on e.shopper_id = own.shopper_id join shoppers p on p.id = own.shopper_id
      where e.value_cents is not null and p.tracking_consent <> 'denied' and p.personalise and p.erased_at is null`,
  );
  return {
    customers: found.map(customerOf),
    soldCents: Number(totals?.sold ?? 0),
    feeCents: Number(totals?.fees ?? 0),
    computedAt: totals?.at ? new Date(totals.at) : undefined,
  };
}

interface CustomerRow extends Record<string, unknown> {
  farm_cents: number;
  costed_cents: number;
  cost_cents: number;
  all_cents: number;
  value_cents: number;
  is_at_risk: boolean;
  churn_probability: number | null;
}

function customerOf({ churn_probability: chance, ...row }: CustomerRow): FarmCustomer {
  return {
    allCents: Number(row.all_cents),
    farmCents: Number(row.farm_cents),
    costedCents: Number(row.costed_cents),
    costCents: Number(row.cost_cents),
    valueCents: Number(row.value_cents),
    isAtRisk: row.is_at_risk,
    ...(chance !== null && { churnProbability: Number(chance) }),
  };
}
