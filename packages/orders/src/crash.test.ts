import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, type DatabaseHandle } from "@almanac/db";
import { orders, simulatedCharges } from "@almanac/db/schema";
import { runAndKill } from "@almanac/db/testing";
import { silentLogger } from "@almanac/trpc";
import { createPaymentSimulator } from "./payment-simulator.ts";
import { checkBooks } from "./store/books.ts";
import { shopperIdsOf, stall, stallClock } from "./testing.ts";
import type { Trade } from "./trade.ts";
import { placeOrder } from "./workflows/place.ts";

const shop = fileURLToPath(new URL("./fixtures/crashing-shop.ts", import.meta.url));

describe("a process killed with -9 while orders are placed (PGlite)", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "almanac-crash-"));
    expect((await runShop("open")).signal).toBeNull();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the shop until it ends, or kills it once it has acknowledged `killAfter` orders. */
  async function runShop(mode: string, killAfter = Infinity) {
    const when = (lines: readonly string[]): boolean => lines.length >= killAfter;
    const { lines: acknowledged, signal } = await runAndKill([shop, join(folder, "db"), mode], { when });
    return { acknowledged, signal };
  }

  async function reopened(work: (handle: DatabaseHandle, trade: Trade) => Promise<void>): Promise<void> {
    const handle = await openDatabase({ dataDir: join(folder, "db") });
    const clock = stallClock();
    try {
      await work(handle, {
        handle,
        clock,
        payments: createPaymentSimulator({ handle, clock }),
        log: silentLogger,
      });
    } finally {
      await handle.close();
    }
  }

  it(
    "resumes an order with its key, before and after the card was asked, and asks it once",
    { timeout: 120_000 },
    async () => {
      expect((await runShop("before-authorise")).signal).toBe("SIGKILL");
      expect((await runShop("after-authorise")).signal).toBe("SIGKILL");
      await reopened(async (handle, trade) => {
        expect(await handle.db.select().from(orders)).toEqual([]);
        expect(await handle.db.select().from(simulatedCharges)).toHaveLength(1);
        const [shopperId] = shopperIdsOf(1);
        const request = {
          shopperId: shopperId!,
          pickupSlotId: stall.slotId(11),
          idempotencyKey: "interrupted",
        };
        const order = await placeOrder(trade, request);
        expect(await placeOrder(trade, request)).toEqual({ ...order, isRepeat: true });
        expect(await handle.db.select().from(simulatedCharges)).toHaveLength(1);
        expect((await checkBooks(handle.db)).problems).toEqual([]);
      });
    },
  );

  it(
    "has every acknowledged order, a stock that its ledger replays, and a money ledger of zero",
    { timeout: 120_000 },
    async () => {
      const { acknowledged, signal } = await runShop("rush", 8);
      expect(signal).toBe("SIGKILL");
      await reopened(async (handle, trade) => {
        const numbers = (await handle.db.select({ number: orders.number }).from(orders)).map(
          (row) => row.number,
        );
        expect(numbers).toEqual(expect.arrayContaining([...acknowledged]));
        expect(await checkBooks(handle.db)).toMatchObject({ problems: [], ledgerSumCents: 0 });
        for (const shopperId of shopperIdsOf(24).slice(1)) {
          await placeOrder(trade, { shopperId, pickupSlotId: stall.slotId(10), idempotencyKey: "rush-key" });
        }
        expect(await handle.db.select().from(orders)).toHaveLength(24);
        expect(await handle.db.select().from(simulatedCharges)).toHaveLength(24);
        expect((await checkBooks(handle.db)).problems).toEqual([]);
      });
    },
  );
});
