import { rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { inputError } from "./input-error.ts";

/**
 * Writes a file whole or not at all: beside its place first, then moved over it. What a link points to is what is written. A
 * device or a pipe takes what it is given as it comes, for there is nothing to move a file over. What ends in `.gz` is packed. A
 * command that is interrupted takes its part away; one that is killed outright leaves it behind, and the next one to write
 * there takes it away.
 *
 * @throws AppError `input_invalid` when the place cannot be written; nothing is left behind
 */
export async function writeAtomic(file: string, text: string): Promise<void> {
  await writeInParts(file, (write) => write(text));
}

const linesAtOnce = 2_000;

/** `writeAtomic` for lines that are made one by one, each of them ended. @throws AppError as `writeAtomic` does, and what `lines` throws */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  await writeInParts(file, async (write) => {
    let part: string[] = [];
    const flush = async (): Promise<void> => {
      if (part.length > 0) await write(`${part.join("\n")}\n`);
      part = [];
    };
    for (const line of lines) if (part.push(line) === linesAtOnce) await flush();
    await flush();
  });
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
  // Where it may not be taken away, as another's in a shared folder, it stays: writing goes on.
  if (beside !== undefined) await clearAway(place.path).catch(() => undefined);
  // A command that is interrupted ends there and then: no `catch` would run. Signals are listened to for no longer than that,
  // as a listener hears nothing until a long calculation has ended.
  const clear = (): void => void (beside !== undefined && rmSync(beside, { force: true }));
  const interrupted = (_: NodeJS.Signals, number: number): never => process.exit(128 + number);
  process.once("exit", clear);
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  let handle: FileHandle | undefined;
  try {
    const opened = (handle = await written(open(beside ?? place.path, "w")));
    // Of gzip one piece after the other is gzip again, and none is not.
    const packed = (text: string): string | Buffer => (file.endsWith(".gz") ? gzipSync(text) : text);
    let isEmpty = true;
    await work(async (text) => {
      isEmpty = false;
      await written(opened.writeFile(packed(text)));
    });
    if (isEmpty) await written(opened.writeFile(packed("")));
    await handle.close();
    handle = undefined;
    if (beside !== undefined) await written(rename(beside, place.path));
  } catch (cause) {
    await handle?.close();
    if (beside !== undefined) await rm(beside, { force: true });
    throw cause;
  } finally {
    process.off("exit", clear);
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
  }
}

/** Takes away what commands that were killed left beside a place; what one that still runs is writing stays. */
async function clearAway(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(start) ? /^(\d+)\.partial$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Others' processes may not be signalled, but are there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
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
