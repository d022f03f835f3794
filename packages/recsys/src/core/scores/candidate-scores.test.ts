import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { packCsr } from "../snapshot/csr.ts";
import { diversify } from "../slate/diversity.ts";
import { fuse } from "./fusion.ts";
import { orderScores } from "./score-order.ts";
import type { AlgorithmName, ScoredCandidates } from "../types.ts";

const kindCount = 9;

/** Four lists that name one by one, and between them one that scores by kind: with its kinds, or spelled out. */
function lists(seed: number, productCount: number, { spelledOut }: { spelledOut: boolean }) {
  const rng = seededRng(seed);
  const share = rng.pick([0, 0.02, 0.4]);
  const oneByOne = (algorithm: AlgorithmName): ScoredCandidates => {
    const products = [...Array(productCount).keys()].filter(() => rng.next() < share);
    const scores = products.map(() => rng.int(40) / 40);
    return { algorithm, reason: "COLLABORATIVE", products, scores, confidences: products.map(() => 1) };
  };
  const before = [oneByOne("collaborative_filtering"), oneByOne("content_based"), oneByOne("trending")];
  const kindOf = Uint16Array.from({ length: productCount }, () => rng.int(kindCount));
  const scoreOfKind = Float64Array.from({ length: kindCount }, () => rng.next());
  const products = Int32Array.from([...kindOf.keys()].filter((product) => kindOf[product] !== 0));
  const kinds = products.map((product) => kindOf[product]!);
  const byKind: ScoredCandidates = {
    algorithm: "seasonal",
    reason: "SEASONAL",
    products,
    scores: Float64Array.from(kinds, (kind) => scoreOfKind[kind]!),
    confidences: new Float64Array(products.length).fill(0.5),
    ...(!spelledOut && {
      kinds: { kindOf, scoreOfKind, productsOfKind: packCsr(kindCount, kinds, products) },
    }),
  };
  return [...before, byKind, oneByOne("user_behavior")];
}

const everyProduct = (count: number): number[] => [...Array(count).keys()];

describe("scores by kind", () => {
  it("are, to the last bit, those of the same lists spelled out, and so are order and reasons", () => {
    for (let turn = 0; turn < 40; turn++) {
      const count = [30, 800, 4_000][turn % 3]!;
      const all = everyProduct(count);
      const answers = [true, false].map((spelledOut) => {
        const fusion = fuse(lists(turn, count, { spelledOut }), count);
        for (const product of [3, 7, 11]) fusion.scores.leaveOut(product);
        const scores = all.map((product) => fusion.scores.at(product));
        const order = orderScores(fusion.scores).take(count);
        const explained = fusion.explainAll(order.slice(0, 40));
        return { scores, order, explained };
      });
      expect(answers[1], `turn ${turn}`).toEqual(answers[0]);
      expect(answers[1]!.order).not.toContain(7);
    }
  });

  it("lead to the same places", () => {
    for (let turn = 0; turn < 30; turn++) {
      const count = 2_000;
      const rng = seededRng(`columns/${turn}`);
      const column = (kinds: number): number[] => everyProduct(count).map(() => rng.int(kinds));
      const columns = {
        farm: column(30),
        category: column(8),
        priceTercile: column(3),
        isNewFarm: column(2),
      };
      const [spelledOut, byKind] = [true, false].map((isSpelledOut) =>
        diversify({
          ...columns,
          scores: fuse(lists(turn, count, { spelledOut: isSpelledOut }), count).scores,
          limit: 30,
          isAvailable: (product) => product % 3 > 0,
          rng: seededRng(turn),
        }),
      );
      expect(byKind, `turn ${turn}`).toEqual(spelledOut);
    }
  });

  it("can be spread out into an array, in which they may be changed", () => {
    const { scores } = fuse(lists(5, 800, { spelledOut: false }), 800);
    scores.leaveOut(4);
    const before = everyProduct(800).map((product) => scores.at(product));
    const values = scores.spreadOut();
    expect([...values]).toEqual(before);
    values[9] = 3;
    expect(scores.at(9)).toBe(3);
    expect(orderScores(scores).first()).toBe(9);
  });
});
