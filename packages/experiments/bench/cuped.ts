// How much of the variance does CUPED leave when what is measured is what households really spend?
//
//   node packages/experiments/bench/cuped.ts --receipts train.csv.gz [--receipts valid.csv.gz] [--splits 400] [--seed 3]
//
// CSV (plain or gzip) with a header that names household, week and sales_value. An experiment of the last weeks is played: the
// weeks before are the past, households fall into two arms by chance, nothing is done to either. Households that bought in
// neither part are left out; one that bought in the past and stayed away counts with 0.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { seededRng } from "@almanac/kernel";
import { cupedDifference, momentsOf, sumMoments } from "../src/index.ts";
import type { Difference } from "../src/core/difference.ts";

const { values } = parseArgs({
  options: {
    receipts: { type: "string", multiple: true, default: [] },
    splits: { type: "string", default: "400" },
    seed: { type: "string", default: "3" },
  },
});

/** Spend by household and week. */
const spend = new Map<string, Map<number, number>>();
for (const path of values.receipts) {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header = "", ...lines] = text.trim().split("\n");
  const [household, week, sales] = ["household", "week", "sales_value"].map((name) =>
    header.trim().split(",").indexOf(name),
  ) as [number, number, number];
  if (Math.min(household, week, sales) < 0)
    throw new Error(`${path} has no columns household, week and sales_value`);
  for (const line of lines) {
    const cells = line.split(",");
    const weeks = spend.get(cells[household]!) ?? new Map<number, number>();
    spend.set(cells[household]!, weeks);
    weeks.set(Number(cells[week]), (weeks.get(Number(cells[week])) ?? 0) + Number(cells[sales]));
  }
}
const lastWeek = Math.max(...[...spend.values()].flatMap((weeks) => [...weeks.keys()]));
const splits = Number(values.splits);

console.log(`${spend.size} households, ${lastWeek} weeks, ${splits} splits a row, seed ${values.seed}`);
console.log("| weeks measured | weeks before | variance left | p < .05 without | with CUPED |");
console.log("| --- | --- | --- | --- | --- |");
for (const measured of [4, 8, 12]) {
  const rng = seededRng(`${values.seed}/${measured}`);
  const households = [...spend.values()].map((weeks) => {
    const total = (from: number, to: number): number =>
      [...weeks].reduce((sum, [week, value]) => (week > from && week <= to ? sum + value : sum), 0);
    return momentsOf(total(lastWeek - measured, lastWeek), 1, total(0, lastWeek - measured));
  });
  let left = 0;
  let plainAlarms = 0;
  let cupedAlarms = 0;
  for (let split = 0; split < splits; split++) {
    const arms = households.map(() => rng.int(2));
    const of = (arm: number) => sumMoments(households.filter((_, at) => arms[at] === arm));
    const [control, treatment] = [of(0), of(1)];
    const cuped = cupedDifference(control, treatment);
    left += cuped.remainingVariance / splits;
    if (isSignificant(cuped.difference)) cupedAlarms++;
    const past = (moments: typeof control) => ({ ...moments, c: 0, cc: 0, yc: 0 });
    if (isSignificant(cupedDifference(past(control), past(treatment)).difference)) plainAlarms++;
  }
  const share = (count: number): string => ((100 * count) / splits).toFixed(1);
  console.log(
    `| ${measured} | ${lastWeek - measured} | ${left.toFixed(3)} | ${share(plainAlarms)} % | ${share(cupedAlarms)} % |`,
  );
}

function isSignificant({ absolute: { value, standardError } }: Difference): boolean {
  return Math.abs(value) > 1.96 * standardError;
}
