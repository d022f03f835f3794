import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { seconds, type ProductId, type ShopperId } from "@almanac/kernel";

/** A line of the event log that says that somebody chose something. */
export interface LogLine {
  readonly seq: number;
  /** Absent where nothing may be learned of whoever it was. */
  readonly shopperId: ShopperId | undefined;
  readonly productId: ProductId;
  /** Day since 1970 on which it was written down, UTC. */
  readonly day: number;
}

/** A statement may take thirty seconds, and until it has ended its lines are not there: younger ones wait. */
export const settleMs = seconds(60);

const choices = sql`('VIEW_PRODUCT', 'ADD_TO_CART', 'ADD_TO_WISHLIST', 'SHARE_PRODUCT')`;

/** The last line of which all before are there for good. */
export async function findSettled(db: Queryable, now: Date): Promise<number> {
  const settled = new Date(now.getTime() - settleMs).toISOString();
  const [row] = await rows<{ until: number | string }>(
    db,
    sql`select coalesce(
        (select min(seq) - 1 from action_events where recorded_at > ${settled}::timestamptz),
        (select max(seq) from action_events), 0) as until`,
  );
  return Number(row?.until ?? 0);
}

/** The place in the log before the first line that was written down after a moment; the end where there is none. */
export async function findStart(db: Queryable, since: Date, end: number): Promise<number> {
  const [row] = await rows<{ first: number | string | null }>(
    db,
    sql`select min(seq) - 1 as first from action_events where recorded_at > ${since.toISOString()}::timestamptz`,
  );
  return row?.first == null ? end : Math.min(Number(row.first), end);
}

/** The next lines after a place, in the order of the log. */
export async function readLog(
  db: Queryable,
  { after, until, limit }: { after: number; until: number; limit: number },
): Promise<LogLine[]> {
  const found = await rows<{
    seq: number | string;
    shopper_id: ShopperId | null;
    product_id: ProductId;
    day: number;
  }>(
    db,
    sql`
      select e.seq, s.id as shopper_id, e.entity_id as product_id,
        floor(extract(epoch from e.recorded_at) / 86400)::int as day
      from action_events e
        left join shoppers s on s.id = e.shopper_id and s.erased_at is null and s.merged_into_id is null
          and s.tracking_consent <> 'denied' and s.personalise
      where e.seq > ${after} and e.seq <= ${until} and e.entity_type = 'PRODUCT' and e.action in ${choices}
      order by e.seq limit ${limit}`,
  );
  return found.map(({ seq, shopper_id, product_id, day }) => ({
    seq: Number(seq),
    shopperId: shopper_id ?? undefined,
    productId: product_id,
    day: Number(day),
  }));
}

/** Everything that is on sale, by id, with the words that describe it. */
export async function readThings(db: Queryable): Promise<{ id: ProductId; words: string[] }[]> {
  const found = await rows<{ id: ProductId; category: string; farm_id: string; crop: string }>(
    db,
    sql`select id, category, farm_id, crop from products where status = 'live' order by id`,
  );
  return found.map(({ id, category, farm_id, crop }) => ({
    id,
    words: [
      `product ${id}`,
      `category ${category}`,
      `farm ${farm_id}`,
      ...(crop === "" ? [] : [`crop ${crop}`]),
    ],
  }));
}
