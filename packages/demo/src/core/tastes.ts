import type { Rng } from "@almanac/kernel";
import type { Food } from "./foods.ts";

/** What a household cooks, which decides what it buys together. */
export const tastes = [
  "italian",
  "salad",
  "family",
  "roast",
  "breakfast",
  "grill",
  "sweet",
  "cheeseboard",
  "spice",
] as const;

export type Taste = (typeof tastes)[number];

/** How common each taste is. */
export const tasteShares: Record<Taste, number> = {
  italian: 0.16,
  salad: 0.13,
  family: 0.22,
  roast: 0.11,
  breakfast: 0.13,
  grill: 0.09,
  sweet: 0.06,
  cheeseboard: 0.06,
  spice: 0.04,
};

/** How much more a household of that taste buys of a food than the others do. */
export function affinity(food: Food, taste: Taste): number {
  return food.tastes.split(",").includes(taste) ? 6 : 1;
}

/** Who buys the first adds the second with this probability, where the same market has it. */
export const companions: readonly (readonly [crop: string, companion: string, probability: number])[] = [
  ["tomato", "basil", 0.34],
  ["tomato", "mozzarella", 0.3],
  ["basil", "mozzarella", 0.28],
  ["mozzarella", "tomato", 0.25],
  ["cherry-tomato", "basil", 0.2],
  ["egg", "sourdough", 0.22],
  ["sourdough", "butter", 0.2],
  ["strawberry", "cream", 0.28],
  ["rhubarb", "strawberry", 0.22],
  ["lettuce", "radish", 0.18],
  ["salad-mix", "cherry-tomato", 0.2],
  ["potato", "leek", 0.16],
  ["potato", "rosemary", 0.15],
  ["chicken", "rosemary", 0.22],
  ["beef", "onion", 0.22],
  ["apple", "hard-cheese", 0.15],
  ["soft-cheese", "baguette", 0.3],
  ["goat-cheese", "beetroot", 0.22],
  ["yogurt", "honey", 0.2],
  ["sweetcorn", "butter", 0.2],
  ["butternut", "kale", 0.14],
  ["cilantro", "chili", 0.24],
  ["croissant", "jam", 0.18],
  ["eggplant", "tomato", 0.25],
];

export function drawTaste(rng: Rng): Taste {
  return tastes[rng.weighted(tastes.map((taste) => tasteShares[taste]))]!;
}
