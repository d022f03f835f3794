import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import { inputError } from "./input-error.ts";

/**
 * Writes a file whole or not at all: beside its place first, then moved over it.
 *
 * @throws AppError `input_invalid` when the place cannot be written; nothing is left behind
 */
export async function writeAtomic(file: string, text: string): Promise<void> {
  await writeInParts(file, (write) => write(text));
}

/**
 * `writeAtomic` for what is not in memory all at once: `work` hands over one part after the other.
 *
 * @throws AppError `input_invalid` when the place cannot be written; what `work` throws; nothing is left behind either way
 */
export async function writeInParts(
  file: string,
  work: (write: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const beside = `${file}.${process.pid}.partial`;
  const written = <T>(step: Promise<T>): Promise<T> =>
    step.catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw inputError(`cannot be written (${reason})`, file);
    });
  let handle: FileHandle | undefined;
  try {
    const opened = (handle = await written(open(beside, "w")));
    await work(async (text) => {
      await written(opened.writeFile(text));
    });
    await handle.close();
    handle = undefined;
    await written(rename(beside, file));
  } catch (cause) {
    await handle?.close();
    await rm(beside, { force: true });
    throw cause;
  }
}
