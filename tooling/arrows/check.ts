/**
 * Checks who imports whom against the table in docs/architecture.md ("The arrows"): one row a package, with the packages
 * that it may import. Test files may also import `testing` and `services-tooling`.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const testOnly = new Set(["testing", "services-tooling"]);

export function readArrows(markdown: string): Map<string, Set<string>> {
  const section = markdown.split(/^## /m).find((part) => part.startsWith("The arrows"));
  if (!section) throw new Error('docs/architecture.md has no section "The arrows"');
  const arrows = new Map<string, Set<string>>();
  for (const line of section.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const names = [...(cells[1] ?? "").matchAll(/`([a-z-]+)`/g)].map((match) => match[1]!);
    if (names.length === 0 || cells.length < 4) continue;
    const allowed = new Set([...(cells[2] ?? "").matchAll(/`([a-z-]+)`/g)].map((match) => match[1]!));
    for (const name of names) arrows.set(name, allowed);
  }
  return arrows;
}

function sourceFiles(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder)) {
    if (["node_modules", "build", "dist", "drizzle", "pictures"].includes(entry)) continue;
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) found.push(...sourceFiles(path));
    else if (/\.(ts|tsx|mts)$/.test(entry)) found.push(path);
  }
  return found;
}

function isTestFile(path: string): boolean {
  return /\.test\.tsx?$|\/(tests|bench|fixtures)\/|\/testing\.ts$|\/testing\//.test(path);
}

export function importsOf(source: string): string[] {
  const pattern = /(?:from|import)\s*\(?\s*["']@almanac\/([a-z-]+)(?:\/[^"']*)?["']/g;
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}

const arrows = readArrows(readFileSync(join(root, "docs/architecture.md"), "utf8"));
const problems: string[] = [];
for (const group of ["apps", "packages"]) {
  for (const name of readdirSync(join(root, group))) {
    const folder = join(root, group, name);
    if (!statSync(folder).isDirectory()) continue;
    const allowed = arrows.get(name);
    if (!allowed) {
      problems.push(`${group}/${name} has no row in the table of docs/architecture.md`);
      continue;
    }
    for (const file of sourceFiles(folder)) {
      for (const target of importsOf(readFileSync(file, "utf8"))) {
        if (target === name || allowed.has(target) || target === "tsconfig") continue;
        if (isTestFile(file) && (testOnly.has(target) || arrows.get(target) !== undefined)) continue;
        problems.push(`${file.slice(root.length)} imports @almanac/${target}, which ${name} may not`);
      }
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? "all arrows point the right way" : `${problems.length} arrows point the wrong way`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
