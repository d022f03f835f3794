import { describe, expect, it } from "vitest";
import { StatementHabits } from "./statement-habits.ts";

describe("statements that are prepared", () => {
  it("are those that come for the third time", () => {
    const habits = new StatementHabits();
    expect([1, 2, 3, 4].map(() => habits.isUsual("select 1"))).toEqual([false, false, true, true]);
    expect(habits.isUsual("select 2")).toBe(false);
  });

  it("are no more than a connection can hold", () => {
    const habits = new StatementHabits();
    const texts = Array.from({ length: 300 }, (_, n) => `select ${n}`);
    const prepared = texts.filter((text) => [1, 2, 3].map(() => habits.isUsual(text)).at(-1));
    expect(prepared).toHaveLength(128);
    expect(habits.isUsual("select 0")).toBe(true);
    expect(habits.isUsual("select 299")).toBe(false);
  });

  it("are not those that hundreds of others come between", () => {
    const habits = new StatementHabits();
    for (let turn = 0; turn < 5; turn++) {
      expect(habits.isUsual("select rare")).toBe(false);
      for (let n = 0; n < 600; n++) habits.isUsual(`select ${turn}/${n}`);
    }
  });
});
