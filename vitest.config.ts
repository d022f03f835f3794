import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

/** One project a workspace package, all with the settings below. */
const projects = ["packages", "apps", "tooling"].flatMap((group) =>
  readdirSync(join(root, group))
    .filter((name) => existsSync(join(root, group, name, "package.json")))
    .map((name) => ({
      extends: true as const,
      root: join(root, group, name),
      test: { name: `${group}/${name}`, include: ["**/*.test.{ts,tsx}"] },
    })),
);

export default defineConfig({
  test: {
    projects,
    // An embedded PostgreSQL takes about 500 MB, and two fit on a small machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
