import type { WorldProduct } from "../core/model.ts";

/** What its page says of a product. */
export function describe(product: WorldProduct): string {
  const { name, farm, food, isAlwaysStocked } = product;
  const glass =
    isAlwaysStocked && food.kind === "field" && food.window
      ? " From the field in season, from under glass otherwise."
      : "";
  const how = farm.seed.isOrganic ? "Grown without synthetic sprays" : "Grown and made";
  return `${name} from ${farm.seed.name}${farm.seed.town ? ` in ${farm.seed.town}` : ""}. ${how} for the ${farm.market.seed.name}.${glass}`;
}

const storageTips: Readonly<Record<string, string>> = {
  tomato: "Keep at room temperature, stem down; the fridge takes the flavour.",
  basil: "Stand it in a glass of water, away from cold.",
  mozzarella: "Keep it in its whey and eat it within three days.",
  potato: "Dark, cool and dry, away from onions.",
  egg: "Cool place, pointed end down, four weeks.",
  strawberry: "Unwashed, in the fridge, two days.",
  sourdough: "Cut side down on a board; freeze what you will not eat in three days.",
};

/** How to keep it; nothing where nothing is known. */
export function storageTip({ food }: WorldProduct): string {
  const byCategory: Partial<Record<string, string>> = {
    greens: "Wash, spin dry, and keep in a closed box in the fridge.",
    herbs: "Wrap in a damp cloth in the fridge.",
    "root-vegetables": "Take the leaves off and keep cool.",
    berries: "In the fridge, unwashed, eaten soon.",
    cheese: "Wrapped in paper, taken out an hour before eating.",
  };
  return storageTips[food.crop] ?? byCategory[food.category] ?? "";
}

/** Days that what does not keep for a week keeps, as its farm has written down; nothing where it has not. */
export function shelfLife({ food }: WorldProduct): number | undefined {
  const byCategory: Partial<Record<string, number>> = { bread: 3, berries: 5 };
  return byCategory[food.category];
}
