import type { BaseUnit } from "@almanac/kernel";
import type { CategorySlug } from "./categories.ts";

/** How a food is sold; see the `variants` table. */
export interface Sale {
  readonly baseUnit: BaseUnit;
  readonly variantName: string;
  readonly priceUnit: string;
  readonly pricePer: number;
  readonly unitQuantityBase: number;
  readonly isWeighed: boolean;
}

/** First, peak start, peak end and last day as "MM-DD", for about 41 degrees north. */
export type Window = readonly [first: string, peakStart: string, peakEnd: string, last: string];

export interface Food {
  readonly crop: string;
  readonly category: CategorySlug;
  readonly picture: string;
  readonly sale: Sale;
  readonly cents: number;
  readonly window: Window | undefined;
  readonly kind: "field" | "greenhouse" | "stored" | "year_round";
  readonly names: readonly string[];
  /** Baskets it belongs to; see tastes.ts. */
  readonly tastes: string;
  readonly isReplenishable: boolean;
}

const weighed = (grams: number): Sale => ({
  baseUnit: "g",
  variantName: `each, about ${grams >= 1000 ? `${grams / 1000} kg` : `${grams} g`}`,
  priceUnit: "kg",
  pricePer: 1000,
  unitQuantityBase: grams,
  isWeighed: true,
});
const packed = (grams: number, word: string): Sale => ({
  baseUnit: "g",
  variantName: `${word}, ${grams >= 1000 ? `${grams / 1000} kg` : `${grams} g`}`,
  priceUnit: word,
  pricePer: grams,
  unitQuantityBase: grams,
  isWeighed: false,
});
const counted = (word: string, pieces = 1): Sale => ({
  baseUnit: "piece",
  variantName: word,
  priceUnit: word,
  pricePer: pieces,
  unitQuantityBase: pieces,
  isWeighed: false,
});
const bottled = (millilitres: number, word: string): Sale => ({
  baseUnit: "ml",
  variantName: `${word}, ${millilitres >= 1000 ? `${millilitres / 1000} l` : `${millilitres} ml`}`,
  priceUnit: word,
  pricePer: millilitres,
  unitQuantityBase: millilitres,
  isWeighed: false,
});

type Row = readonly [
  crop: string,
  category: CategorySlug,
  picture: string,
  sale: Sale,
  cents: number,
  window: Window | "all-year",
  names: string,
  tastes: string,
  kind?: Food["kind"],
];

