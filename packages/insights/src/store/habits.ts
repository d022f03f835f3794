import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { devices, type Device, type HabitCount, type PartOfDay } from "../core/habits.ts";

interface HabitRow extends Record<string, unknown> {
  weekday: number | string;
  part: PartOfDay;
  device: string | null;
  acts: number | string;
}

/**
 * What a shopper did in the 90 days before `now`, orders included, counted by weekday, quarter of the day and device, in the
 * time of the shopper's market (without one: UTC).
 */
export async function readHabits(db: Queryable, shopperId: ShopperId, now: Date): Promise<HabitCount[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const found = await rows<HabitRow>(
    db,
    sql`
      with acts as (
        select occurred_at as at, metadata->>'device' as device from action_events
        where shopper_id = ${shopperId} and action <> 'COMPLETE_PURCHASE'
          and occurred_at > ${at} - interval '90 days' and occurred_at <= ${at}
        union all
        select placed_at, null from orders
        where shopper_id = ${shopperId} and status <> 'cancelled'
          and placed_at > ${at} - interval '90 days' and placed_at <= ${at}
      ),
      place as (
        select coalesce(m.time_zone, 'UTC') as zone
        from shoppers s left join markets m on m.id = s.market_id where s.id = ${shopperId}
      )
      select extract(isodow from a.at at time zone p.zone)::int as weekday,
        case floor(extract(hour from a.at at time zone p.zone) / 6)
          when 0 then 'night' when 1 then 'morning' when 2 then 'afternoon' else 'evening' end as part,
        a.device, count(*) as acts
      from acts a cross join place p
      group by 1, 2, 3`,
  );
  return found.map(({ weekday, part, device, acts }) => ({
    weekday: Number(weekday),
    part,
    device: isDevice(device) ? device : undefined,
    acts: Number(acts),
  }));
}

const isDevice = (word: string | null): word is Device => devices.some((device) => device === word);
