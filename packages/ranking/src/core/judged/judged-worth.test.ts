import { describe, expect, it } from "vitest";
import { JudgedWorth, judgedWorthCount, judgedWorthNames } from "./judged-worth.ts";
import type { JudgedCandidates } from "./judged-worth.ts";
import { fitSparseRidge, sumAt } from "./sparse-ridge.ts";
import { WordColumns } from "./word-columns.ts";

const rows = [[0], [0, 1], [1, 2]].map((columns) => Int32Array.from(columns));

describe("ridge regression on words", () => {
  it("is the solution of the normal equations", () => {
    const [a, b, c] = fitSparseRidge({ columnCount: 3, rows }, [1, 2, 4], 0.5, 50);
    // X'X = [[2, 1, 0], [1, 2, 1], [0, 1, 1]], X'y = [3, 6, 4].
    expect(2.5 * a! + b!).toBeCloseTo(3, 6);
    expect(a! + 2.5 * b! + c!).toBeCloseTo(6, 6);
    expect(b! + 1.5 * c!).toBeCloseTo(4, 6);
  });

  it("believes half of what as many rows as the penalty say", () => {
    const four = Array.from({ length: 4 }, () => Int32Array.of(0));
    expect(fitSparseRidge({ columnCount: 1, rows: four }, [3, 3, 3, 3], 4)[0]).toBeCloseTo(1.5, 9);
  });

  it("says nothing of columns that no row holds, nor of those beyond it", () => {
    const weights = fitSparseRidge({ columnCount: 4, rows }, [1, 2, 4], 1);
    expect(weights[3]).toBe(0);
    expect(sumAt(Int32Array.of(3, 99), weights)).toBe(0);
    expect([...fitSparseRidge({ columnCount: 2, rows: [] }, [], 1)]).toEqual([0, 0]);
  });
});

const titles = [
  "Wet and dry vacuum",
  "Vacuum hose",
  "Drywall sander",
  "Shop vacuum",
  "Belt sander",
  "Garden rake",
].map((title) => ({ title }));

/** Beside "aspiradora" people are pleased by vacuums and by nothing else. */
function lessons(columns: WordColumns): JudgedCandidates[] {
  return ["aspiradora", "aspiradora grande", "aspiradora casa"].flatMap((query) =>
    Array.from({ length: 40 }, () => ({
      documents: [0, 2],
      worded: columns.read(query, [0, 2]),
      surprises: [1, -1],
    })),
  );
}

function worthOf(query: string, documents: readonly number[]): Record<string, number>[] {
  const columns = new WordColumns(titles);
  const worth = new JudgedWorth(columns, lessons(columns));
  const out = new Float32Array(documents.length * judgedWorthCount);
  worth.write(documents, columns.read(query, documents), out, 0, judgedWorthCount);
  return documents.map((_, row) =>
    Object.fromEntries(judgedWorthNames.map((name, at) => [name, out[row * judgedWorthCount + at]!])),
  );
}

describe("what judgements of other queries say", () => {
  it("finds words that mean a word of the query in titles that nobody judged", () => {
    const [vacuum, sander, rake] = worthOf("aspiradora", [3, 4, 5]);
    expect(vacuum!["pairWorth"]).toBeGreaterThan(0.1);
    expect(sander!["pairWorth"]).toBeLessThan(-0.1);
    // Neither word of the rake was seen; what is left is that its title lacks the query's word.
    expect(rake!["pairWorth"]).toBeLessThan(vacuum!["pairWorth"]!);
    expect(rake!["pairWorth"]).toBeGreaterThan(sander!["pairWorth"]!);
  });

  it("knows of a pair nothing where the query has other words", () => {
    expect(worthOf("llave", [3])[0]!["pairWorth"]).toBe(0);
  });

  it("knows what words of a title are worth whatever is asked for", () => {
    const [vacuum, sander] = worthOf("llave", [3, 4]);
    expect(vacuum!["wordWorth"]).toBeGreaterThan(sander!["wordWorth"]!);
  });

  it("remembers titles, and more where the queries were alike", () => {
    const [seen, unseen] = worthOf("aspiradora", [0, 3]);
    expect(seen!["titleWorth"]).toBeCloseTo(120 / 122, 5);
    expect(seen!["titleWorthHere"]).toBeGreaterThan(worthOf("llave", [0])[0]!["titleWorthHere"]!);
    expect(worthOf("llave", [0])[0]!["titleWorthHere"]).toBe(0);
    expect(unseen!["titleWorth"]).toBeNaN();
    expect(unseen!["titleWorthHere"]).toBeNaN();
  });

  it("is nothing where nobody judged anything", () => {
    const columns = new WordColumns(titles);
    const out = new Float32Array(judgedWorthCount + 1);
    new JudgedWorth(columns, []).write([0], columns.read("vacuum", [0]), out, 1, judgedWorthCount);
    expect([...out]).toEqual([0, NaN, NaN, 0, 0]);
  });
});
