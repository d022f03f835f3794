import { parseArgs } from "node:util";
import { inputError } from "../files/input-error.ts";
import { needed, wholeNumber } from "../forecast/options.ts";

/** Options of a command about a table, as text; those that were not given are absent. */
export type TabularValues = Readonly<Record<string, string | undefined>> & { readonly help: boolean };

/** @throws AppError `input_invalid` for an option that the command does not know */
export function readTabularOptions(
  argv: readonly string[],
  names: readonly string[],
): {
  readonly help: boolean;
  readonly text: (name: string) => string | undefined;
  /** @throws AppError `input_invalid` where it is missing */
  readonly needed: (name: string) => string;
  /** Names separated by commas; none for an empty text. */
  readonly list: (name: string) => string[];
  readonly whole: (name: string, otherwise: number, least: number, most: number) => number;
} {
  const values = parsed(argv, names);
  // An empty option means none.
  const text = (name: string): string | undefined => (values[name] as string | undefined) || undefined;
  return {
    help: values["help"] === true,
    text,
    needed: (name) => needed(name, text(name)),
    list: (name) =>
      (text(name) ?? "")
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    whole: (name, otherwise, least, most) => wholeNumber(name, text(name) ?? String(otherwise), least, most),
  };
}

function parsed(
  argv: readonly string[],
  names: readonly string[],
): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
        help: { type: "boolean" },
      },
    }).values as Record<string, string | boolean | undefined>;
  } catch (cause) {
    throw inputError(cause instanceof Error ? cause.message : String(cause));
  }
}
