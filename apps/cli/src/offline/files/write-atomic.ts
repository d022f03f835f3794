import { rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { inputError } from "./input-error.ts";

/**
 * Writes a file whole or not at all: beside its place first, then moved over it. What a link points to is what is written. A
 * device or a pipe takes what it is given as it comes, for there is nothing to move a file over.
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
  const written = <T>(step: Promise<T>): Promise<T> =>
    step.catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw inputError(`cannot be written (${reason})`, file);
    });
  const place = await written(placeOf(file));
  const beside = place.isStream ? undefined : `${place.path}.${process.pid}.partial`;
  // A command that is interrupted ends there and then: no `catch` would run.
  const clear = (): void => void (beside !== undefined && rmSync(beside, { force: true }));
  process.once("exit", clear);
  let handle: FileHandle | undefined;
  try {
    const opened = (handle = await written(open(beside ?? place.path, "w")));
    await work(async (text) => {
      await written(opened.writeFile(text));
    });
    await handle.close();
    handle = undefined;
    if (beside !== undefined) await written(rename(beside, place.path));
  } catch (cause) {
    await handle?.close();
    if (beside !== undefined) await rm(beside, { force: true });
    throw cause;
  } finally {
    process.off("exit", clear);
  }
}

/** Where to write: a link's end, and whether a file can be moved there. */
async function placeOf(file: string): Promise<{ path: string; isStream: boolean }> {
  try {
    const path = await realpath(file);
    const found = await stat(path);
    if (found.isDirectory()) throw new Error("is a folder");
    return { path, isStream: !found.isFile() };
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
      return { path: file, isStream: false };
    throw cause;
  }
}
