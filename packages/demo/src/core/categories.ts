export interface CategorySeed {
  readonly slug: string;
  readonly name: string;
  readonly picture: string;
}

/** The names of the brief's season map first, since they are its fallback where no harvest window is known. */
export const categorySeeds = [
  { slug: "vegetables", name: "Vegetables", picture: "broccoli" },
  { slug: "greens", name: "Greens", picture: "leafy-green" },
  { slug: "herbs", name: "Herbs", picture: "herb" },
  { slug: "root-vegetables", name: "Root Vegetables", picture: "carrot" },
  { slug: "squash", name: "Squash", picture: "butternut-squash" },
  { slug: "pumpkins", name: "Pumpkins", picture: "pumpkin" },
  { slug: "mushrooms", name: "Mushrooms", picture: "brown-mushroom" },
  { slug: "fruits", name: "Fruits", picture: "peach" },
  { slug: "berries", name: "Berries", picture: "strawberry" },
  { slug: "apples", name: "Apples", picture: "red-apple" },
  { slug: "melons", name: "Melons", picture: "watermelon" },
  { slug: "citrus", name: "Citrus", picture: "lemon" },
  { slug: "eggs", name: "Eggs", picture: "egg" },
  { slug: "dairy", name: "Milk & Butter", picture: "glass-of-milk" },
  { slug: "cheese", name: "Cheese", picture: "cheese-wedge" },
  { slug: "bread", name: "Bread & Bakes", picture: "bread" },
  { slug: "meat", name: "Meat", picture: "cut-of-meat" },
  { slug: "fish", name: "Fish", picture: "fish" },
  { slug: "honey", name: "Honey", picture: "honey-pot" },
  { slug: "preserved", name: "Preserved", picture: "jar" },
  { slug: "drinks", name: "Drinks", picture: "beverage-box" },
  { slug: "flowers", name: "Flowers & Plants", picture: "bouquet" },
] as const satisfies readonly CategorySeed[];

/** As the shop lists them: what most people look for first, as its navigation has room for three. */
export const categoriesInShopOrder: readonly CategorySeed[] = [...categorySeeds].sort(
  (a, b) => rankOf(a.slug) - rankOf(b.slug),
);

function rankOf(slug: string): number {
  const place = ["vegetables", "fruits", "cheese", "bread"].indexOf(slug);
  return place === -1 ? 99 : place;
}

export type CategorySlug = (typeof categorySeeds)[number]["slug"];
