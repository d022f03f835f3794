import { rename, rm, writeFile } from "node:fs/promises";
import { inputError } from "./input-error.ts";

/**
 * Writes a file whole or not at all: beside its place first, then moved over it.
 *
 * @throws AppError `input_invalid` when the place cannot be written; nothing is left behind
 */
export async function writeAtomic(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.partial`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw inputError(`cannot be written (${cause instanceof Error ? cause.message : String(cause)})`, file);
  }
}
