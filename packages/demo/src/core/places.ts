import type { CategorySlug } from "./categories.ts";

export interface MarketSeed {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly address: string;
  readonly region: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly feeBasisPoints: number;
  readonly acceptsSnap: boolean;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly opensAt: string;
  readonly closesAt: string;
  /** How many days before the market day, and at what hour there, ordering closes. */
  readonly closesDaysBefore: number;
  readonly closesHour: number;
  readonly slotHours: readonly number[];
  readonly slotCapacity: number;
  /** Share of all orders. */
  readonly share: number;
  /** No market day lies between these days of a year, "12-24" to "03-31", both included; absent: open all year. */
  readonly rests?: readonly [from: string, to: string];
}

export const marketSeeds: readonly MarketSeed[] = [
  {
    slug: "riverside",
    name: "Riverside Saturday Market",
    description: "Six farms on the quay, every Saturday morning, rain or shine.",
    address: "Quay Street, Riverside",
    region: "Hudson Valley",
    timeZone: "America/New_York",
    currency: "USD",
    latitude: 41.7,
    longitude: -73.9,
    feeBasisPoints: 500,
    acceptsSnap: true,
    weekday: 6,
    opensAt: "08:00",
    closesAt: "13:00",
    closesDaysBefore: 2,
    closesHour: 20,
    slotHours: [8, 9, 10, 11, 12],
    slotCapacity: 40,
    share: 0.6,
  },
  {
    slug: "harbor",
    name: "Harbor Sunday Market",
    description:
      "Bread, fish and late-summer fruit beside the boats. Closed from Christmas to the end of March.",
    address: "Pier 4, Harbor",
    region: "Connecticut Shore",
    timeZone: "America/New_York",
    currency: "USD",
    latitude: 41.27,
    longitude: -72.95,
    feeBasisPoints: 400,
    acceptsSnap: true,
    weekday: 7,
    opensAt: "09:00",
    closesAt: "14:00",
    closesDaysBefore: 2,
    closesHour: 18,
    slotHours: [9, 10, 11, 12, 13],
    slotCapacity: 30,
    share: 0.25,
    rests: ["12-24", "03-31"],
  },
  {
    slug: "daylesford",
    name: "Daylesford Sunday Market",
    description: "The seasons the other way round: tomatoes in February, asparagus in October.",
    address: "Raglan Street, Daylesford",
    region: "Central Highlands",
    timeZone: "Australia/Melbourne",
    currency: "AUD",
    latitude: -37.34,
    longitude: 144.14,
    feeBasisPoints: 450,
    acceptsSnap: false,
    weekday: 7,
    opensAt: "08:00",
    closesAt: "13:00",
    closesDaysBefore: 2,
    closesHour: 20,
    slotHours: [8, 9, 10, 11, 12],
    slotCapacity: 30,
    share: 0.15,
  },
];

export interface FarmSeed {
  readonly slug: string;
  readonly name: string;
  readonly town: string;
  readonly story: string;
  readonly picture: string;
  readonly market: string;
  readonly stall: string;
  readonly isOrganic: boolean;
  /** Degrees from the market. */
  readonly offset: readonly [latitude: number, longitude: number];
  readonly grows: readonly CategorySlug[];
  readonly productCount: number;
  /** How many days ago it joined; new farms are younger than 90 days. */
  readonly joinedDaysAgo: number;
}

const farm = (
  slug: string,
  name: string,
  town: string,
  story: string,
  picture: string,
  market: string,
  stall: string,
  isOrganic: boolean,
  offset: readonly [number, number],
  grows: readonly CategorySlug[],
  productCount: number,
  joinedDaysAgo = 900,
): FarmSeed => ({
  slug,
  name,
  town,
  story,
  picture,
  market,
  stall,
  isOrganic,
  offset,
  grows,
  productCount,
  joinedDaysAgo,
});

