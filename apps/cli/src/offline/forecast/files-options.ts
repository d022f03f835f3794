import { parseArgs } from "node:util";
import { inputError } from "../files/input-error.ts";
import { needed, wholeNumber } from "./options.ts";

/** Options of a command that reads one file and writes another. */
export interface FilesOptions {
  readonly in: string;
  readonly out: string;
  readonly help: boolean;
}

/** @throws AppError `input_invalid` with one sentence for an unknown, missing or malformed option */
export function parseFilesOptions(argv: readonly string[]): FilesOptions {
  const text = { type: "string" } as const;
  let values;
  try {
    values = parseArgs({
      args: [...argv],
      options: { in: text, out: text, seed: text, help: { type: "boolean" } },
    }).values;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
  const help = values.help === true;
  if (values.seed) wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  return { in: help ? "" : needed("in", values.in), out: help ? "" : needed("out", values.out), help };
}
