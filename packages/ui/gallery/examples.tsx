import { AddButton, pictureFor, WishButton } from "../src/index.ts";
import type { ProductCardProps, Reason, SeasonLevel, SeasonYear } from "../src/index.ts";

/** "....ssPPs..." to a year: dot none, s some, P peak. */
export function yearOf(letters: string): SeasonYear {
  const levels: Record<string, SeasonLevel> = { ".": "none", s: "some", P: "peak" };
  return letters.split("").map((letter) => levels[letter] ?? "none");
}

const explain = {
  sentence: "Shown because of what you bought and what is ripe at the farms of your market.",
  contributions: [
    { label: "People who buy eggs buy it", value: 0.27, detail: "31 of 80 baskets with eggs" },
    { label: "In season here", value: 0.14 },
    { label: "Like what you looked at", value: 0.09 },
    { label: "You had it last week", value: -0.03 },
  ],
  foot: "Together 0.47, computed a minute ago.",
};

interface Line {
  name: string;
  farm: string;
  cents: number;
  unit: string;
  reason: Reason;
  year: string;
  more?: Partial<ProductCardProps>;
}

const lines: readonly Line[] = [
  {
    name: "Heirloom tomatoes",
    farm: "Hollow Oak Farm",
    cents: 490,
    unit: "/kg",
    reason: { text: "Peak now" },
    year: "......sPPs..",
  },
  {
    name: "Rainbow chard",
    farm: "Fern Bank",
    cents: 280,
    unit: "bunch",
    reason: { text: "Goes with your eggs" },
    year: "....sPPPPPs.",
  },
  {
    name: "Strawberries",
    farm: "Sunny Slope",
    cents: 520,
    unit: "500 g",
    reason: { text: "Trending near you", tone: "calm" },
    year: "....sPPs....",
    more: { tag: { text: "Organic" } },
  },
  {
    name: "Young mozzarella",
    farm: "Whey Street",
    cents: 600,
    unit: "each",
    reason: { text: "Bought with tomatoes" },
    year: "ssssssssssss",
  },
  {
    name: "Bunched carrots",
    farm: "Fern Bank",
    cents: 240,
    unit: "bunch",
    reason: { text: "New from a farm you follow" },
    year: ".....sPPPPs.",
    more: { tag: { text: "New", tone: "good" } },
  },
  {
    name: "Linden honey",
    farm: "Bee Meadow",
    cents: 950,
    unit: "450 g",
    reason: { text: "Price down 0.80", tone: "calm" },
    year: "......PPs...",
    more: { price: { cents: 950, unit: "450 g", wasCents: 1030 } },
  },
  {
    name: "White peaches",
    farm: "Old Orchard",
    cents: 440,
    unit: "/kg",
    reason: { text: "2 weeks left", tone: "urgent" },
    year: "......sPs...",
    more: { note: "6 kg left for Saturday" },
  },
  {
    name: "Sweetcorn",
    farm: "Hollow Oak Farm",
    cents: 90,
    unit: "each",
    reason: { text: "First of the season" },
    year: ".......sPs..",
    more: { soldOut: true, soldOutText: "Back Wednesday" },
  },
  {
    name: "Beetroot",
    farm: "Fern Bank",
    cents: 210,
    unit: "bunch",
    reason: { text: "Peak now" },
    year: ".....sPPPPs.",
  },
  {
    name: "Purple plums",
    farm: "Old Orchard",
    cents: 390,
    unit: "/kg",
    reason: { text: "Coming next week", tone: "calm" },
    year: ".......sPs..",
  },
  {
    name: "Butternut squash",
    farm: "Sunny Slope",
    cents: 320,
    unit: "each",
    reason: { text: "Keeps all winter", tone: "calm" },
    year: "ss......sPPs",
  },
  {
    name: "Sourdough loaf",
    farm: "Mill Lane",
    cents: 550,
    unit: "800 g",
    reason: { text: "Your usual" },
    year: "PPPPPPPPPPPP",
  },
];

/** Cards of a shelf as the shop would fill them. */
export const products: readonly (ProductCardProps & { id: string })[] = lines.map((line, index) => ({
  id: String(index),
  href: `/products/${index}`,
  name: line.name,
  farmName: line.farm,
  picture: pictureFor({ name: line.name }),
  price: { cents: line.cents, unit: line.unit },
  reason: { ...line.reason, explain },
  season: { year: yearOf(line.year), month: 8 },
  action: <AddButton productName={line.name} inBasket={index === 3 ? 2 : 0} />,
  wish: <WishButton productName={line.name} wished={index === 2} />,
  ...line.more,
}));
