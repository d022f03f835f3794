import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A package of the workspace, by its name without `@almanac/`. */
export interface Room {
  readonly name: string;
  readonly folder: string;
  /** Workspace packages that it declares, and those that only its tests, benches and types need. */
  readonly declared: ReadonlySet<string>;
  readonly declaredForTests: ReadonlySet<string>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const scope = "@almanac/";

function workspaceNames(dependencies: Readonly<Record<string, string>> = {}): Set<string> {
  return new Set(
    Object.keys(dependencies)
      .filter((name) => name.startsWith(scope))
      .map((name) => name.slice(scope.length)),
  );
}

/** Every package and app below the root of the workspace. */
export function readRooms(root: string): Room[] {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group))
      .filter((name) => existsSync(join(root, group, name, "package.json")))
      .map((name) => {
        const folder = join(root, group, name);
        const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
        return {
          name,
          folder,
          declared: workspaceNames(manifest.dependencies),
          declaredForTests: workspaceNames(manifest.devDependencies),
        };
      }),
  );
}

/** Paths of all sources of a folder, without what was built or installed there. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => !["node_modules", "build", "dist", "drizzle", "pictures"].includes(entry))
    .flatMap((entry) => {
      const path = join(folder, entry);
      if (statSync(path).isDirectory()) return sourceFiles(path);
      return /\.(ts|tsx|mts)$/.test(entry) ? [path] : [];
    });
}

export function isTestFile(path: string): boolean {
  return /\.test\.tsx?$|\/(tests|bench|fixtures|e2e|scripts)\/|\/testing\.ts$|\/testing\//.test(path);
}

/** Names of the workspace packages that a source imports, each as often as it does. */
export function importsOf(source: string): string[] {
  const pattern = /(?:from|import)\s*\(?\s*["']@almanac\/([a-z-]+)(?:\/[^"']*)?["']/g;
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}
