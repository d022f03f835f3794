import { AppError } from "@almanac/kernel";
import { sha256 } from "../kinds/content-hash.ts";
import { heldBackWeeks, weekOfYear } from "./demand-weeks.ts";
import type { LoadedModel, Mathematics } from "../kinds/family.ts";
import type { Signature } from "../kinds/signature.ts";

export const seasonFormat = "almanac-season-1";
/** What needs no network: one of the two serves wherever the network does not. */
export type PlainMember = "harmonic regression" | "share of the latest year";
export type SeasonMember = PlainMember | "network";
const pooledMember = "harmonic regression of all products";

/** Log-odds of a week: an intercept, and sine and cosine of one and two waves a year. */
export type Waves = readonly [number, number, number, number, number];

export interface SeasonSeries {
  readonly product: number;
  readonly market: number;
  readonly servedBy: SeasonMember;
  /** Who serves the weeks that the network does not tell. */
  readonly plain: PlainMember;
  readonly waves: Waves;
  /** Chances of the eight weeks from the artefact's on, by the network; there where that serves. */
  readonly told?: readonly number[];
  /** Of the latest weeks, at most 52 and known, those in which it was asked for. */
  readonly asked: number;
  readonly of: number;
}

/** What was told when it was made. A network is not in it: it can tell no week beyond the eight that stand here. */
export interface SeasonArtefact {
  readonly format: typeof seasonFormat;
  readonly fromWeek: number;
  /** For a product that is too young to have a season of its own. */
  readonly pooled: Waves;
  readonly series: readonly SeasonSeries[];
}

const numberOfId = { kind: "number", min: 0, max: 2 ** 48 - 1, isOptional: false } as const;
export const seasonSignature: Signature = [
  { name: "product", ...numberOfId },
  { name: "market", ...numberOfId },
  { name: "week", kind: "number", min: 0, max: 10_000, isOptional: false },
];

/** What each input is, for the model's card. */
export const seasonWords: Readonly<Record<string, string>> = {
  product: "The product: the first 48 bits of the SHA-256 of its id",
  market: "The market, by its id in the same way",
  week: "Weeks since Monday, 29 December 1969",
};

/** An id as a number, the same in every version: models take numbers alone. */
export const numberOf = (id: string): number => Number.parseInt(sha256(Buffer.from(id)).slice(0, 12), 16);

/** Sine and cosine of one and two waves a year, of a week. */
export function wavesAt(week: number): [number, number, number, number] {
  const angle = (2 * Math.PI * weekOfYear(week)) / (365.25 / 7);
  return [Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle)];
}

/** Log-odds of a week. */
export function harmonicOdds([intercept, ...weights]: Waves, week: number): number {
  return wavesAt(week).reduce((sum, wave, at) => sum + wave * weights[at]!, intercept);
}

/** The share of the latest weeks in which it was asked for, with one more week that was half so: never 0 nor 1. */
export const shareOf = (asked: number, of: number): number => (asked + 0.5) / (of + 1);

/**
 * Opens an artefact: of the eight weeks after it was made what was told of them, by whichever was chosen for the product; of
 * any other week the plain member that did better before.
 *
 * @throws AppError `input_invalid` for bytes that are no such model
 */
export function openSeasonModel(
  bytes: Uint8Array,
  { logistic }: Pick<Mathematics, "logistic">,
): LoadedModel & { readonly fromWeek: number } {
  const { fromWeek, pooled, series } = parseArtefact(bytes);
  const known = new Map(series.map((one) => [`${one.product} ${one.market}`, one]));
  const tell = ([product, market, day]: Float64Array): {
    score: number;
    servedBy: string;
    reason?: string;
  } => {
    const week = Math.floor(day!);
    const own = known.get(`${product} ${market}`);
    if (!own) return { score: logistic(harmonicOdds(pooled, week)), servedBy: pooledMember };
    const reason = `Asked for in ${own.asked} of the latest ${own.of} weeks`;
    const told = own.servedBy === "network" ? own.told?.[week - fromWeek] : undefined;
    if (told !== undefined) return { score: told, servedBy: "network", reason };
    if (own.plain === "share of the latest year")
      return { score: shareOf(own.asked, own.of), servedBy: own.plain, reason };
    return { score: logistic(harmonicOdds(own.waves, week)), servedBy: own.plain, reason };
  };
  return {
    fromWeek,
    score: (columns) => tell(columns).score,
    answer(columns, { withReasons = true } = {}) {
      const { score, servedBy, reason } = tell(columns);
      return { score, servedBy, reasons: withReasons && reason !== undefined ? [reason] : [] };
    },
  };
}

function parseArtefact(bytes: Uint8Array): SeasonArtefact {
  const refuse = (cause?: unknown): never => {
    throw new AppError("input_invalid", "These bytes are no model of seasons.", { cause });
  };
  try {
    const found = JSON.parse(Buffer.from(bytes).toString("utf8")) as SeasonArtefact;
    const isWhole =
      found.format === seasonFormat &&
      Number.isInteger(found.fromWeek) &&
      areWaves(found.pooled) &&
      found.series.every(isSeries);
    return isWhole ? found : refuse();
  } catch (error) {
    return error instanceof AppError ? refuse() : refuse(error);
  }
}

const areWaves = (waves: readonly unknown[]): boolean => waves.length === 5 && waves.every(Number.isFinite);

const plainMembers: readonly string[] = [
  "harmonic regression",
  "share of the latest year",
] satisfies readonly PlainMember[];

function isSeries({ product, market, servedBy, plain, waves, told, asked, of }: SeasonSeries): boolean {
  const isTold =
    servedBy === plain ||
    (servedBy === "network" &&
      told?.length === heldBackWeeks &&
      told.every((chance) => chance >= 0 && chance <= 1));
  const isPlain = plainMembers.includes(plain);
  return areWaves(waves) && isPlain && isTold && [product, market, asked, of].every(Number.isInteger);
}