export const farmSeeds: readonly FarmSeed[] = [
  farm(
    "hollow-oak",
    "Hollow Oak",
    "Rhinecliff",
    "Tomas took over his aunt's eleven acres in 2014. Forty kinds of tomato, and corn that is picked at five on Saturday morning.",
    "tomato",
    "riverside",
    "4",
    true,
    [0.06, 0.05],
    ["vegetables", "squash", "pumpkins", "root-vegetables"],
    30,
  ),
  farm(
    "fern-bank",
    "Fern Bank",
    "Tivoli",
    "Herbs and leaves from raised beds above the creek, cut to order and never washed in chlorine.",
    "herb",
    "riverside",
    "5",
    true,
    [0.11, 0.03],
    ["herbs", "greens"],
    28,
  ),
  farm(
    "whey-street",
    "Whey Street",
    "Red Hook",
    "A two-person creamery in the old bank. The milk comes from next door, still warm.",
    "cheese-wedge",
    "riverside",
    "7",
    false,
    [0.04, -0.06],
    ["cheese", "dairy"],
    22,
  ),
  farm(
    "old-orchard",
    "Old Orchard",
    "Milton",
    "Four generations of apples, and peaches since the winters got milder.",
    "red-apple",
    "riverside",
    "2",
    false,
    [-0.04, -0.09],
    ["apples", "fruits", "drinks", "preserved"],
    24,
  ),
  farm(
    "sunny-slope",
    "Sunny Slope",
    "Clermont",
    "Berries on a south-facing hill, eggs from hens that keep the slugs down.",
    "strawberry",
    "riverside",
    "3",
    true,
    [0.15, 0.08],
    ["berries", "eggs", "flowers", "honey"],
    22,
  ),
  farm(
    "stone-mill",
    "Stone Mill Bakery",
    "Riverside",
    "Flour milled on Wednesday, bread baked on Friday night.",
    "bread",
    "riverside",
    "8",
    false,
    [0.01, 0.01],
    ["bread", "mushrooms", "meat"],
    24,
  ),
  farm(
    "salt-marsh",
    "Salt Marsh",
    "Guilford",
    "Lamb from the marsh and trout from the ponds behind it.",
    "fish",
    "harbor",
    "1",
    false,
    [0.03, 0.2],
    ["meat", "fish", "eggs"],
    16,
  ),
  farm(
    "long-field",
    "Long Field",
    "Durham",
    "Twenty acres of vegetables, rested every fifth year.",
    "carrot",
    "harbor",
    "2",
    true,
    [0.17, 0.24],
    ["vegetables", "root-vegetables", "greens", "squash"],
    30,
  ),
  farm(
    "bee-meadow",
    "Bee Meadow",
    "Killingworth",
    "Sixty hives, one meadow, and whatever the linden does that year.",
    "honey-pot",
    "harbor",
    "3",
    true,
    [0.12, 0.38],
    ["honey", "preserved", "flowers", "drinks"],
    18,
    60,
  ),
  farm(
    "breakwater",
    "Breakwater Dairy",
    "Branford",
    "Jerseys that see the sea, and cheese that tastes of it.",
    "glass-of-milk",
    "harbor",
    "4",
    false,
    [0.01, 0.12],
    ["dairy", "cheese", "bread"],
    20,
  ),
  farm(
    "pear-tree",
    "Pear Tree Lane",
    "Hamden",
    "Stone fruit, pears and melons from a sandy river bend.",
    "pear",
    "harbor",
    "5",
    false,
    [0.11, 0.03],
    ["fruits", "berries", "melons", "apples"],
    20,
  ),
  farm(
    "wombat-flat",
    "Wombat Flat",
    "Musk",
    "Cool-climate vegetables at 700 metres, on red soil.",
    "potato",
    "daylesford",
    "1",
    true,
    [-0.03, 0.06],
    ["vegetables", "root-vegetables", "greens", "herbs"],
    28,
  ),
  farm(
    "lyonville-orchard",
    "Lyonville Orchard",
    "Lyonville",
    "Apples, berries and cherries below the forest.",
    "cherries",
    "daylesford",
    "2",
    false,
    [-0.05, 0.13],
    ["apples", "berries", "fruits", "preserved"],
    20,
  ),
  farm(
    "holy-goat-hill",
    "Goat Hill",
    "Glenlyon",
    "Forty goats with names, and the cheese they agree to.",
    "goat",
    "daylesford",
    "3",
    true,
    [0.05, 0.11],
    ["cheese", "dairy", "eggs", "honey"],
    18,
    45,
  ),
];

const nameStarts =
  "Alder,Amber,Ash,Barrow,Beech,Birch,Black,Blue,Bramble,Briar,Brook,Cedar,Chestnut,Clay,Clover,Copper,Crow,Dew,East,Elder,Elm,Far,Field,Flint,Fox,Gold,Grey,Green,Hare,Hazel,Heron,High,Hill,Holly,Iron,Ivy,Juniper,Kestrel,Lark,Long,Low,Maple,March,Mill,Moss,North,Oak,Otter,Owl,Pine,Plum,Quail,Red,Reed,Ridge,River,Robin,Rowan,Rye,Sage,Sand,Silver,South,Stone,Swift,Thistle,Thorn,Upper,Vale,West,White,Willow,Winter,Wren,Yarrow".split(
    ",",
  );
const nameEnds =
  "acre,bank,barn,bottom,brook,croft,dale,down,end,fell,field,fold,garth,gate,grove,ham,hill,holm,lea,meadow,mere,orchard,pasture,ridge,side,stead,top,water,wood,yard".split(
    ",",
  );

/** The n-th generated farm name, all different up to 2,250. */
export function generatedFarmName(n: number): string {
  const start = nameStarts[n % nameStarts.length]!;
  const end = nameEnds[Math.floor(n / nameStarts.length) % nameEnds.length]!;
  return `${start}${end} Farm`;
}