/** Prices in US cents, harvest windows for New York's Hudson valley: ordinary figures, rounded. */
// prettier-ignore
const rows: readonly Row[] = [
  ["tomato", "vegetables", "tomato", weighed(750), 490, ["07-01", "07-15", "09-20", "10-20"], "Heirloom tomatoes|Beefsteak tomatoes|Plum tomatoes|Vine tomatoes", "italian,salad,grill"],
  ["cherry-tomato", "vegetables", "tomato", packed(300, "punnet"), 420, ["06-20", "07-10", "09-25", "10-25"], "Cherry tomatoes|Golden cherry tomatoes|Tomato medley", "italian,salad,family"],
  ["pepper", "vegetables", "bell-pepper", weighed(350), 560, ["07-15", "08-05", "09-25", "10-20"], "Sweet peppers|Red bell peppers|Padrón peppers", "grill,italian,salad"],
  ["chili", "vegetables", "hot-pepper", packed(100, "bag"), 250, ["07-25", "08-15", "09-30", "10-25"], "Jalapeños|Cayenne chilies", "grill,spice"],
  ["eggplant", "vegetables", "eggplant", weighed(450), 440, ["07-15", "08-01", "09-20", "10-10"], "Aubergine|Striped aubergine", "italian,grill"],
  ["zucchini", "vegetables", "cucumber", weighed(500), 320, ["06-15", "07-01", "09-10", "10-05"], "Courgettes|Yellow courgettes", "italian,grill,family"],
  ["cucumber", "vegetables", "cucumber", counted("each"), 150, ["06-15", "07-01", "09-05", "10-01"], "Slicing cucumbers|Pickling cucumbers", "salad,family"],
  ["sweetcorn", "vegetables", "ear-of-corn", counted("ear"), 90, ["07-20", "08-01", "09-10", "10-01"], "Sweetcorn|Bicolour sweetcorn", "grill,family"],
  ["green-bean", "vegetables", "beans", packed(400, "bag"), 380, ["06-25", "07-10", "09-10", "10-05"], "Green beans|Runner beans|Yellow wax beans", "roast,family"],
  ["pea", "vegetables", "pea-pod", packed(400, "bag"), 420, ["06-01", "06-10", "07-05", "07-20"], "Garden peas|Sugar snap peas", "salad,family"],
  ["asparagus", "vegetables", "asparagus", counted("bunch"), 520, ["04-25", "05-05", "06-05", "06-25"], "Green asparagus|Purple asparagus", "salad,roast"],
  ["broccoli", "vegetables", "broccoli", weighed(500), 430, ["06-10", "09-10", "10-25", "11-20"], "Broccoli|Purple sprouting broccoli", "family,roast"],
  ["cauliflower", "vegetables", "broccoli", counted("head"), 450, ["06-20", "09-05", "10-30", "11-25"], "Cauliflower|Romanesco", "roast,spice"],
  ["cabbage", "vegetables", "cabbage", counted("head"), 320, ["06-25", "09-15", "11-20", "12-20"], "Savoy cabbage|Red cabbage|Pointed cabbage", "roast,family", "stored"],
  ["brussels-sprout", "vegetables", "cabbage", packed(500, "bag"), 430, ["10-01", "10-20", "12-10", "12-31"], "Brussels sprouts", "roast"],
  ["leek", "vegetables", "leek", counted("bunch"), 380, ["08-20", "10-01", "12-15", "03-10"], "Leeks", "roast,spice", "stored"],
  ["onion", "vegetables", "onion", packed(1000, "bag"), 280, ["07-20", "08-15", "10-31", "11-30"], "Yellow onions|Red onions|Shallots", "roast,italian,family,spice", "stored"],
  ["garlic", "vegetables", "garlic", counted("head"), 120, ["07-01", "07-15", "09-30", "11-15"], "Hardneck garlic|Smoked garlic", "italian,spice", "stored"],
  ["spring-onion", "vegetables", "leek", counted("bunch"), 190, ["05-01", "05-20", "08-31", "10-15"], "Spring onions", "salad,spice"],
  ["fennel", "vegetables", "leek", counted("bulb"), 280, ["06-15", "07-01", "10-15", "11-05"], "Fennel", "italian,salad"],
  ["lettuce", "greens", "leafy-green", counted("head"), 290, ["05-01", "05-20", "10-05", "11-05"], "Butterhead lettuce|Romaine|Oakleaf lettuce", "salad,family"],
  ["salad-mix", "greens", "green-salad", packed(150, "bag"), 450, ["04-20", "05-10", "10-20", "11-20"], "Salad mix|Spicy salad mix|Baby leaves", "salad,italian", "greenhouse"],
  ["spinach", "greens", "leafy-green", packed(250, "bag"), 390, ["04-20", "05-05", "06-15", "11-25"], "Spinach|Baby spinach", "salad,family,spice", "greenhouse"],
  ["kale", "greens", "leafy-green", counted("bunch"), 300, ["06-10", "09-20", "12-10", "12-31"], "Curly kale|Cavolo nero|Red Russian kale", "salad,roast", "greenhouse"],
  ["chard", "greens", "leafy-green", counted("bunch"), 280, ["06-01", "06-20", "10-20", "11-15"], "Rainbow chard|Swiss chard", "italian,salad"],
  ["arugula", "greens", "leafy-green", packed(120, "bag"), 360, ["04-25", "05-10", "06-20", "11-10"], "Arugula|Wild rocket", "salad,italian", "greenhouse"],
  ["pak-choi", "greens", "leafy-green", counted("head"), 260, ["05-10", "05-25", "10-15", "11-10"], "Pak choi|Tatsoi", "spice"],
  ["microgreens", "greens", "seedling", packed(60, "tray"), 480, "all-year", "Pea shoots|Radish microgreens", "salad"],
  ["basil", "herbs", "herb", counted("bunch"), 250, ["06-10", "06-25", "09-15", "10-10"], "Basil|Purple basil|Thai basil", "italian,salad", "greenhouse"],
  ["parsley", "herbs", "herb", counted("bunch"), 300, ["05-10", "06-01", "10-31", "11-30"], "Parsley|Curly parsley", "roast,salad,italian", "greenhouse"],
  ["cilantro", "herbs", "herb", counted("bunch"), 220, ["05-10", "06-01", "09-30", "10-31"], "Cilantro", "spice,grill", "greenhouse"],
  ["mint", "herbs", "herb", counted("bunch"), 220, ["05-15", "06-10", "09-15", "10-15"], "Mint|Lemon mint", "salad,family"],
  ["rosemary", "herbs", "herb", counted("bunch"), 240, "all-year", "Rosemary|Thyme|Sage", "roast,grill"],
  ["dill", "herbs", "herb", counted("bunch"), 220, ["06-01", "06-20", "08-31", "10-01"], "Dill", "salad"],
  ["chive", "herbs", "herb", counted("bunch"), 200, ["04-25", "05-15", "09-15", "10-15"], "Chives", "salad,breakfast"],
  ["carrot", "root-vegetables", "carrot", counted("bunch"), 320, ["06-20", "07-15", "11-10", "12-15"], "Bunched carrots|Rainbow carrots", "family,roast,salad", "stored"],
  ["beetroot", "root-vegetables", "beetroot", counted("bunch"), 340, ["06-20", "07-15", "11-05", "12-10"], "Beetroot|Golden beetroot", "roast,salad", "stored"],
  ["potato", "root-vegetables", "potato", packed(2000, "bag"), 480, ["07-05", "08-15", "10-31", "12-10"], "New potatoes|Fingerling potatoes|Yukon Gold potatoes|Russet potatoes", "roast,family,breakfast", "stored"],
  ["sweet-potato", "root-vegetables", "roasted-sweet-potato", weighed(800), 390, ["09-10", "10-01", "12-20", "12-31"], "Sweet potatoes", "roast,family", "stored"],
  ["parsnip", "root-vegetables", "carrot", weighed(600), 420, ["10-01", "10-25", "12-31", "03-01"], "Parsnips", "roast", "stored"],
  ["turnip", "root-vegetables", "radish", counted("bunch"), 290, ["06-01", "09-20", "11-30", "12-31"], "Turnips|Rutabaga", "roast", "stored"],
  ["radish", "root-vegetables", "radish", counted("bunch"), 230, ["05-01", "05-15", "06-30", "10-31"], "Radishes|Breakfast radishes|Watermelon radish", "salad"],
  ["celeriac", "root-vegetables", "radish", counted("each"), 380, ["09-20", "10-15", "12-31", "02-20"], "Celeriac", "roast", "stored"],
  ["butternut", "squash", "butternut-squash", weighed(1200), 320, ["09-01", "09-25", "12-15", "12-31"], "Butternut squash|Honeynut squash", "roast,family", "stored"],
  ["winter-squash", "squash", "butternut-squash", weighed(1000), 340, ["09-05", "09-25", "12-10", "12-31"], "Acorn squash|Delicata squash|Kabocha squash", "roast", "stored"],
  ["pumpkin", "pumpkins", "pumpkin", counted("each"), 600, ["09-10", "10-01", "10-31", "11-20"], "Sugar pumpkin|Carving pumpkin", "family,roast"],
  ["mushroom", "mushrooms", "brown-mushroom", packed(250, "punnet"), 580, "all-year", "Oyster mushrooms|Shiitake|Lion's mane|Chestnut mushrooms", "italian,roast,breakfast"],
  ["peach", "fruits", "peach", weighed(600), 620, ["07-05", "07-20", "08-25", "09-10"], "Yellow peaches|White peaches", "family,breakfast,sweet"],
  ["nectarine", "fruits", "peach", weighed(600), 640, ["07-15", "07-28", "08-25", "09-10"], "Nectarines", "family,sweet"],
  ["plum", "fruits", "plum", weighed(500), 560, ["07-25", "08-10", "09-15", "09-30"], "Plums|Damsons", "sweet,family"],
  ["pear", "fruits", "pear", weighed(700), 480, ["08-20", "09-10", "11-15", "12-31"], "Bartlett pears|Bosc pears", "family,sweet", "stored"],
  ["cherry", "fruits", "cherries", packed(500, "punnet"), 750, ["06-10", "06-20", "07-10", "07-25"], "Sweet cherries|Sour cherries", "sweet,family"],
  ["grape", "fruits", "grapes", packed(500, "punnet"), 520, ["08-25", "09-10", "10-05", "10-20"], "Concord grapes|Table grapes", "family,cheeseboard"],
  ["rhubarb", "fruits", "leek", counted("bunch"), 420, ["04-20", "05-01", "06-05", "06-30"], "Rhubarb", "sweet"],
  ["strawberry", "berries", "strawberry", packed(500, "punnet"), 620, ["05-28", "06-08", "07-01", "07-15"], "Strawberries|Day-neutral strawberries", "family,sweet,breakfast"],
  ["raspberry", "berries", "raspberry", packed(200, "punnet"), 540, ["06-25", "07-05", "09-05", "10-05"], "Raspberries|Golden raspberries", "sweet,breakfast"],
  ["blueberry", "berries", "blueberries", packed(300, "punnet"), 580, ["07-01", "07-12", "08-15", "09-05"], "Blueberries", "breakfast,family,sweet"],
  ["blackberry", "berries", "raspberry", packed(250, "punnet"), 540, ["07-20", "08-01", "09-05", "09-25"], "Blackberries", "sweet,breakfast"],
  ["apple", "apples", "red-apple", packed(1500, "bag"), 590, ["08-20", "09-15", "11-15", "12-31"], "Honeycrisp apples|Gala apples|Cortland apples|Fuji apples", "family,breakfast,cheeseboard", "stored"],
  ["cooking-apple", "apples", "green-apple", packed(1500, "bag"), 490, ["09-01", "09-20", "11-20", "12-31"], "Granny Smith apples|Bramley apples", "sweet,roast", "stored"],
  ["watermelon", "melons", "watermelon", counted("each"), 750, ["07-25", "08-05", "09-05", "09-20"], "Watermelon|Yellow watermelon", "family,grill"],
  ["melon", "melons", "melon", counted("each"), 520, ["07-25", "08-05", "09-05", "09-20"], "Cantaloupe|Honeydew melon", "family,breakfast"],
  ["lemon", "citrus", "lemon", packed(500, "bag"), 520, ["11-15", "12-10", "03-10", "04-15"], "Meyer lemons", "sweet,salad", "greenhouse"],
  ["egg", "eggs", "egg", counted("dozen", 12), 620, "all-year", "Free-range eggs|Pasture-raised eggs", "breakfast,family,sweet"],
  ["duck-egg", "eggs", "nest-with-eggs", counted("half dozen", 6), 540, "all-year", "Duck eggs|Quail eggs", "breakfast"],
  ["milk", "dairy", "glass-of-milk", bottled(1000, "bottle"), 380, "all-year", "Whole milk|Raw milk|Chocolate milk", "breakfast,family"],
  ["butter", "dairy", "butter", packed(250, "block"), 590, "all-year", "Cultured butter|Salted butter", "breakfast,sweet,family"],
  ["yogurt", "dairy", "custard", packed(500, "jar"), 520, "all-year", "Plain yogurt|Sheep's milk yogurt|Honey yogurt", "breakfast,family"],
  ["cream", "dairy", "glass-of-milk", bottled(300, "bottle"), 420, "all-year", "Double cream|Crème fraîche", "sweet,roast"],
  ["mozzarella", "cheese", "cheese-wedge", counted("each"), 600, "all-year", "Mozzarella|Burrata|Smoked mozzarella", "italian,salad"],
  ["hard-cheese", "cheese", "cheese-wedge", weighed(250), 2800, "all-year", "Aged cheddar|Alpine tomme|Gouda", "cheeseboard,italian"],
  ["soft-cheese", "cheese", "cheese-wedge", counted("each"), 850, "all-year", "Camembert|Washed-rind square|Bloomy triple cream", "cheeseboard"],
  ["goat-cheese", "cheese", "goat", counted("log"), 750, "all-year", "Fresh goat's cheese|Ash goat's cheese|Feta", "salad,cheeseboard"],
  ["ricotta", "cheese", "cheese-wedge", packed(300, "tub"), 620, "all-year", "Ricotta|Cottage cheese", "italian,breakfast"],
  ["sourdough", "bread", "bread", counted("loaf"), 750, "all-year", "Country sourdough|Seeded sourdough|Rye sourdough|Walnut loaf", "breakfast,cheeseboard,italian,family"],
  ["baguette", "bread", "baguette-bread", counted("each"), 380, "all-year", "Baguette|Ciabatta|Focaccia", "italian,cheeseboard"],
  ["croissant", "bread", "croissant", counted("each"), 350, "all-year", "Butter croissant|Almond croissant|Cinnamon bun", "breakfast,sweet"],
  ["pie", "bread", "pie", counted("each"), 1400, "all-year", "Apple pie|Fruit galette|Quiche", "sweet,family"],
  ["beef", "meat", "cut-of-meat", weighed(500), 1650, "all-year", "Ground beef|Sirloin steak|Braising beef", "grill,roast,family"],
  ["pork", "meat", "bacon", weighed(400), 1490, "all-year", "Pork sausages|Smoked bacon|Pork shoulder", "breakfast,grill,roast"],
  ["lamb", "meat", "meat-on-bone", weighed(600), 2200, "all-year", "Lamb chops|Lamb shoulder", "grill,roast,spice"],
  ["chicken", "meat", "poultry-leg", weighed(1600), 1090, "all-year", "Whole chicken|Chicken thighs", "roast,family,spice"],
  ["trout", "fish", "fish", weighed(300), 2400, "all-year", "Rainbow trout|Smoked trout", "grill,salad"],
  ["honey", "honey", "honey-pot", packed(450, "jar"), 1100, "all-year", "Wildflower honey|Linden honey|Buckwheat honey|Creamed honey", "breakfast,sweet,cheeseboard"],
  ["beeswax", "honey", "candle", counted("pair"), 1200, "all-year", "Beeswax candles", "gift"],
  ["jam", "preserved", "jar", packed(300, "jar"), 750, "all-year", "Strawberry jam|Apricot jam|Plum butter|Marmalade", "breakfast,sweet"],
  ["pickle", "preserved", "jar", packed(400, "jar"), 850, "all-year", "Dill pickles|Kimchi|Sauerkraut|Pickled beets", "grill,spice,cheeseboard"],
  ["sauce", "preserved", "canned-food", packed(500, "jar"), 820, "all-year", "Tomato passata|Salsa verde|Apple butter", "italian,grill"],
  ["dry-bean", "preserved", "beans", packed(500, "bag"), 560, "all-year", "Black turtle beans|Cannellini beans|Polenta", "spice,italian"],
  ["cider", "drinks", "beverage-box", bottled(1000, "bottle"), 680, ["09-01", "09-20", "11-25", "12-31"], "Sweet cider|Pear cider", "family,cheeseboard", "stored"],
  ["juice", "drinks", "cup-with-straw", bottled(750, "bottle"), 720, "all-year", "Apple juice|Tomato juice|Kombucha", "family,breakfast"],
  ["bouquet", "flowers", "bouquet", counted("bunch"), 1500, ["05-10", "06-15", "09-15", "10-10"], "Market bouquet|Dahlias|Sweet peas", "gift"],
  ["sunflower", "flowers", "sunflower", counted("bunch"), 900, ["07-15", "08-01", "09-15", "10-05"], "Sunflowers", "gift"],
  ["seedling", "flowers", "potted-plant", counted("pot"), 450, ["04-15", "05-01", "06-05", "06-25"], "Tomato seedlings|Herb pot|Lavender", "gift"],
  ["wreath", "flowers", "evergreen-tree", counted("each"), 3200, ["11-20", "11-28", "12-20", "12-24"], "Winter wreath", "gift"],
];

const boughtOnce = new Set(["wreath", "beeswax", "seedling", "bouquet", "sunflower"]);

/** Everything that a farm of the demo world can sell. */
export const foods: readonly Food[] = rows.map(
  ([crop, category, picture, sale, cents, window, names, tastes, kind]) => ({
    crop,
    category,
    picture,
    sale,
    cents,
    window: window === "all-year" ? undefined : window,
    kind: kind ?? (window === "all-year" ? "year_round" : "field"),
    names: names.split("|"),
    tastes,
    isReplenishable: !boughtOnce.has(crop),
  }),
);
