import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { chooseNetwork } from "./choose-members.ts";

const rng = seededRng(3);
const weeksOf = (mean: number, spread: number, weeks = 8): number[] =>
  Array.from({ length: weeks }, () => mean + spread * rng.normal());

describe("the choice between the network and the harmonic regression", () => {
  it("goes with the mean of all where products differ by chance alone", () => {
    const gains = (mean: number) =>
      Array.from({ length: 40 }, (_, at) => ({ product: `p${at}`, differences: weeksOf(mean, 0.3) }));
    const better = gains(0.06);
    expect(
      better.filter(({ differences }) => differences.reduce((a, b) => a + b) < 0).length,
    ).toBeGreaterThan(3);
    expect(chooseNetwork(better).size).toBeGreaterThan(35);
    expect(chooseNetwork(gains(-0.06)).size).toBeLessThan(5);
  });

  it("tells products apart where they do differ", () => {
    const gains = Array.from({ length: 40 }, (_, at) => ({
      product: `p${at}`,
      differences: weeksOf(at % 2 === 0 ? 0.2 : -0.1, 0.05),
    }));
    const chosen = chooseNetwork(gains);
    expect(gains.filter(({ product }, at) => chosen.has(product) === (at % 2 === 0))).toHaveLength(40);
  });

  it("chooses none of nothing", () => {
    expect(chooseNetwork([]).size).toBe(0);
    expect(chooseNetwork([{ product: "p", differences: [] }]).size).toBe(0);
  });
});
