import { eq, gt, inArray, sql } from "drizzle-orm";
import { inChunks, insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import { onlineItems, onlineLearners, onlineTastes } from "@almanac/db/schema";
import type { ProductId, ShopperId } from "@almanac/kernel";
import type { StreamPerson, StreamState } from "@almanac/ml";
import type { NightCheck } from "../online/night-check.ts";

export interface StoredLearner {
  readonly fromSeq: number;
  readonly state: StreamState;
  readonly builtAt: Date;
  readonly learnedAt: Date;
  readonly check: NightCheck | undefined;
}

const name = "taste";
const rowsAtOnce = 200;

/** The learner as it stands; `undefined` before it was first built. Locked until the transaction ends where asked for. */
export async function findLearner(
  db: Queryable,
  { isLocked = false }: { isLocked?: boolean } = {},
): Promise<StoredLearner | undefined> {
  const asked = db.select().from(onlineLearners).where(eq(onlineLearners.name, name));
  const [row] = await (isLocked ? asked.for("update") : asked);
  if (!row) return undefined;
  // Written by this package alone, in one shape.
  const state = row.state as StreamState;
  const check = (row.check ?? undefined) as NightCheck | undefined;
  return {
    fromSeq: row.fromSeq,
    state: { ...state, position: row.position },
    builtAt: row.builtAt,
    learnedAt: row.learnedAt,
    check,
  };
}

/** How far it is: written in the transaction that wrote what was learned. */
export async function saveProgress(tx: Transaction, state: StreamState, now: Date): Promise<void> {
  await tx
    .update(onlineLearners)
    .set({ position: state.position, state, learnedAt: now })
    .where(eq(onlineLearners.name, name));
}

export interface ThingsOfLearner {
  readonly ids: readonly ProductId[];
  readonly vectors: Float32Array;
  readonly people: Float64Array;
}

/** In the order of their places. */
export async function readItems(db: Queryable, width: number): Promise<ThingsOfLearner> {
  const found = await db.select().from(onlineItems).orderBy(onlineItems.place);
  const vectors = new Float32Array(found.length * width);
  found.forEach(({ vector }, at) => vectors.set(floatsOf(vector, Float32Array), at * width));
  return {
    ids: found.map(({ productId }) => productId),
    vectors,
    people: Float64Array.from(found, ({ people }) => people),
  };
}

export async function savePeople(
  tx: Transaction,
  counts: readonly { readonly place: number; readonly people: number }[],
): Promise<void> {
  if (counts.length === 0) return;
  await tx.execute(sql`
    update online_items i set people = g.people
    from json_to_recordset(${JSON.stringify(counts)}::json) as g(place int, people float8) where i.place = g.place`);
}

export async function readTastes(
  db: Queryable,
  shopperIds: readonly ShopperId[],
): Promise<Map<ShopperId, StreamPerson>> {
  const tastes = new Map<ShopperId, StreamPerson>();
  await inChunks([...new Set(shopperIds)], 1_000, async (chunk) => {
    const found = await db.select().from(onlineTastes).where(inArray(onlineTastes.shopperId, chunk));
    for (const row of found) tastes.set(row.shopperId, personOf(row));
  });
  return tastes;
}

/** All tastes, page by page, by the shopper's id. */
export async function* readAllTastes(db: Queryable): AsyncGenerator<[ShopperId, StreamPerson][]> {
  const limit = 1_000;
  let after: ShopperId | undefined;
  do {
    const page = await db
      .select()
      .from(onlineTastes)
      .where(after && gt(onlineTastes.shopperId, after))
      .orderBy(onlineTastes.shopperId)
      .limit(limit);
    yield page.map((row): [ShopperId, StreamPerson] => [row.shopperId, personOf(row)]);
    after = page.length < limit ? undefined : page.at(-1)?.shopperId;
  } while (after);
}

/** Of shoppers who have gone meanwhile nothing is kept. */
export async function saveTastes(
  tx: Transaction,
  people: readonly (readonly [ShopperId, StreamPerson])[],
  now: Date,
): Promise<void> {
  await inChunks(people, rowsAtOnce, async (chunk) => {
    const given = chunk.map(([shopperId, { taste, taken, ...row }]) => ({
      shopper_id: shopperId,
      taste: bytesOf(Float64Array.from(taste)).toString("hex"),
      taken,
      ...row,
    }));
    await tx.execute(sql`
      insert into online_tastes (shopper_id, taste, taken, events, day, today, learned_at)
      select s.id, decode(g.taste, 'hex'), g.taken, g.events, g.day, g.today, ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(shopper_id uuid, taste text, taken int[], events int, day int, today int)
        join shoppers s on s.id = g.shopper_id and s.erased_at is null
      order by s.id
      on conflict (shopper_id) do update set taste = excluded.taste, taken = excluded.taken, events = excluded.events,
        day = excluded.day, today = excluded.today, learned_at = excluded.learned_at`);
  });
}

export interface RebuiltLearner {
  readonly fromSeq: number;
  readonly state: StreamState;
  readonly check: NightCheck | undefined;
  readonly things: ThingsOfLearner;
  readonly people: readonly (readonly [ShopperId, StreamPerson])[];
}

/** Puts what was rebuilt in the place of what was there. */
export async function replaceLearner(tx: Transaction, rebuilt: RebuiltLearner, now: Date): Promise<void> {
  const { fromSeq, state, check, things, people } = rebuilt;
  const row = {
    fromSeq,
    position: state.position,
    state,
    builtAt: now,
    learnedAt: now,
    ...(check && { check }),
  };
  await tx
    .insert(onlineLearners)
    .values({ name, ...row })
    .onConflictDoUpdate({ target: onlineLearners.name, set: row });
  await tx.delete(onlineItems);
  const width = things.ids.length === 0 ? 0 : things.vectors.length / things.ids.length;
  await insertMany(
    tx,
    onlineItems,
    things.ids.map((productId, place) => ({
      productId,
      place,
      vector: bytesOf(things.vectors.subarray(place * width, (place + 1) * width)),
      people: things.people[place] ?? 0,
    })),
  );
  await tx.delete(onlineTastes);
  await saveTastes(tx, people, now);
}

/** Lines that wait to be learned from, of all kinds. */
export async function countBehind(db: Queryable, position: number): Promise<number> {
  const [row] = await rows<{ behind: number | string }>(
    db,
    sql`select greatest(0, coalesce((select max(seq) from action_events), 0) - ${position}) as behind`,
  );
  return Number(row?.behind ?? 0);
}

/** What is kept of one shopper, in few words. */
export async function findTasteOf(
  db: Queryable,
  shopperId: ShopperId,
): Promise<{ events: number; things: number; learnedAt: string } | undefined> {
  const [row] = await db.select().from(onlineTastes).where(eq(onlineTastes.shopperId, shopperId));
  return row && { events: row.events, things: row.taken.length, learnedAt: row.learnedAt.toISOString() };
}

export async function deleteTasteOf(db: Queryable, shopperId: ShopperId): Promise<void> {
  await db.delete(onlineTastes).where(eq(onlineTastes.shopperId, shopperId));
}

function personOf(row: typeof onlineTastes.$inferSelect): StreamPerson {
  const { taken, events, day, today } = row;
  return { taste: floatsOf(row.taste, Float64Array), taken, events, day, today };
}

const bytesOf = (floats: Float32Array | Float64Array): Buffer =>
  Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);

/** Copied, as what a database answers need not begin where numbers may. */
function floatsOf<Floats extends Float32Array | Float64Array>(
  bytes: Uint8Array,
  Kind: new (buffer: ArrayBuffer) => Floats,
): Floats {
  return new Kind(Uint8Array.from(bytes).buffer);
}
