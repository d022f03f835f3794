/**
 * What the holdout of recommendations says of shoppers of whom truly 15 % more order because of them.
 *
 *   node packages/experiments/bench/holdout.ts [seeds, 400]
 */
import { runHoldoutStudy } from "@almanac/experiments";

const seeds = Number(process.argv[2] ?? 400);
for (const shoppers of [8_000, 40_000]) {
  for (const lift of [0.15, 0]) {
    const study = runHoldoutStudy({ lift, seeds, seed: 1, shoppers });
    console.log(
      `${shoppers} shoppers, true lift ${100 * lift} %: covered ${(100 * study.coverage).toFixed(1)} %, above zero ${(100 * study.found).toFixed(1)} %, mean ${(100 * study.meanEstimate).toFixed(1)} % +- ${(100 * study.meanHalfWidth).toFixed(1)}`,
    );
  }
}
