import type { ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { stockLedger, type StockRow } from "./stock-ledger.ts";

const tomato = "tomato" as ProductId;
const corn = "corn" as ProductId;
const at = (time: string): Date => new Date(`2025-08-16T${time}:00Z`);
const row = (productId: ProductId, deltaBase: number, time: string): StockRow => ({
  productId,
  deltaBase,
  reason: deltaBase > 0 ? "harvest" : "sale",
  orderLineId: null,
  note: "",
  at: at(time),
});
const told = (rows: readonly StockRow[]) =>
  rows.map((one) => `${one.at.toISOString().slice(11, 16)} ${one.productId} ${one.deltaBase}`);

describe("the stock ledger of a generated world", () => {
  it("is written in the order in which it happened", () => {
    const rows = [row(tomato, -3, "09:00"), row(corn, 8, "08:30"), row(tomato, 5, "08:00")];
    expect(told(stockLedger(rows, []))).toEqual(["08:00 tomato 5", "08:30 corn 8", "09:00 tomato -3"]);
  });

  it("counts a sold-out stall at nothing, and what is kept for orders when the market is over", () => {
    const rows = [
      row(tomato, 5, "08:00"),
      row(corn, 8, "08:00"),
      row(corn, -1, "11:00"),
      row(tomato, -5, "15:00"),
    ];
    const ledger = stockLedger(rows, [{ productId: tomato, at: at("10:00"), until: at("13:00") }]);
    expect(told(ledger)).toEqual([
      "08:00 tomato 5",
      "08:00 corn 8",
      "10:00 tomato -5",
      "11:00 corn -1",
      "13:00 tomato 5",
      "15:00 tomato -5",
    ]);
    expect(ledger[2]).toMatchObject({ reason: "recount", note: "sold out at the stall" });
  });

  it("counts the barn sooner where an order takes of it", () => {
    const rows = [row(tomato, 5, "08:00"), row(tomato, -2, "12:00"), row(tomato, -3, "14:00")];
    expect(told(stockLedger(rows, [{ productId: tomato, at: at("10:00"), until: at("13:00") }]))).toEqual([
      "08:00 tomato 5",
      "10:00 tomato -5",
      "12:00 tomato 5",
      "12:00 tomato -2",
      "14:00 tomato -3",
    ]);
  });

  it("says nothing of a stall that was sold out with an empty barn", () => {
    const rows = [row(tomato, 5, "08:00"), row(tomato, -5, "09:00")];
    expect(stockLedger(rows, [{ productId: tomato, at: at("10:00"), until: at("13:00") }])).toHaveLength(2);
  });

  it("never falls below zero, however many stalls run out on one day", () => {
    const rows = [row(tomato, 5, "08:00"), row(corn, 4, "08:00"), row(corn, -4, "11:00")];
    const empty = [corn, tomato, corn].map((productId, n) => ({
      productId,
      at: at(`10:0${n}`),
      until: at("13:00"),
    }));
    let least = 0;
    for (const product of [tomato, corn]) {
      let sum = 0;
      for (const one of stockLedger(rows, empty).filter(({ productId }) => productId === product))
        least = Math.min(least, (sum += one.deltaBase));
    }
    expect(least).toBe(0);
  });
});
