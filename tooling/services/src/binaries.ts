import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The full path of a program on the PATH, or `undefined`. */
export function findOnPath(program: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** The folder that holds `initdb` and `postgres`: Debian keeps them off the PATH, the newest version is taken. */
export function findPostgresFolder(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = isFolder(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(root, version, "bin"));
  const onPath = findOnPath("initdb");
  if (onPath) folders.push(join(onPath, ".."));
  return folders.find((folder) =>
    ["initdb", "postgres"].every((program) => isExecutable(join(folder, program))),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent, or not ours to run: either way it cannot be used.
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    // Absent or unreadable.
    return false;
  }
}
