import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const source = import.meta.dirname;

/** Every module that loading `entry` loads, by its path in the package, and the packages it asks for. */
function reachedFrom(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    const text = readFileSync(path, "utf8");
    for (const [, kind, specifier] of text.matchAll(/^(?:import|export) (type )?[^;]*?from "([^"]+)"/gm)) {
      if (kind !== undefined) continue;
      if (specifier!.startsWith(".")) visit(join(dirname(path), specifier!));
      else packages.add(specifier!);
    }
  };
  visit(join(source, entry));
  return { files: [...files].map((path) => relative(source, path)), packages: [...packages] };
}

describe("the doors for files", () => {
  it.each(["offline.ts", "learned.ts"])(
    "%s loads pure models only: no service, no routes, no database",
    (door) => {
      const { files, packages } = reachedFrom(door);
      expect(files.filter((path) => path !== door && !path.startsWith("core"))).toEqual([]);
      expect(packages.filter((name) => !["@almanac/kernel", "@almanac/ml"].includes(name))).toEqual([]);
      expect(files.length).toBeGreaterThan(10);
    },
  );

  it("see what the door of the service loads", () => {
    expect(reachedFrom("index.ts").packages).toContain("drizzle-orm");
  });
});
