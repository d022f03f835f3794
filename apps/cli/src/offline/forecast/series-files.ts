import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { inputError } from "../files/input-error.ts";
import { readObjects } from "./read-series.ts";

export interface SeriesFile {
  readonly name: string;
  readonly path: string;
}

const seriesName = /\.jsonl(\.gz)?$/;

/**
 * The files of series at a place: the place itself, or those of a folder whose names end in `.jsonl` or `.jsonl.gz`, by
 * name. Files of a folder whose first line has no horizon, such as streams for anomalies, are named in `left`.
 *
 * @throws AppError `input_invalid` where there is no such place, or a folder holds no series
 */
export async function seriesFiles(place: string): Promise<{ files: SeriesFile[]; left: string[] }> {
  if (!(await isFolder(place))) return { files: [{ name: basename(place), path: place }], left: [] };
  const names = (await readdir(place)).filter((name) => seriesName.test(name)).sort();
  const files: SeriesFile[] = [];
  const left: string[] = [];
  for (const name of names) {
    const path = join(place, name);
    const [first] = await readObjects(path);
    if (first && first.row["h"] === undefined) left.push(name);
    else files.push({ name, path });
  }
  if (files.length === 0) throw inputError("holds no file of series (.jsonl, .jsonl.gz)", place);
  return { files, left };
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch {
    // What cannot be looked at is refused when it is read, in the words of every file.
    return false;
  }
}
