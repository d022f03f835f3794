import { describe, expect, it } from "vitest";
import { pastAdvice } from "./past-advice.ts";

type Row = Parameters<typeof pastAdvice>[0][number];

const now = new Date("2025-08-17T13:00:00Z");
const row = (productName: string, about: Partial<Row>): Row =>
  ({
    id: productName,
    type: "BRING_TO_MARKET",
    productName,
    baseUnit: "g",
    marketDay: "2025-08-16",
    marketName: "Riverside",
    recommendedBase: 30_000,
    priority: "MEDIUM",
    gainCents: null,
    details: { kind: "sell-out" },
    validUntil: "2025-08-16T17:00:00Z",
    rejectionReason: null,
    doneAt: null,
    isTask: false,
    isUndoable: false,
    ending: null,
    ...about,
  }) as unknown as Row;

describe("advice whose day is over", () => {
  it("is counted by what came of it, and each says what it was", () => {
    const past = [
      row("Heirloom tomatoes", { status: "ACCEPTED" }),
      row("Celeriac", { status: "REJECTED", rejectionReason: "too_much_work" }),
      row("Leeks", { status: "EXPIRED" }),
      row("Turnips", { status: "EXPIRED" }),
    ];
    expect(pastAdvice(past, now)).toEqual({
      summary: "1 done, 1 turned down, 2 ran out without an answer",
      rows: [
        { id: "Heirloom tomatoes", words: "Bring, Sat 16 Aug: Heirloom tomatoes, 30 kg — done" },
        { id: "Celeriac", words: "Bring, Sat 16 Aug: Celeriac, 30 kg — turned down: too much work" },
        { id: "Leeks", words: "Bring, Sat 16 Aug: Leeks, 30 kg — ran out without an answer" },
        { id: "Turnips", words: "Bring, Sat 16 Aug: Turnips, 30 kg — ran out without an answer" },
      ],
    });
  });

  it("counts nothing as done for a market day that was cancelled", () => {
    const past = [
      row("Leeks", { status: "ACCEPTED" }),
      row("Turnips", { status: "ACCEPTED", isTask: true, type: "HARVEST_MORE", ending: "day" }),
      row("Kale", { status: "REJECTED", ending: "day" }),
    ];
    const { summary, rows } = pastAdvice(past, now)!;
    expect(summary).toBe("1 done, 1 no longer needed, 1 turned down");
    expect(rows[1]!.words).toBe(
      "Harvest more, Sat 16 Aug: Turnips, 30 kg — no longer needed: the market day is cancelled",
    );
  });

  it("is nothing where none was", () => {
    expect(pastAdvice([], now)).toBeNull();
  });
});
