import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { evaluateArms, winningArm } from "../src/core/arms/evaluate.ts";

/**
 * The arms as a shop would judge them on its own past: real receipts, the last days held out.
 *
 *   node bench/arms.ts <folder with items.csv.gz, train.csv.gz> [days held out]
 */

const [folder, days = "28"] = process.argv.slice(2);
if (!folder) throw new Error("Name the folder of the receipts");

const linesOf = (file: string): string[][] =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => [...line.matchAll(/("([^"]*)"|[^,]*)(?:,|$)/g)].map((cell) => cell[2] ?? cell[1] ?? ""));

const items = new Map(
  linesOf("items.csv.gz").map((cells) => [
    cells[0]!,
    { department: cells[2]!, category: cells[4]!, type: cells[5]! },
  ]),
);
const categoryOf = new Map<string, string>();
const weeks = new Map<string, { shopperId: string; day: number; productIds: Set<string> }>();
for (const cells of linesOf("train.csv.gz")) {
  const item = items.get(cells[3]!);
  if (item === undefined || Number(cells[4]) === 0) continue;
  const day = Math.floor(Date.parse(`${cells[10]!.replace(" ", "T")}Z`) / 86_400_000);
  const key = `${cells[0]!}/${Math.floor(day / 7)}`;
  const week = weeks.get(key) ?? { shopperId: cells[0]!, day, productIds: new Set<string>() };
  weeks.set(key, week);
  const id = `${item.department}/${item.type}`;
  week.productIds.add(id);
  categoryOf.set(id, item.category);
}
const orders = [...weeks.values()].map((week) => ({ ...week, productIds: [...week.productIds] }));
const ids = [...new Set(orders.flatMap((order) => order.productIds))];
/** Sixty farms, each product of one, so that the cap of three a farm rarely binds, as in a market. */
const farmOf = (index: number): string => `farm-${index % 60}`;
const startedAt = performance.now();
const judged = evaluateArms(
  {
    day: orders.reduce((last, { day }) => Math.max(last, day), 0),
    farms: Array.from({ length: 60 }, (_, at) => ({ id: farmOf(at), isNew: false })),
    products: ids.map((id, at) => ({
      id,
      farmId: farmOf(at),
      category: categoryOf.get(id)!,
      unitPriceCents: 100,
      unit: "piece" as const,
      organic: false,
      listedDay: 0,
    })),
    orders,
  },
  { holdOutDays: Number(days), maxShoppers: 1_000 },
);
if (!judged) throw new Error("Too few shoppers ordered in the days held out");
console.log(`${ids.length} products, ${orders.length} weeks of households, ${judged.shoppers} asked about`);
console.log(
  "| arm | ndcg@10 | recall@10 | coverage | difference to control, 95 % |\n| --- | --- | --- | --- | --- |",
);
for (const { arm, ndcg, recall, coverage, gain, gainMargin } of judged.arms)
  console.log(
    `| ${arm} | ${ndcg.toFixed(4)} | ${recall.toFixed(4)} | ${coverage.toFixed(2)} | ${gain.toFixed(4)} ± ${gainMargin.toFixed(4)} |`,
  );
console.log(`winner: ${winningArm(judged)}; ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
