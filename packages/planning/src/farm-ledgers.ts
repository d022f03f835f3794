import type { Queryable } from "@almanac/db";
import { days, type FarmId, type MarketId, type ProductId } from "@almanac/kernel";
import type { LiveMemory, NotedChanges } from "@almanac/signals";
import { bookedDays, closedBefore, type Ledger, type MarketWindow } from "./core/ledger.ts";
import { listWindows } from "./store/demand.ts";
import { readFarmPlaces, readLedgers } from "./store/ledgers.ts";

/** What a farm's past sales and coming orders follow from, as of the moment of asking. */
export interface FarmLedgers {
  readonly marketIds: ReadonlySet<MarketId>;
  readonly windows: readonly MarketWindow[];
  readonly ledgers: ReadonlyMap<ProductId, Ledger>;
}

export interface FarmQuestion {
  readonly farmId: FarmId;
  /** Of these of its products alone. */
  readonly productIds?: readonly ProductId[];
  readonly since: Date;
  readonly now: Date;
  /** Also the lines that were ordered, of market days to come and of those that tell how orders come in. */
  readonly withLines?: boolean;
}

/** Days of sales that are remembered: as many as anybody asks for, and some to spare until they are read again. */
const keptDays = 3 * 365 + 60;
/** Closed market days of a market whose lines are read: some of the latest may not be over yet, and tell nothing. */
const readBookedDays = bookedDays + 14;
/** The same to be remembered, with some to spare. */
const keptBookedDays = readBookedDays + 14;
/** Days back from which the lines of a market day may be asked for that had no earlier one. */
const lineDays = 30;
/** Products that are remembered; those of a farm take some kilobytes each. */
const mostProducts = 5_000;

/** What is remembered, from which moment on it was read. */
interface Kept<Value> {
  readonly since: number;
  readonly value: Value;
}

interface Memory {
  readonly changes: NotedChanges;
  readonly windows: LiveMemory<"all", Kept<readonly MarketWindow[]>>;
  readonly ledgers: LiveMemory<ProductId, Kept<Ledger> & { readonly linesFrom: number }>;
}

const memories = new WeakMap<Queryable, Memory>();

/**
 * Has this process remember the sales of products that are asked for by farms, each until the database says that it has changed
 * (see decision 022). Who asks in a transaction reads by it.
 */
export function rememberSales(db: Queryable, changes: NotedChanges): void {
  const ledgers: Memory["ledgers"] = changes.remember("sales", mostProducts);
  const windows: Memory["windows"] = changes.remember("market");
  // When there was nothing to sell is told by when ordering closed and the market was open.
  changes.forgetWith("market", ledgers);
  changes.forgetWith("market", windows);
  memories.set(db, { changes, ledgers, windows });
}

/** Market days whose ordering closes after a moment, also cancelled ones, by day. */
export async function readWindows(
  db: Queryable,
  period: { since: Date; now: Date },
): Promise<readonly MarketWindow[]> {
  const memory = memories.get(db);
  if (!memory) return listWindows(db, period.since);
  await memory.changes.catchUp();
  return rememberedWindows(memory, db, period);
}

async function rememberedWindows(
  { windows }: Memory,
  db: Queryable,
  { since, now }: { since: Date; now: Date },
): Promise<readonly MarketWindow[]> {
  const kept = windows.get("all");
  if (kept && kept.since <= since.getTime()) return kept.value;
  const from = Math.min(since.getTime(), now.getTime() - days(keptDays));
  const found = await windows.fill(["all"], async () => {
    const value = await listWindows(db, new Date(from));
    return new Map([["all" as const, { since: from, value }]]);
  });
  return found.get("all")!.value;
}

/** All of a farm's products where none are named; read by a transaction where the database is one. */
export async function readFarmLedgers(db: Queryable, question: FarmQuestion): Promise<FarmLedgers> {
  const { farmId, since, now, withLines = false } = question;
  const memory = memories.get(db);
  const [{ productIds, marketIds }] = await Promise.all([
    readFarmPlaces(db, farmId),
    memory?.changes.catchUp(),
  ]);
  const wanted = question.productIds ?? productIds;
  if (!memory) {
    const windows = await listWindows(db, withLines ? new Date(now.getTime() - days(keptDays)) : since);
    const lines = withLines && { linesFrom: linesFrom(windows, marketIds, now, readBookedDays) };
    const ledgers = await readLedgers(db, wanted, { since, until: now, ...lines });
    return { marketIds, windows, ledgers };
  }
  const windows = await rememberedWindows(memory, db, { since, now });
  const least = linesFrom(windows, marketIds, now, readBookedDays).getTime();
  const ledgers = new Map<ProductId, Ledger>();
  const missing: ProductId[] = [];
  for (const id of wanted) {
    const kept = memory.ledgers.get(id);
    if (kept && kept.since <= since.getTime() && (!withLines || kept.linesFrom <= least))
      ledgers.set(id, kept.value);
    else missing.push(id);
  }
  if (missing.length > 0) {
    const from = new Date(Math.min(since.getTime(), now.getTime() - days(keptDays)));
    const ofLines = linesFrom(windows, marketIds, now, keptBookedDays);
    const found = await memory.ledgers.fill(missing, async () => {
      const read = await readLedgers(db, missing, { since: from, linesFrom: ofLines });
      return new Map(
        [...read].map(([id, value]) => [id, { since: from.getTime(), linesFrom: ofLines.getTime(), value }]),
      );
    });
    for (const [id, { value }] of found) ledgers.set(id, value);
  }
  return { marketIds, windows, ledgers };
}

/** From when on ordering closed for the market days whose lines tell how orders come in. */
function linesFrom(
  windows: readonly MarketWindow[],
  marketIds: ReadonlySet<MarketId>,
  now: Date,
  most: number,
): Date {
  const earliest = [...marketIds].flatMap(
    (marketId) => closedBefore(windows, marketId, { now, most })[0]?.closesAt ?? [],
  );
  return new Date(Math.min(now.getTime() - days(lineDays), ...earliest));
}
