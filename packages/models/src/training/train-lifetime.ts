import { days } from "@almanac/kernel";
import { fitPurchaseModel, fitSpendModel } from "@almanac/ml";
import { sha256 } from "../core/kinds/content-hash.ts";
import type {
  Measure,
  TrainedModel,
  TrainingOptions,
  TrainingOutcome,
  TrainingWorld,
} from "../core/kinds/family.ts";
import { histogramOf } from "../core/decisions/histogram.ts";
import { knownBy, type KnownHistory } from "../core/shoppers/history.ts";
import { pairedInterval } from "../core/decisions/interval.ts";
import {
  horizonDays,
  lifetimeFormat,
  lifetimeInput,
  lifetimeSignature,
  openLifetimeModel,
  spentWithin,
  type LifetimeArtefact,
  type LifetimeMember,
} from "../core/shoppers/lifetime-model.ts";
import { inputOf } from "../core/kinds/signature.ts";
import { mathematics } from "./train-churn.ts";

const leastShoppers = 50;
const leastReturning = 20;
const goldenRows = 20;
/** A half-year is held back of at least so many days, so that something is left to learn from. */
const leastDays = 300;

/**
 * Learns what shoppers are worth. The last half-year is held back where there are 300 days, and what is shipped is
 * what was judged on it; a younger shop learns from all it has, and says that nothing was tested.
 */
export function trainLifetime(
  world: TrainingWorld,
  { seed, champion, general, onProgress }: TrainingOptions,
): TrainingOutcome {
  const { histories, seasonOf, until } = world;
  const began = histories.reduce((least, { orders }) => Math.min(least, orders[0]?.at ?? until), until);
  const cutoff = until - began >= days(leastDays) ? until - days(horizonDays) : until;
  const at = (moment: number) =>
    histories.map((history) => knownBy(history, moment, seasonOf)).filter((known) => known !== undefined);
  const learned = at(cutoff);
  const inputs = learned.map(lifetimeInput);
  const returning = inputs.filter((columns) => columns[0]! > 0).length;
  if (learned.length < leastShoppers || returning < leastReturning) {
    const why = `${learned.length} shoppers have ordered and ${returning} came again; it takes ${leastShoppers} and ${leastReturning}.`;
    return { kind: "insufficient", why, rows: learned.length };
  }
  const parts = fit(learned, inputs);
  onProgress?.(0.6);
  const open = (servedBy: LifetimeMember) => openLifetimeModel(encode({ ...parts, servedBy }), mathematics);
  const tested =
    cutoff < until
      ? judge(outcomesAfter(world, cutoff), open("buy till you leave"), openRival(general), seed)
      : undefined;
  const servedBy = tested?.servedBy ?? "buy till you leave";
  const artefact = encode({ ...parts, servedBy });
  const model = openLifetimeModel(artefact, mathematics);
  // Those whom the model was made for, as it is asked about them from now on.
  const today = cutoff === until ? inputs : at(until).map(lifetimeInput);
  const scores = Float64Array.from(today, (columns) => model.score(columns));
  return {
    kind: "trained",
    artefact,
    golden: inputs.slice(0, goldenRows).map((columns) => ({
      input: inputOf(lifetimeSignature, columns),
      score: model.score(
        Float64Array.from(lifetimeSignature, ({ name }) => inputOf(lifetimeSignature, columns)[name]!),
      ),
    })),
    metrics: {
      servedBy,
      verdict: tested?.verdict ?? "There are less than 300 days to look back on, so nothing was tested yet.",
      rowsLearned: learned.length,
      rowsTested: tested?.rows ?? 0,
      ...(tested && { testFrom: new Date(cutoff).toISOString(), gain: tested.gain }),
      measures: tested?.measures ?? [],
      weights: [],
    },
    reference: {
      ...Object.fromEntries(
        lifetimeSignature.map(({ name }, column) => [
          name,
          histogramOf(Float64Array.from(today, (columns) => columns[column]!)),
        ]),
      ),
      score: histogramOf(scores),
    },
    settings: { horizonDays, purchase: parts.purchase, spend: parts.spend },
    dataHash: sha256(Buffer.from(Float64Array.from(inputs.flatMap((columns) => [...columns])).buffer)),
    windowFrom: began,
    ...(tested && comparisons({ champion, general }, model, tested.outcomes, seed)),
  };
}

function fit(learned: readonly KnownHistory[], inputs: readonly Float64Array[]) {
  return {
    format: lifetimeFormat as typeof lifetimeFormat,
    purchase: fitPurchaseModel(
      inputs.map(([repeats, lastAt, age]) => ({
        repeats: repeats!,
        lastAt: repeats! > 0 ? Math.min(lastAt!, age!) : 0,
        age: age!,
      })),
    ),
    spend: fitSpendModel(
      learned.flatMap((known, at) =>
        inputs[at]![3]! > 0 ? [{ purchases: known.orders.length, mean: inputs[at]![3]! }] : [],
      ),
    ),
  };
}

interface Outcome {
  readonly columns: Float64Array;
  readonly came: number;
  /** Of a farm's customer: what the general version is asked, and the share of the answer that is the farm's. */
  readonly whole?: { readonly columns: Float64Array; readonly share: number };
}

