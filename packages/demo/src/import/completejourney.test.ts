import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { rows } from "@almanac/db";
import { ledgerEntries, markets, orderLines, orders, stockEntries, stockLevels } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { shiftedClock } from "@almanac/kernel";
import { importCompleteJourney } from "./completejourney.ts";
import { receiptFolder, receiptRows } from "./testing/receipt-folder.ts";

const options = { clock: shiftedClock(new Date("2026-11-22T12:00:00Z")), onProgress: () => {} };

describeOnEveryDatabase("importing receipts", (database) => {
  it("writes collected orders with what was paid, moved by whole weeks, originals kept", async () => {
    await using folder = await receiptFolder();
    const { handle } = database;
    const report = await importCompleteJourney(handle, folder.path, options);
    expect(report).toMatchObject({
      alreadyImported: false,
      rows: 6,
      zeroQuantity: 1,
      unlistedProduct: 1,
      shoppers: 2,
      products: 2,
      variants: 3,
      orders: 3,
      lines: 4,
    });
    const written = await handle.db.select().from(orders).orderBy(orders.placedAt);
    expect(written.map(({ totalCents, status }) => [totalCents, status])).toEqual([
      [549, "collected"],
      [250, "collected"],
      [180, "collected"],
    ]);
    for (const { placedAt, originalPlacedAt } of written) {
      expect(placedAt.getTime() - originalPlacedAt!.getTime()).toBe(report.weeksMoved * 7 * 86_400_000);
    }
    const newest = written.at(-1)!.placedAt.getTime();
    const now = options.clock.now().getTime();
    expect(newest).toBeLessThanOrEqual(now);
    expect(now - newest).toBeLessThan(7 * 86_400_000);
  });

  it("keeps the books: every order sums to zero, the stock is what its entries say", async () => {
    await using folder = await receiptFolder();
    const { db } = database.handle;
    await importCompleteJourney(database.handle, folder.path, options);
    const sums = await rows<{ sum: number }>(
      db,
      sql`select sum(amount_cents)::int as sum from ${ledgerEntries} group by order_id`,
    );
    expect(sums.map(({ sum }) => sum)).toEqual([0, 0, 0]);
    const wrong = await rows(
      db,
      sql`select 1 from ${stockLevels} l where on_hand_base <>
        (select sum(delta_base) from ${stockEntries} e where e.product_id = l.product_id)`,
    );
    expect(wrong).toEqual([]);
  });

  it("changes nothing the second time, and refuses other files", async () => {
    await using folder = await receiptFolder();
    await importCompleteJourney(database.handle, folder.path, options);
    const again = await importCompleteJourney(database.handle, folder.path, options);
    expect(again).toMatchObject({ alreadyImported: true, orders: 3 });
    expect(await database.handle.db.$count(orders)).toBe(3);
    await using other = await receiptFolder({ receipts: receiptRows.slice(0, 2) });
    await expect(importCompleteJourney(database.handle, other.path, options)).rejects.toThrow("other files");
  });

  it("takes a product that was scanned twice for one line with the sums of both", async () => {
    await using folder = await receiptFolder({ receipts: [receiptRows[0]!, receiptRows[0]!] });
    await importCompleteJourney(database.handle, folder.path, options);
    const lines = await database.handle.db.select().from(orderLines);
    expect(lines).toMatchObject([{ quantity: 4, totalCents: 600, discountCents: 200, unitPriceCents: 200 }]);
  });

  it("writes nothing at all when one row is malformed", async () => {
    await using folder = await receiptFolder({ receipts: [...receiptRows, "1,9,x"] });
    await expect(importCompleteJourney(database.handle, folder.path, options)).rejects.toThrow(
      "train.csv.gz, line 8: 3 cells where the header has 11",
    );
    expect(await database.handle.db.$count(markets)).toBe(0);
  });
});
