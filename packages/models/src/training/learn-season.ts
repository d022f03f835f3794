import type { Queryable } from "@almanac/db";
import {
  demandSeries,
  heldBackWeeks,
  shortened,
  weekOf,
  type DemandWeeks,
} from "../core/seasons/demand-weeks.ts";
import type { TrainingOutcome } from "../core/kinds/family.ts";
import { networkSeries, type SeasonalNetwork } from "../core/seasons/seasonal-network.ts";
import { readAbsentWeeks, readAskedWeeks } from "../store/demand-weeks.ts";
import type { ThreadOptions, trainInThread } from "./in-thread.ts";
import type { NetworkTold } from "./train-season.ts";

export interface SeasonParts {
  readonly train: typeof trainInThread;
  /** `undefined` where no network is installed. */
  readonly loadNetwork?: (() => Promise<SeasonalNetwork | undefined>) | undefined;
  readonly onNetworkFailure: (error: unknown) => void;
}

/** Whole weeks are learned from: the one that runs has yet to end. */
export async function learnSeason(
  db: Queryable,
  { until, seed, champion }: { until: Date; seed: number; champion?: Uint8Array | undefined },
  { train, loadNetwork, onNetworkFailure }: SeasonParts,
  options: ThreadOptions,
): Promise<TrainingOutcome> {
  const endWeek = weekOf(until.getTime());
  const [asked, absent] = await Promise.all([readAskedWeeks(db, endWeek), readAbsentWeeks(db, endWeek)]);
  const series = demandSeries(asked, endWeek, absent);
  const network = await loadNetwork?.();
  const { told, why } = await askNetwork(series, network, { seed, signal: options.signal, onNetworkFailure });
  return train(
    {
      kind: "season",
      series,
      endWeek,
      seed,
      withoutNetwork: why,
      ...(told && { told }),
      ...(champion && { champion }),
    },
    options,
  );
}

/** Three times: for the choice between the members, for the test of it, and for what is shipped. */
export async function askNetwork(
  series: readonly DemandWeeks[],
  network: SeasonalNetwork | undefined,
  {
    seed,
    signal,
    onNetworkFailure,
  }: { seed: number; signal: AbortSignal | undefined } & Pick<SeasonParts, "onNetworkFailure">,
): Promise<{ told?: NetworkTold; why: string }> {
  if (!network) return { why: "no network is installed here." };
  if (series.length === 0) return { why: "there is nothing to learn from." };
  const told: Float64Array[][] = [];
  try {
    for (const back of [2 * heldBackWeeks, heldBackWeeks, 0]) {
      const answer = await network(networkSeries(shortened(series, back)), {
        seed,
        ...(signal && { signal }),
      });
      if (answer.fit.kind !== "fitted") return { why: "there are too few weeks for a network yet." };
      told.push([...answer.told]);
    }
  } catch (error) {
    signal?.throwIfAborted();
    onNetworkFailure(error);
    return { why: "the network failed." };
  }
  const [choice, test, ahead] = told;
  return { told: { choice: choice!, test: test!, ahead: ahead! }, why: "" };
}
