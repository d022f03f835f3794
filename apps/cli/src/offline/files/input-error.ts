import { AppError } from "@almanac/kernel";

/** The refusal of bad input: one sentence that names the file and, where there is one, the line. Exit code 2. */
export function inputError(problem: string, file?: string, line?: number): AppError {
  const place = [file, line].filter((part) => part !== undefined).join(":");
  return new AppError("input_invalid", place === "" ? problem : `${place}: ${problem}`);
}
