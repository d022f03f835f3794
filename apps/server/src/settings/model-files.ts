import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Env } from "./env.ts";

/**
 * Where the files of models lie: beside the embedded database, in the database where it is shared by processes, or in the
 * folder that was named.
 *
 * @returns `undefined` for the database
 */
export function modelFolder(
  { ALMANAC_MODELS: place, DATABASE_URL }: Pick<Env, "ALMANAC_MODELS" | "DATABASE_URL">,
  dataDir: string,
): string | undefined {
  if (place === "database" || (place === undefined && DATABASE_URL !== undefined)) return undefined;
  if (place === undefined) return join(dataDir, "models");
  return isAbsolute(place) ? place : resolve(place);
}

/** The commit that the working copy around a folder is at; "unknown" where there is none. */
export async function readCommit(from: string): Promise<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, ".git");
    // Most folders on the way up have none; one that cannot be read is passed by, as the lineage is no reason not to open.
    const kind = await stat(found).catch(() => undefined);
    if (kind) return (await commitOf(kind.isFile() ? await linked(found) : found)) ?? "unknown";
    if (dirname(folder) === folder) return "unknown";
  }
}

/** A second working copy says in a file where its part of the repository is. */
async function linked(file: string): Promise<string> {
  const [, place = ""] = /^gitdir: (.+)$/m.exec(await readFile(file, "utf8")) ?? [];
  return resolve(dirname(file), place);
}

async function commitOf(folder: string): Promise<string | undefined> {
  const textOf = (...path: string[]): Promise<string | undefined> =>
    readFile(join(...path), "utf8").then(
      (text) => text.trim(),
      () => undefined,
    );
  const head = await textOf(folder, "HEAD");
  const [, branch] = /^ref: (.+)$/.exec(head ?? "") ?? [];
  if (branch === undefined) return head;
  const common = resolve(folder, (await textOf(folder, "commondir")) ?? ".");
  const loose = (await textOf(folder, branch)) ?? (await textOf(common, branch));
  if (loose !== undefined) return loose;
  const packed = (await textOf(common, "packed-refs")) ?? "";
  return packed
    .split("\n")
    .find((line) => line.endsWith(` ${branch}`))
    ?.split(" ")[0];
}
