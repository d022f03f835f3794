import { describe, expect, it } from "vitest";
import { autoRecipes, decayRecipes } from "./recipes.ts";

const grid = { lambdas: [300], dimensions: 16 };

describe("what auto compares", () => {
  it("is every blend at each decay, and popular items once, which no decay changes", () => {
    const recipes = autoRecipes(grid, [0.6, 1]);
    const names = recipes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe("popular");
    const faded = names.filter((name) => name.endsWith(" decay 0.6"));
    expect(names.slice(1 + faded.length)).toEqual(faded.map((name) => name.replace(" decay 0.6", "")));
    expect(faded).toContain("hybrid ease 300 ials knn 0.3 decay 0.6");
    expect(recipes.every(({ name, historyDecay }) => (historyDecay === 0.6) === faded.includes(name))).toBe(
      true,
    );
  });

  it("is first how a history fades, for item-kNN and for EASE by themselves", () => {
    const recipes = decayRecipes(grid, "ease", [1, 0.5]);
    expect(recipes.map(({ historyDecay, members }) => [historyDecay, members[0]!.model])).toEqual([
      [1, "ease"],
      [0.5, "ease"],
    ]);
  });
});
