import { expect, it } from "vitest";
import { customersView, groupsView } from "./customer-words.ts";

const computedAt = "2026-11-26T04:00:00.000Z";
const told = { kind: "told", customers: 40, salesCents: 123_456, costedShare: 0.9, computedAt } as const;
const valuesOf = (view: ReturnType<typeof customersView>): string[] => view!.tiles.map(({ value }) => value);

it("tells what is left of the sales where costs are known, a shopper to the cent and all together without", () => {
  const view = customersView({ ...told, marginCents: 61_540, atRisk: { customers: 12, lostCents: 4_210 } });
  expect(valuesOf(view)).toEqual(["40", "1,235", "615", "15.39"]);
  expect(view!.notes).toEqual([
    "The cost is known of 90\u00a0% of what you sold; the rest is taken to leave as much.",
    "12 of them may stay away; about 42 of what is left is likely to go with them.",
  ]);
});

it("tells sales alone where costs are missing, and says what it takes", () => {
  const view = customersView({ ...told, costedShare: 0.2 });
  expect(valuesOf(view)).toEqual(["40", "1,235", "30.86"]);
  expect(view!.notes[0]).toBe(
    "The cost is known of 20\u00a0% of what you sold. From half of it on, what is left of the sales is told as well.",
  );
  expect(view!.notes[1]).toContain("Fewer than ten");
});

it("tells nothing of too few", () => {
  expect(customersView({ kind: "too-few", needed: 10, computedAt: null })).toBeUndefined();
});

it("tells how often shoppers are expected, and how much of the money comes from who comes often", () => {
  const groups = [
    { group: "often", people: 20, cents: 7_500 },
    { group: "now and then", people: 30, cents: 2_000 },
    { group: "hardly", people: 50, cents: 500 },
  ] as const;
  const { bars, summary } = groupsView([...groups]);
  expect(bars.map(({ value }) => value)).toEqual([20, 30, 50]);
  expect(summary).toBe("75\u00a0% of the money is expected from 20 shoppers who come often.");
  expect(groupsView([{ group: "hardly", people: 50, cents: 500 }]).summary).toBe("Nobody is expected often.");
});
