import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseHandle } from "@almanac/db";
import { AppError, hours, type Clock } from "@almanac/kernel";
import { sha256 } from "../core/kinds/content-hash.ts";
import { findArtefact, insertArtefact } from "../store/artefacts.ts";

/** Where artefacts lie, by their SHA-256: put and get, as an object store has them. */
export interface ArtefactStore {
  /** Told to operators: "in the database", or a folder. */
  readonly place: string;
  /** Whole or not at all, however often the process is killed. To put again what is there changes nothing. */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  get(hash: string): Promise<Uint8Array | undefined>;
}

/** In the database, which all processes share. */
export function databaseArtefacts(handle: DatabaseHandle, clock: Clock): ArtefactStore {
  return {
    place: "in the database",
    put: (hash, bytes) => insertArtefact(handle.db, { hash, bytes, storedAt: clock.now() }),
    get: (hash) => findArtefact(handle.db, hash),
  };
}

/** What a killed process may have left is removed when it is this old. */
const leftoverMs = hours(1);
const partial = ".part";

/**
 * In a folder, one file each. A file gets its name when it is whole and on the disk: it is written under another one,
 * flushed, renamed, and the folder flushed.
 */
export function folderArtefacts(folder: string): ArtefactStore {
  const pathOf = (hash: string): string => join(folder, `${assertHash(hash)}.model`);
  return {
    place: folder,
    async put(hash, bytes) {
      await mkdir(folder, { recursive: true });
      await removeLeftovers(folder);
      const unfinished = join(folder, `${assertHash(hash)}.${randomUUID()}${partial}`);
      const file = await open(unfinished, "wx");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, pathOf(hash));
      await flushFolder(folder);
    },
    async get(hash) {
      try {
        return await readFile(pathOf(hash));
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
  };
}

function assertHash(hash: string): string {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new AppError("invariant_failed", "An artefact is named by its SHA-256.");
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(partial)) continue;
    const path = join(folder, name);
    if (await isOlderThan(path, leftoverMs)) await rm(path, { force: true });
  }
}

/** What another process has renamed meanwhile is nobody's leftover. */
async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ageMs;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Some systems cannot flush a folder; the file itself is on the disk.
  } finally {
    await handle.close();
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/**
 * The bytes of a version, checked against its hash.
 *
 * @throws AppError `model_corrupt` where they are gone or not what they were
 */
export async function readArtefact(store: ArtefactStore, hash: string): Promise<Uint8Array> {
  const bytes = await store.get(hash);
  if (!bytes) throw new AppError("model_corrupt", "The model's file is gone.");
  if (sha256(bytes) !== hash)
    throw new AppError("model_corrupt", "The model's file is not what was written: its checksum differs.");
  return bytes;
}
