import type { Category } from "./things.ts";

/**
 * The categories a new installation starts with, the broad ones first, since the shop's navigation shows the first that
 * are stocked. Those of the four-season map keep the map's names, so that it finds
 * them.
 */
export const standardCategories: readonly Category[] = (
  [
    ["vegetables", "Vegetables", "carrot"],
    ["fruits", "Fruits", "peach"],
    ["dairy", "Dairy", "glass-of-milk"],
    ["bakery", "Bakery", "bread"],
    ["greens", "Greens", "leafy-green"],
    ["herbs", "Herbs", "herb"],
    ["root-vegetables", "Root Vegetables", "beetroot"],
    ["squash", "Squash", "butternut-squash"],
    ["pumpkins", "Pumpkins", "pumpkin"],
    ["mushrooms", "Mushrooms", "brown-mushroom"],
    ["berries", "Berries", "strawberry"],
    ["apples", "Apples", "red-apple"],
    ["melons", "Melons", "melon"],
    ["citrus", "Citrus", "lemon"],
    ["cheese", "Cheese", "cheese-wedge"],
    ["eggs", "Eggs", "egg"],
    ["meat", "Meat", "cut-of-meat"],
    ["poultry", "Poultry", "poultry-leg"],
    ["fish", "Fish", "fish"],
    ["grains", "Grains", "sheaf-of-rice"],
    ["preserved", "Preserved", "jar"],
    ["honey", "Honey", "honey-pot"],
    ["drinks", "Drinks", "bottle-with-popping-cork"],
    ["flowers", "Flowers", "bouquet"],
    ["plants", "Plants", "potted-plant"],
    ["other", "Other", "basket"],
  ] as const
).map(([slug, name, picture], position) => ({ slug, name, picture, position }));

/** Categories of what is made, kept or bought, also those of other installations that go by these names. */
const madeCategories: ReadonlySet<string> = new Set([
  "bakery",
  "bread",
  "cheese",
  "dairy",
  "drinks",
  "eggs",
  "fish",
  "honey",
  "meat",
  "poultry",
  "preserved",
]);

/** Whether a product is picked, so that there can be more of it by picking more: it has a crop, and is not made of it. */
export const isPicked = ({ crop, category }: { readonly crop: string; readonly category: string }): boolean =>
  crop !== "" && !madeCategories.has(category);
