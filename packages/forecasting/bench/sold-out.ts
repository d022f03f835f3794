/**
 * How near `uncensoredDemand` comes to what was wanted, where a stall sells out: `node packages/forecasting/bench/sold-out.ts`.
 * Demand is generated (Poisson, its mean at rest or with a year's season, packs of 400 g), so that what was wanted is known: it
 * proves the estimate on such demand, not on any market's. Beside it: sales as they are, and sold-out days left out.
 */
import { seededRng } from "@almanac/kernel";
import { uncensoredDemand, type SalesDay } from "../src/core/demand/censored.ts";

const seed = 1;
const series = 200;
const packGrams = 400;

const ways: Readonly<Record<string, (days: readonly SalesDay[]) => ArrayLike<number>>> = {
  "as sold": (days) => days.map(({ sold }) => sold),
  "sold-out days left out": (days) => {
    const full = days.filter(({ soldOut }) => !soldOut);
    const mean = full.reduce((sum, { sold }) => sum + sold, 0) / Math.max(1, full.length);
    return days.map(() => mean);
  },
  uncensored: (days) => uncensoredDemand(days, 1),
};

function poisson(mean: number, draw: () => number): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = draw(); product > least; product *= draw()) count += 1;
  return count;
}

const sumOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);

console.log(`seed ${seed}, ${series} series a row; the sum of what is told by that of what was wanted`);
console.log(`| season | days | packs a day | stock | days sold out | ${Object.keys(ways).join(" | ")} |`);
console.log(`| ${Array.from({ length: 5 + Object.keys(ways).length }, () => "---").join(" | ")} |`);
for (const swing of [0, 0.9])
  for (const length of [12, 100])
    for (const packs of [1.5, 4, 12])
      for (const share of [0.8, 1.2]) {
        const rng = seededRng(seed);
        const draw = () => rng.next();
        const told = Object.keys(ways).map(() => 0);
        let wantedInAll = 0;
        let soldOut = 0;
        for (let nth = 0; nth < series; nth++) {
          const levels = Array.from(
            { length },
            (_, t) => packs * (1 + swing * Math.sin((2 * Math.PI * (t + nth)) / 52)),
          );
          const wanted = levels.map((level) => packGrams * poisson(level, draw));
          const days = wanted.map((grams, t): SalesDay => {
            const stock = packGrams * Math.max(1, Math.round(levels[t]! * share));
            return { sold: Math.min(grams, stock), soldOut: grams >= stock };
          });
          wantedInAll += sumOf(wanted);
          soldOut += days.filter((day) => day.soldOut).length;
          Object.values(ways).forEach((way, at) => (told[at]! += sumOf(way(days))));
        }
        const cells = told.map((sum) => (sum / wantedInAll).toFixed(2));
        console.log(
          `| ${swing ? "a year's" : "none"} | ${length} | ${packs} | ${share} x | ` +
            `${Math.round((100 * soldOut) / (series * length))} % | ${cells.join(" | ")} |`,
        );
      }
