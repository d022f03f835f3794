import { eq, sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { tasteProfiles } from "@almanac/db/schema";
import { comparablePriceCents } from "@almanac/catalog";
import type { BaseUnit, FarmId, ProductId, ShopperId } from "@almanac/kernel";
import { nothingHidden, type HiddenInterests } from "../core/taste.ts";
import type { TastedProduct } from "../core/taste-records.ts";

/** What a shopper asked to forget. */
export async function readHidden(db: Queryable, shopperId: ShopperId): Promise<HiddenInterests> {
  const [row] = await db
    .select({ hidden: tasteProfiles.hidden })
    .from(tasteProfiles)
    .where(eq(tasteProfiles.shopperId, shopperId));
  return (row?.hidden as HiddenInterests | undefined) ?? nothingHidden;
}

/** Products by id; one that was deleted is absent. */
export async function readTastedProducts(
  db: Queryable,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, TastedProduct>> {
  if (productIds.length === 0) return new Map();
  const found = await rows<ProductRow>(
    db,
    sql`
    select p.id, p.category, p.farm_id, p.base_unit, v.unit_price_cents, v.unit_price_per
    from products p left join lateral (
      select unit_price_cents, unit_price_per from variants
      where product_id = p.id and status = 'live' order by position, id limit 1
    ) v on true
    where p.id = any(${sql.param([...productIds])}::uuid[])`,
  );
  return new Map(found.map((row) => [row.id, toTasted(row)]));
}

interface ProductRow {
  id: ProductId;
  category: string;
  farm_id: FarmId;
  base_unit: BaseUnit;
  unit_price_cents: number | null;
  unit_price_per: number | null;
}

function toTasted(row: ProductRow): TastedProduct {
  const { unit_price_cents: unitPriceCents, unit_price_per: unitPricePer, base_unit: baseUnit } = row;
  return {
    category: row.category,
    farmId: row.farm_id,
    baseUnit,
    ...(unitPriceCents !== null &&
      unitPricePer !== null && {
        comparablePriceCents: comparablePriceCents({ unitPriceCents, unitPricePer }, baseUnit),
      }),
  };
}

/** Hidden interests, with the row locked until the transaction ends; the row is made when there is none. */
export async function lockHidden(tx: Queryable, shopperId: ShopperId, now: Date): Promise<HiddenInterests> {
  await tx
    .insert(tasteProfiles)
    .values({ shopperId, state: {}, updatedAt: now })
    .onConflictDoNothing({ target: tasteProfiles.shopperId });
  const [row] = await tx
    .select({ hidden: tasteProfiles.hidden })
    .from(tasteProfiles)
    .where(eq(tasteProfiles.shopperId, shopperId))
    .for("update");
  return (row?.hidden as HiddenInterests | undefined) ?? nothingHidden;
}

export async function saveHidden(
  tx: Queryable,
  shopperId: ShopperId,
  { hidden, now }: { hidden: HiddenInterests; now: Date },
): Promise<void> {
  await tx
    .update(tasteProfiles)
    .set({ hidden: { categories: [...hidden.categories], farms: [...hidden.farms] }, updatedAt: now })
    .where(eq(tasteProfiles.shopperId, shopperId));
}

/** How often a shopper did what, and when last: kept beside the hidden interests for "my data". */
export interface TasteState {
  readonly actions: Readonly<Record<string, number>>;
  readonly lastActiveAt?: string;
}

export async function readTasteState(db: Queryable, shopperId: ShopperId): Promise<TasteState> {
  const [row] = await db
    .select({ state: tasteProfiles.state })
    .from(tasteProfiles)
    .where(eq(tasteProfiles.shopperId, shopperId));
  return { actions: {}, ...row?.state };
}

export interface CountedAction {
  readonly shopperId: ShopperId;
  readonly action: string;
  readonly seq: number;
  readonly at: string;
}

/** Counts actions, in one statement for all shoppers, except of those who refused tracking or have gone meanwhile. */
export async function countActions(tx: Queryable, actions: readonly CountedAction[]): Promise<void> {
  if (actions.length === 0) return;
  const given = JSON.stringify([...Map.groupBy(actions, ({ shopperId }) => shopperId).values()].map(sumOf));
  // In the order of ids, so that two relays lock the rows alike.
  await tx.execute(sql`
    insert into taste_profiles as t (shopper_id, state, last_event_seq, updated_at)
    select s.id, jsonb_build_object('actions', g.actions, 'lastActiveAt', g.at), g.seq, g.at::timestamptz
    from jsonb_to_recordset(${given}::jsonb) as g(shopper_id uuid, actions jsonb, seq bigint, at text)
    join shoppers s on s.id = g.shopper_id
    where s.erased_at is null and s.tracking_consent <> 'denied'
    order by s.id
    on conflict (shopper_id) do update set
      state = jsonb_build_object(
        'actions', (
          select jsonb_object_agg(key, n) from (
            select key, sum(value::int)::int as n from (
              select * from jsonb_each_text(coalesce(t.state->'actions', '{}'::jsonb))
              union all select * from jsonb_each_text(excluded.state->'actions')) as both_sides
            group by key) as summed),
        'lastActiveAt', greatest(t.state->>'lastActiveAt', excluded.state->>'lastActiveAt')),
      last_event_seq = greatest(t.last_event_seq, excluded.last_event_seq),
      updated_at = greatest(t.updated_at, excluded.updated_at)`);
}

function sumOf(mine: readonly CountedAction[]) {
  const actions: Record<string, number> = {};
  let seq = 0;
  let at = "";
  for (const one of mine) {
    actions[one.action] = (actions[one.action] ?? 0) + 1;
    seq = Math.max(seq, one.seq);
    if (one.at > at) at = one.at;
  }
  return { shopper_id: mine[0]?.shopperId, actions, seq, at };
}

export async function deleteTaste(tx: Queryable, shopperId: ShopperId): Promise<void> {
  await tx.delete(tasteProfiles).where(eq(tasteProfiles.shopperId, shopperId));
}
