import { parseArgs } from "node:util";
import { availableParallelism } from "node:os";
import { inputError } from "../files/input-error.ts";

export interface ForecastOptions {
  readonly in: string;
  readonly out: string;
  readonly model: string;
  /** Ascending shares in (0, 1). */
  readonly levels: readonly number[];
  readonly jobs: number;
  readonly help: boolean;
}

export const forecastHelp = `almanac forecast --in s.jsonl --out f.jsonl [options]

Forecasts series. Files are JSON lines, plain or gzip.

  --in FILE      {"id","y":[history],"h":steps,"m":season, ...} a line; null is a gap; m is 1 where it is missing. Other
                 arrays as long as y and h together (price, deal, feature) are known columns over both and may hold
                 nulls. "test" is never read. An id of two parts (main-street/eggs) tells place and product: prices of the
                 other products of a place count too
  --out FILE     {"id","mean":[h],"lo80","hi80","lo95","hi95","q":{"0.1","0.5","0.9":[h]},"model"} a line
  --model NAME   auto (default), or one of the models that a wrong name lists
  --levels A,B   percent of the intervals, 80,95 unless told
  --jobs N       threads, as many as the machine has cores unless told; the numbers are the same with any
  --seed N       accepted and not needed: nothing here is left to chance

Series of one file help each other: how far off forecasts are is learned from all of them, by batches of 250,000 values (4,000
series at most), so that a file may be larger than memory. The last line on stdout is a summary in JSON. Exit code 2: bad
input, nothing written.
`;

/** @throws AppError `input_invalid` with one sentence for an unknown, missing or malformed option */
export function parseForecastOptions(argv: readonly string[]): ForecastOptions {
  const values = parsedArguments(argv);
  const help = values.help === true;
  if (values.seed) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  return {
    in: help ? "" : needed("in", values.in),
    out: help ? "" : needed("out", values.out),
    model: values.model || "auto",
    levels: levelsOf(values.levels || "80,95"),
    jobs: wholeNumber("jobs", values.jobs || String(availableParallelism()), 1, 256),
    help,
  };
}

function parsedArguments(argv: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        in: text,
        out: text,
        model: text,
        levels: text,
        jobs: text,
        seed: text,
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
}

function levelsOf(text: string): number[] {
  const levels = text.split(",").map(Number);
  if (levels.some((level) => !(level > 0 && level < 100))) {
    throw inputError(`--levels are percents between 0 and 100, such as 80,95, not ${JSON.stringify(text)}`);
  }
  return [...new Set(levels)].sort((a, b) => a - b).map((level) => level / 100);
}

export function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw inputError(`--${name} names no file`);
  return value;
}

export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw inputError(
      `--${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}
