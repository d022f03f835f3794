import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { liftFloor, togetherPartners, type TogetherPartner } from "../src/core/candidates/bought-together.ts";
import { buildSnapshot } from "../src/core/snapshot/build-snapshot.ts";

/**
 * Which order of partners is right? Learns from a year of receipts, household by week, and asks of the weeks after it: of
 * five partners shown for a product that was bought, how many were bought in that week too.
 *
 *   node bench/bought-together.ts <folder with items.csv.gz, train.csv.gz, valid.csv.gz>
 */

const folder = process.argv[2];
if (!folder) throw new Error("Name the folder of the receipts");

const linesOf = (file: string): string[][] =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => [...line.matchAll(/("([^"]*)"|[^,]*)(?:,|$)/g)].map((cell) => cell[2] ?? cell[1] ?? ""));

const typeOf = new Map(linesOf("items.csv.gz").map((cells) => [cells[0]!, `${cells[2]}/${cells[5]}`]));

interface Week {
  readonly household: string;
  readonly day: number;
  readonly items: Set<string>;
}

function weeksOf(file: string): Week[] {
  const weeks = new Map<string, Week>();
  for (const cells of linesOf(file)) {
    const type = typeOf.get(cells[3]!);
    if (type === undefined || Number(cells[4]) === 0) continue;
    const day = Math.floor(Date.parse(`${cells[10]!.replace(" ", "T")}Z`) / 86_400_000);
    const key = `${cells[0]!}/${Math.floor(day / 7)}`;
    const week = weeks.get(key) ?? { household: cells[0]!, day, items: new Set<string>() };
    weeks.set(key, week);
    week.items.add(type);
  }
  return [...weeks.values()];
}

const train = weeksOf("train.csv.gz");
const types = [...new Set(train.flatMap((week) => [...week.items]))];
const product = {
  farmId: "f",
  category: "c",
  unitPriceCents: 1,
  unit: "piece",
  organic: false,
  listedDay: 0,
} as const;
const snapshot = buildSnapshot({
  day: 30_000,
  farms: [{ id: "f", isNew: false }],
  products: types.map((id) => ({ ...product, id })),
  orders: train.map(({ household, day, items }) => ({ shopperId: household, day, productIds: [...items] })),
});

type Rule = (partners: TogetherPartner[]) => TogetherPartner[];
const shareOf = (partner: TogetherPartner): number =>
  snapshot.columns.basketCount[partner.product]! / partner.totalOrders;
const pmi = (partner: TogetherPartner): number =>
  Math.log(partner.strength / shareOf(partner)) / -Math.log(partner.coOccurrences / partner.totalOrders);
const byConfidence: Rule = (partners) => partners.toSorted((a, b) => b.strength - a.strength);
const rules: Record<string, Rule> = {
  "normalised mutual information": (partners) => partners.toSorted((a, b) => pmi(b) - pmi(a)),
  "lift alone": (partners) => partners.toSorted((a, b) => b.lift - a.lift),
  "P(B|A) shrunk, no floor": byConfidence,
  [`served: P(B|A) shrunk, lift of ${liftFloor} first`]: (partners) => partners,
  "P(B|A) shrunk, lift of 1.5": (partners) => byConfidence(partners.filter(({ lift }) => lift >= 1.5)),
  "P(B|A) shrunk, lift of 2": (partners) => byConfidence(partners.filter(({ lift }) => lift >= 2)),
};

const places = 5;
const asked = weeksOf("valid.csv.gz").map(({ items }) =>
  [...items].flatMap((id) => snapshot.productIndex.get(id) ?? []),
);
console.log(
  `${types.length} products, ${train.length} weeks of households, ${asked.length} weeks asked about`,
);
console.log(
  "| order | precision at 5 | products shown | most shown, share of lists |\n| --- | --- | --- | --- |",
);
for (const [name, rule] of Object.entries(rules)) {
  const lists = new Map<number, number[]>();
  const shown = new Map<number, number>();
  let questions = 0;
  let hits = 0;
  for (const basket of asked) {
    if (basket.length < 2) continue;
    const bought = new Set(basket);
    for (const source of basket) {
      const known = lists.get(source);
      const list =
        known ??
        rule(togetherPartners(snapshot, source))
          .slice(0, places)
          .map((partner) => partner.product);
      lists.set(source, list);
      questions++;
      for (const partner of list) {
        if (bought.has(partner)) hits++;
        shown.set(partner, (shown.get(partner) ?? 0) + 1);
      }
    }
  }
  const precision = (hits / (questions * places)).toFixed(4);
  const most = (Math.max(0, ...shown.values()) / questions).toFixed(2);
  console.log(`| ${name} | ${precision} | ${shown.size} | ${most} |`);
}
