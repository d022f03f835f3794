import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { areaUnderCurve } from "../metrics/binary.ts";
import { fitInWorker } from "../trees/fit-in-worker.ts";
import { fitClassifier } from "./fit-classifier.ts";
import { fitLinearEncoder } from "./linear-features.ts";
import { tableOf } from "./table.ts";
import { fitTreeEncoder } from "./tree-features.ts";

const column = (name: string, cells: readonly string[]) => ({ name, cells });
const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

describe("a table of text", () => {
  it("takes a column of numbers and gaps as numbers, unless told that they are names", () => {
    const cells = [column("a", ["1", "", "2.5e1"]), column("b", ["1", "x", "NA"])];
    const { columns } = tableOf(cells);
    expect(columns.map(({ kind }) => kind)).toEqual(["number", "category"]);
    expect([...(columns[0] as { values: Float64Array }).values]).toEqual([1, NaN, 25]);
    expect(tableOf(cells, new Set(["a"])).columns[0]).toMatchObject({
      kind: "category",
      levels: ["1", "2.5e1"],
    });
  });
});

describe("a column of numbers as people write them", () => {
  it("knows signs of money, commas between thousands and percents, and keeps infinite ones out", () => {
    const cells = [
      "$1,234.50",
      "-€12",
      "1,000,000",
      "7 %",
      " 3 ",
      "1e300",
      ...Array.from({ length: 60 }, (_, at) => String(at)),
    ];
    const [own] = tableOf([column("a", [...cells, "Infinity"])]).columns;
    expect(own).toMatchObject({ kind: "number", strays: 1 });
    const values = [...(own as { values: Float64Array }).values];
    expect(values.slice(0, 5)).toEqual([1_234.5, -12, 1_000_000, 7, 3]);
    expect(Math.fround(values[5]!)).toBeLessThan(Infinity);
    expect(values.at(-1)).toBeNaN();
  });

  it("takes a few words among many numbers for gaps, and a few numbers among words for words", () => {
    const numbers = Array.from({ length: 95 }, (_, at) => String(at * 1.5));
    const words = (count: number) => Array.from({ length: count }, () => "unknown");
    expect(tableOf([column("a", [...numbers, ...words(5)])]).columns[0]).toMatchObject({
      kind: "number",
      strays: 5,
    });
    expect(tableOf([column("a", [...numbers, ...words(20)])]).columns[0]!.kind).toBe("category");
    // Ten sizes and an "XL" are sizes.
    const sizes = [...Array.from({ length: 99 }, (_, at) => String(36 + (at % 10))), "XL"];
    expect(tableOf([column("a", sizes)]).columns[0]!.kind).toBe("category");
  });
});

describe("a column of dates", () => {
  it("is its day, its month and its day of the week", () => {
    const { columns } = tableOf([
      column("at", ["1970-01-03", "", "2024-02-29 12:00", "2024-03-01T00:00:00Z"]),
    ]);
    expect(columns.map(({ name }) => name)).toEqual(["at", "at: month", "at: weekday"]);
    const values = columns.map((own) => [...(own as { values: Float64Array }).values]);
    expect(values).toEqual([
      [2, NaN, 19_782.5, 19_783],
      [1, NaN, 2, 3],
      [6, NaN, 4, 5],
    ]);
  });

  it("stays words where one cell is no date", () => {
    expect(tableOf([column("at", ["2024-01-01", "2024-13-01"])]).columns[0]!.kind).toBe("category");
  });
});

describe("features of trees", () => {
  it("show no row the mean of its own label", () => {
    // Every level comes once: its mean without its own row is the mean of all.
    const cells = Array.from({ length: 40 }, (_, row) => `level ${row}`);
    const labels = cells.map((_, row) => row % 2);
    const encoder = fitTreeEncoder(tableOf([column("a", cells)]), labels, all(40));
    const means = [...encoder.learned().values].filter((_, at) => at % 2 === 0);
    expect(new Set(means)).toEqual(new Set([0.5]));
  });

  it("give a level that was never seen the overall mean", () => {
    const cells = Array.from({ length: 60 }, (_, row) => `level ${row % 20}`);
    const table = tableOf([column("a", [...cells, "new"])]);
    const labels = [...cells.map((_, row) => (row % 20 < 5 ? 1 : 0)), 1];
    const [mean, count] = fitTreeEncoder(table, labels, all(60)).encode([60]).values;
    expect([mean, count]).toEqual([0.25, 0]);
  });
});

