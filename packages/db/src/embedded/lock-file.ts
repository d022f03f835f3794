import { randomUUID } from "node:crypto";
import { readFileSync, unlinkSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@almanac/kernel";

interface LockHolder {
  pid: number;
  /** When the process started, in the units of this system's process table; empty where there is none. */
  processStart: string;
  /** Distinguishes this lock from a later one of the same process. */
  token: string;
}

/** PGlite takes no lock of its own: two processes on one folder both succeed, and silently diverge. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process, creating it where needed. The lock of a process that no longer runs is taken over.
 * Processes in separate containers do not see each other: give each container a folder of its own.
 *
 * @throws AppError `data_folder_in_use` while another live process, or this one, holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "almanac.lock");
  const mine: LockHolder = { pid: process.pid, processStart: processStart(process.pid), token: randomUUID() };
  while (!(await create(path, mine))) {
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (isRunning(holder)) {
      throw new AppError(
        "data_folder_in_use",
        `Another Almanac (pid ${holder.pid}) already uses ${folder}. Stop it or pass --data with another folder.`,
        { details: { pid: holder.pid } },
      );
    }
    await removeStale(path, holder);
  }
  const removeAtExit = () => removeIfMine(path, mine);
  process.once("exit", removeAtExit);
  return {
    release: async () => {
      process.off("exit", removeAtExit);
      removeIfMine(path, mine);
    },
  };
}

/** Creates the file with its content in one step, so that nobody reads it half written. False if it is there. */
async function create(path: string, holder: LockHolder): Promise<boolean> {
  const draft = `${path}.${holder.token}`;
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return parseHolder(await readFile(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseHolder(text: string): LockHolder {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "pid" in parsed && typeof parsed.pid === "number") {
      return {
        pid: parsed.pid,
        processStart: "processStart" in parsed ? String(parsed.processStart) : "",
        token: "token" in parsed ? String(parsed.token) : "",
      };
    }
  } catch {
    // A file that is not ours to read cannot name a running process: treated like the lock of a dead one.
  }
  return { pid: 0, processStart: "", token: "" };
}

/**
 * Removes the lock of a dead process. Two starts may find the same dead lock: the rename lets one of them win, and the
 * loser, if it has moved the winner's new lock aside, puts it back.
 */
async function removeStale(path: string, dead: LockHolder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && moved.token !== dead.token) await link(aside, path);
  await rm(aside, { force: true });
}

function removeIfMine(path: string, mine: LockHolder): void {
  try {
    if (parseHolder(readFileSync(path, "utf8")).token === mine.token) unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

function isRunning({ pid, processStart: start }: LockHolder): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
  // The same number may by now belong to another process.
  const now = processStart(pid);
  return start === "" || now === "" || start === now;
}

/** Field 22 of /proc/<pid>/stat, counted after the command in parentheses, which may hold spaces. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    // No process table to read on this system: the pid alone has to do.
    return "";
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
