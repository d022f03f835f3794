/**
 * Checks who imports whom. A package may import what its package.json declares; its tests, benches and type-only imports
 * also what it declares for development. No circles, nothing declared in vain, and the few rules of `rules.ts`.
 *
 * `--layers` prints the packages from the ground up.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { layersOf } from "./layers.ts";
import { asTypesOnly, mayOnlyImport, onlyImportedBy, servesBuildOf } from "./rules.ts";
import { importsOf, isTestFile, readRooms, sourceFiles, type Room } from "./workspace.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function problemsOfImports(room: Room): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const file of sourceFiles(room.folder)) {
    const isTest = isTestFile(file);
    for (const target of importsOf(readFileSync(file, "utf8"))) {
      if (!isTest) used.add(target);
      const isAllowed =
        target === room.name ||
        room.declared.has(target) ||
        (isTest && room.declaredForTests.has(target)) ||
        asTypesOnly[room.name]?.includes(target);
      if (isAllowed) continue;
      problems.push(`${file.slice(root.length)} imports @almanac/${target}, which its package.json has not`);
    }
  }
  for (const target of room.declared)
    if (!used.has(target) && !servesBuildOf[room.name]?.includes(target))
      problems.push(`${room.name} declares @almanac/${target} and does not import it`);
  return problems;
}

function problemsOfRules(room: Room): string[] {
  const problems: string[] = [];
  const only = mayOnlyImport[room.name];
  for (const target of room.declared) {
    if (only && !only.includes(target)) problems.push(`${room.name} may not import ${target}`);
    const importers = onlyImportedBy[target];
    if (importers && !importers.includes(room.name)) problems.push(`${target} is not for ${room.name}`);
  }
  return problems;
}

function problemsOfCircles(rooms: readonly Room[]): string[] {
  try {
    layersOf(rooms);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

const rooms = readRooms(root);
const problems = [
  ...rooms.flatMap((room) => [...problemsOfRules(room), ...problemsOfImports(room)]),
  ...problemsOfCircles(rooms),
];
if (process.argv.includes("--layers") && problems.length === 0) {
  for (const [height, names] of layersOf(rooms).entries()) console.log(`${height}  ${names.join(" ")}`);
}
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? "all arrows point the right way" : `${problems.length} arrows point the wrong way`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