describe("features of a linear model", () => {
  const noLabels = new Uint8Array(83);

  it("bend at quantiles, and tell a missing number from all that are known", () => {
    const cells = [...Array.from({ length: 81 }, (_, row) => String(row)), "", "999"];
    const encoder = fitLinearEncoder(tableOf([column("a", cells)]), noLabels, all(82));
    const entriesOf = (row: number): [number, number][] => {
      const { index, value } = encoder.encode([row]);
      return [...index].map((place, at) => [place, value[at]!]);
    };
    // A line, nine knots at 0, 10, .. 80, and whether the number is missing.
    expect(encoder.width).toBe(1 + 9 + 1);
    expect(entriesOf(25)).toEqual([
      [0, 25 / 80 - 0.5],
      [3, 0.5],
      [4, 0.5],
    ]);
    expect(entriesOf(81)).toEqual([[10, 1]]);
    // Beyond the last knot a number counts as lying on it.
    expect(entriesOf(82)).toEqual(entriesOf(80));
  });

  it("are one number a column where levels are many, and a weight a level for columns of few", () => {
    const levelsOf = (levels: number) => Array.from({ length: 2_400 }, (_, row) => `level ${row % levels}`);
    const labels = Array.from({ length: 2_400 }, (_, row) => row % 2);
    const widthOf = (...levels: number[]) =>
      fitLinearEncoder(
        tableOf(levels.map((count, at) => column(`${at}`, levelsOf(count)))),
        labels,
        all(2_400),
      ).width;
    expect([widthOf(256), widthOf(257), widthOf(2_400)]).toEqual([256, 1, 1]);
    // The room goes to those with the fewest levels, wherever they stand.
    expect(widthOf(240, 12, 8, 3)).toBe(1 + 12 + 8 + 3);
  });

  it("show no row its own label by the number of its level, and say nothing of a level never seen", () => {
    const cells = Array.from({ length: 600 }, (_, row) => `level ${row % 300}`);
    const labels = cells.map((_, row) => ((row % 300) % 4 === 0 ? 1 : 0));
    const encoder = fitLinearEncoder(tableOf([column("a", [...cells, "new"])]), [...labels, 1], all(600));
    // Rows r and r + 300 share a level and, 300 being a multiple of 5, a part: neither is told of the other.
    expect([...encoder.learned().value]).toEqual([]);
    const told = encoder.encode([0, 1, 600]);
    const logOdds = (share: number) => Math.log(share / (1 - share));
    expect([...told.offsets]).toEqual([0, 1, 2, 2]);
    expect(told.value[0]).toBeCloseTo(logOdds((2 + 5) / 22) - logOdds(0.25), 5);
    expect(told.value[1]).toBeCloseTo(logOdds(5 / 22) - logOdds(0.25), 5);
  });
});

/** Twice the same chance where exactly one of two marks is there, with a name of many levels and gaps as noise. */
function eitherOr(rows: number) {
  const rng = seededRng(9);
  const marks = Array.from({ length: rows }, () => [rng.int(2), rng.int(2)] as const);
  const labels = marks.map(([a, b]) => (rng.next() < (a === b ? 0.2 : 0.7) ? 1 : 0));
  const table = tableOf([
    column(
      "a",
      marks.map(([a]) => (a ? "yes" : "no")),
    ),
    column(
      "b",
      marks.map(([, b]) => String(b)),
    ),
    column(
      "noise",
      marks.map(() => (rng.next() < 0.1 ? "" : rng.normal().toFixed(3))),
    ),
    column(
      "place",
      marks.map(() => `place ${rng.int(40)}`),
    ),
  ]);
  return { table, labels };
}

describe("a classifier", () => {
  const { table, labels } = eitherOr(1_200);
  const learned = all(800);
  const held = Int32Array.from({ length: 400 }, (_, at) => 800 + at);
  const heldLabels = labels.slice(800);

  it("learns what no sum of marks can say, is the same for a seed, in threads too, and reads no label but its own", async () => {
    const classifier = await fitClassifier(table, labels, learned, { model: "gbdt" });
    const told = classifier.predict(held);
    expect(areaUnderCurve(told, heldLabels)).toBeGreaterThan(0.7);
    const poisoned = labels.map((label, row) => (row < 800 ? label : 1 - label));
    const again = await fitClassifier(table, poisoned, learned, { model: "gbdt", fitTrees: fitInWorker });
    expect(again.predict(held)).toEqual(told);
  }, 60_000);

  it("gives the member that knows nothing no say", async () => {
    const { report, predict } = await fitClassifier(table, labels, learned);
    const ofTrees = Object.entries(report.members).filter(([name]) => name.startsWith("gbdt"));
    expect(ofTrees.reduce((sum, [, weight]) => sum + weight, 0)).toBeGreaterThan(0.8);
    expect(Object.values(report.members).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect([...predict(held)].every((p) => p > 0 && p < 1)).toBe(true);
  }, 60_000);

  it("learns from a column of a thousand levels by logistic regression", async () => {
    const rng = seededRng(4);
    const levels = Array.from({ length: 6_000 }, () => rng.int(1_000));
    const marks = levels.map((level) => (rng.next() < (level % 2 === 0 ? 0.85 : 0.15) ? 1 : 0));
    const places = tableOf([
      column(
        "place",
        levels.map((level) => `place ${level}`),
      ),
    ]);
    const { predict } = await fitClassifier(places, marks, all(5_000), { model: "logistic" });
    const asked = Int32Array.from({ length: 1_000 }, (_, at) => 5_000 + at);
    expect(areaUnderCurve(predict(asked), marks.slice(5_000))).toBeGreaterThan(0.75);
  });

  it.each([
    ["few rows", all(20)],
    ["one class", Int32Array.from(learned.filter((row) => labels[row] === 1))],
    ["no row", new Int32Array(0)],
  ])("tells everybody the same share after %s", async (_, rows) => {
    const told = (await fitClassifier(table, labels, rows)).predict(held);
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toBeGreaterThan(0);
    expect(told[0]).toBeLessThan(1);
  });
});
