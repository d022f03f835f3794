import { expect, it } from "vitest";
import { categoryOfQuery } from "./query-category.ts";
import type { World } from "./world.ts";

/** As much of a world as a search is looked up in. */
function worldOf(names: Readonly<Record<string, string>>): World {
  const products = Object.entries(names).map(
    ([name, category]) => [name, { source: { name }, snapshot: { category } }] as const,
  );
  const world = { products: new Map(products), snapshot: { categories: new Set(Object.values(names)) } };
  return world as unknown as World;
}

it("is the category whose products or whose own name hold most of a search's words, however often it is asked", () => {
  const world = worldOf({
    "Heirloom tomatoes": "vegetables",
    "Tomato cheese": "cheese",
    Gouda: "cheese",
    Tomatoes: "vegetables",
  });
  for (let round = 0; round < 2; round++) {
    expect(categoryOfQuery(world, "tomato")).toBe("vegetables");
    expect(categoryOfQuery(world, "Tomato gouda")).toBe("cheese");
    expect(categoryOfQuery(world, "motor oil")).toBeUndefined();
  }
});

it("is another world's own answer", () => {
  expect(categoryOfQuery(worldOf({ Gouda: "cheese" }), "gouda")).toBe("cheese");
  expect(categoryOfQuery(worldOf({ "Gouda mustard": "pantry" }), "gouda")).toBe("pantry");
});
