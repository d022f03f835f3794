import { idFromName, type Rng } from "@almanac/kernel";
import type { WorldFarm, WorldProduct } from "./model.ts";
import { foods, type Food } from "./foods.ts";

/** Products of the journeys: names and prices are fixed, and they are in stock whatever the date. */
const named: readonly {
  readonly farm: string;
  readonly name: string;
  readonly crop: string;
  readonly cents: number;
  readonly appeal: number;
}[] = [
  { farm: "hollow-oak", name: "Heirloom tomatoes", crop: "tomato", cents: 490, appeal: 4 },
  { farm: "hollow-oak", name: "Sweetcorn", crop: "sweetcorn", cents: 90, appeal: 2 },
  { farm: "fern-bank", name: "Basil", crop: "basil", cents: 250, appeal: 3 },
  { farm: "fern-bank", name: "Purple basil", crop: "basil", cents: 280, appeal: 0.6 },
  { farm: "fern-bank", name: "Parsley", crop: "parsley", cents: 300, appeal: 1.2 },
  { farm: "whey-street", name: "Mozzarella", crop: "mozzarella", cents: 600, appeal: 3 },
];
const alwaysStocked = new Set(["Heirloom tomatoes", "Basil", "Purple basil", "Parsley", "Mozzarella"]);

/** Tomatoes grow on farms beside Hollow Oak too, so that a search for them crosses farms. */
const alsoGrows: Readonly<Record<string, readonly string[]>> = {
  "fern-bank": ["cherry-tomato"],
  "sunny-slope": ["tomato", "cherry-tomato"],
  "old-orchard": ["tomato"],
};

/** Three more that have tomatoes beside what they would have anyway: so many that their prices can be shown as a band. */
const tomatoNeighbours: ReadonlySet<string> = new Set(["long-field", "pear-tree", "bee-meadow"]);

/** Produce that goes by two names, for whoever looks for it by the other; it comes and goes with its harvest. */
const alsoKnownAs: Readonly<Record<string, readonly string[]>> = { "sunny-slope": ["zucchini"] };

export interface CatalogueOptions {
  readonly rng: Rng;
  readonly productsPerFarm: (farm: WorldFarm) => number;
  readonly now: Date;
}

/** Every farm's products: the named ones, then foods of its kinds until it has enough, in a seeded order. */
export function growCatalogue(
  farms: readonly WorldFarm[],
  { rng, productsPerFarm, now }: CatalogueOptions,
): WorldProduct[] {
  return farms.flatMap((farm) => {
    const draws = rng.fork(farm.seed.slug);
    const wanted = productsPerFarm(farm);
    const products = new Map<string, WorldProduct>();
    const set = (food: Food, name: string, facts: Omit<ProductFacts, "listedAt">, from: Rng): void => {
      products.set(name, toProduct(farm, food, name, { ...facts, listedAt: listingDay(farm, from, now) }));
    };
    const add = (food: Food, name: string, cents: number, appeal: number, isAlwaysStocked: boolean): void => {
      if (products.has(name) || products.size >= wanted) return;
      set(food, name, { cents, appeal, isAlwaysStocked }, draws);
    };
    for (const item of named.filter((candidate) => candidate.farm === farm.seed.slug)) {
      add(foodOf(item.crop), item.name, item.cents, item.appeal, alwaysStocked.has(item.name));
    }
    for (const crop of alsoGrows[farm.seed.slug] ?? []) {
      const food = foodOf(crop);
      add(food, draws.pick(food.names.slice(1)), farmPrice(food, draws), 1, true);
    }
    for (const crop of alsoKnownAs[farm.seed.slug] ?? []) {
      const food = foodOf(crop);
      add(food, food.names[0]!, food.cents, 1, false);
    }
    const choices = foods
      .filter((food) => (farm.seed.grows as readonly string[]).includes(food.category))
      .flatMap((food) => food.names.map((name) => ({ food, name })));
    for (const { food, name } of draws.shuffle(choices)) {
      add(food, name, farmPrice(food, draws), Math.exp(0.5 * draws.normal()), false);
    }
    for (let round = 2; products.size < wanted; round++) {
      for (const { food, name } of draws.shuffle(choices)) {
        add(
          food,
          `${name}, ${sorts[round % sorts.length]}`,
          farmPrice(food, draws),
          Math.exp(0.5 * draws.normal()),
          false,
        );
      }
    }
    if (tomatoNeighbours.has(farm.seed.slug)) {
      // From draws of their own, so that the farm keeps everything else.
      const own = rng.fork(`${farm.seed.slug}/tomatoes`);
      const food = foodOf("tomato");
      const name = own.pick(food.names.slice(1));
      if (!products.has(name))
        set(food, name, { cents: farmPrice(food, own), appeal: 1, isAlwaysStocked: true }, own);
    }
    return [...products.values()];
  });
}

const sorts = [
  "early",
  "late",
  "small",
  "large",
  "mixed",
  "seconds",
  "family box",
  "first cut",
  "old variety",
  "cellar",
];

function foodOf(crop: string): Food {
  const food = foods.find((candidate) => candidate.crop === crop);
  if (!food) throw new RangeError(`no such food: ${crop}`);
  return food;
}

/** The usual price, 10 % more or less, to the ten cents. */
function farmPrice(food: Food, rng: Rng): number {
  const cents = food.cents * (0.9 + 0.2 * rng.next());
  return food.cents < 200 ? Math.round(cents / 5) * 5 : Math.round(cents / 10) * 10;
}

/** Most products came with the farm; one in fourteen is new this week. */
function listingDay(farm: WorldFarm, rng: Rng, now: Date): Date {
  const isNew = rng.next() < 0.07;
  const daysAgo = isNew ? 0.5 + rng.next() * 6 : undefined;
  return daysAgo === undefined ? farm.joinedAt : new Date(now.getTime() - daysAgo * 86_400_000);
}

interface ProductFacts {
  readonly cents: number;
  readonly appeal: number;
  readonly isAlwaysStocked: boolean;
  readonly listedAt: Date;
}

function toProduct(farm: WorldFarm, food: Food, name: string, facts: ProductFacts): WorldProduct {
  const slug = `${slugOf(name)}-${farm.seed.slug}`;
  return {
    id: idFromName("demo/product", slug),
    variantId: idFromName("demo/variant", slug),
    farm,
    food,
    name,
    slug,
    priceCents: facts.cents,
    appeal: facts.appeal,
    listedAt: facts.isAlwaysStocked ? farm.joinedAt : facts.listedAt,
    isAlwaysStocked: facts.isAlwaysStocked,
  };
}

export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