/** Everybody known at the cut-off, with what they spent in the half-year after it. */
function outcomesAfter({ histories, seasonOf, until, whole }: TrainingWorld, cutoff: number): Outcome[] {
  return histories.flatMap((history, at) => {
    const known = knownBy(history, cutoff, seasonOf);
    if (!known) return [];
    const stood = history.orders.filter(({ cancelledAt }) => cancelledAt === undefined);
    const came = spentWithin({ orders: stood }, cutoff, until);
    const all = whole && knownBy(whole.histories[at]!, cutoff, whole.seasonOf);
    return [{ columns: lifetimeInput(known), came, ...(all && { whole: wholeOf(known, all) }) }];
  });
}

/** A whole number of weeks, so that each season counts once. */
const shareDays = 364;

/** By the share of what the shopper spent in the year before that went to the farm. */
function wholeOf(own: KnownHistory, all: KnownHistory): NonNullable<Outcome["whole"]> {
  const from = own.at - days(shareDays);
  const spent = spentWithin(all, from, own.at);
  const share = spent === 0 ? 0 : Math.min(1, spentWithin(own, from, own.at) / spent);
  return { columns: lifetimeInput(all), share };
}

type OpenLifetime = ReturnType<typeof openLifetimeModel>;

/** How a farm's own version is told apart on its card from the one that it has to beat. */
const generalName = "the general version";

/** What the general version tells of a row: for a farm the farm's share of what it tells of the shopper's whole baskets. */
const generalTold = (general: OpenLifetime, { columns, whole }: Outcome): number =>
  whole ? whole.share * general.score(whole.columns) : general.score(columns);

/** An artefact to compare with; one that is gone or cannot be opened is none. */
function openRival(bytes: Uint8Array | undefined): OpenLifetime | undefined {
  try {
    return bytes && openLifetimeModel(bytes, mathematics);
  } catch {
    return undefined;
  }
}

function judge(
  outcomes: readonly Outcome[],
  model: OpenLifetime,
  general: OpenLifetime | undefined,
  seed: number,
) {
  const total = outcomes.reduce((sum, { came }) => sum + came, 0);
  const judged: Record<string, (outcome: Outcome) => number> = Object.fromEntries(
    Object.entries(model.members).map(([name, member]) => [name, ({ columns }) => member(columns)]),
  );
  if (general) judged[generalName] = (outcome) => generalTold(general, outcome);
  const members = Object.entries(judged).map(([name, tell]) => {
    const told = outcomes.map(tell);
    return {
      name,
      errors: told.map((value, at) => Math.abs(value - outcomes[at]!.came)),
      total: told.reduce((sum, value) => sum + value, 0),
    };
  });
  const errorsOf = (name: LifetimeMember): number[] => members.find((one) => one.name === name)!.errors;
  const differences = errorsOf("last half-year again").map(
    (error, at) => error - errorsOf("buy till you leave")[at]!,
  );
  const gain = {
    ...pairedInterval(differences, [...differences.keys()], { seed }),
    against: "last half-year again",
    unit: "cents of mean absolute error",
  };
  const inside = outcomes.filter(({ columns, came }) => {
    const { low, high } = model.answer(columns);
    return came >= low! && came <= high!;
  }).length;
  const servedBy: LifetimeMember = gain.low > 0 ? "buy till you leave" : "last half-year again";
  const valuesOf = (of: (member: (typeof members)[number]) => number): Record<string, number> =>
    Object.fromEntries(members.map((member) => [member.name, of(member)]));
  const measures: Measure[] = [
    {
      name: "total told / total that came",
      better: "near 1",
      values: valuesOf((one) => one.total / Math.max(1, total)),
    },
    {
      name: "mean absolute error, cents",
      better: "lower",
      values: valuesOf(
        ({ errors }) => errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length),
      ),
    },
    {
      name: "share within the interval of 80 %",
      better: "higher",
      values: { "buy till you leave": inside / Math.max(1, outcomes.length) },
    },
  ];
  return {
    servedBy,
    gain,
    measures,
    outcomes,
    rows: outcomes.length,
    verdict:
      servedBy === "buy till you leave"
        ? "It misses by less than repeating the last half-year, beyond doubt: it serves."
        : "It is not better than repeating the last half-year beyond doubt: that serves.",
  };
}

/** Who misses by how much more than whom, on the same rows: the champion and, for a farm's own version, the general one. */
function comparisons(
  rivals: Pick<TrainingOptions, "champion" | "general">,
  model: OpenLifetime,
  outcomes: readonly Outcome[],
  seed: number,
): Pick<TrainedModel, "againstChampion" | "againstGeneral" | "championAgainstGeneral"> {
  const missesOf = (tell: (outcome: Outcome) => number) =>
    outcomes.map((outcome) => Math.abs(tell(outcome) - outcome.came));
  const scoreMisses = (one: OpenLifetime) => missesOf(({ columns }) => one.score(columns));
  const between = (older: readonly number[], newer: readonly number[]) =>
    pairedInterval(
      older.map((miss, at) => miss - newer[at]!),
      [...older.keys()],
      { seed },
    );
  const [olderModel, generalModel] = [openRival(rivals.champion), openRival(rivals.general)];
  const own = scoreMisses(model);
  const champion = olderModel && scoreMisses(olderModel);
  const general = generalModel && missesOf((outcome) => generalTold(generalModel, outcome));
  return {
    ...(champion && { againstChampion: between(champion, own) }),
    ...(general && { againstGeneral: between(general, own) }),
    ...(general && champion && { championAgainstGeneral: between(general, champion) }),
  };
}

const encode = (artefact: LifetimeArtefact): Uint8Array => Buffer.from(JSON.stringify(artefact));
