import { isAbsolute, resolve } from "node:path";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { AppError } from "@almanac/kernel";
import type { WorldPlace } from "@almanac/demo";

/** One word after `almanac`. */
export interface Command {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  /** What `--help` prints; absent where the command prints its own. */
  readonly help?: string;
  /**
   * @param argv what follows the command's name
   * @returns the exit code
   * @throws AppError for wrong use and bad input: one sentence, exit code 2
   */
  run(argv: string[], io: CommandIo): Promise<number>;
}

/** What a command reads and writes, so that a test can look on. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** For the answer: what a script reads. */
  readonly out: (text: string) => void;
  /** For people: progress, questions. */
  readonly say: (text: string) => void;
}

export function wrongUse(message: string): AppError {
  return new AppError("input_invalid", message);
}

/**
 * Options and words of a command line.
 *
 * @throws AppError `input_invalid` for an option that the command does not know
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  argv: string[],
  options: Options,
) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError("input_invalid", message, { cause: error });
  }
}

/** The database to work on: the folder of `--data`, else `DATABASE_URL`, else `ALMANAC_DATA` or `.data`. */
export function placeOf(data: string | undefined, env: CommandIo["env"]): WorldPlace {
  const url = env["DATABASE_URL"];
  if (data === undefined && url) return { url };
  const folder = data ?? (env["ALMANAC_DATA"] || ".data");
  if (folder === "") throw wrongUse("--data names no folder");
  return { dataDir: isAbsolute(folder) ? folder : resolve(folder) };
}

/** Seconds since `startedAt` and the most memory the process has held, as every summary ends. */
export function costsSince(startedAt: number): { seconds: number; peakRssMb: number } {
  return {
    seconds: Math.round(performance.now() - startedAt) / 1_000,
    // Kilobytes on every platform, by the documentation of resourceUsage.
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}
