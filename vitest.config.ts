import { defineConfig } from "vitest/config";

const tests = "**/*.test.{ts,tsx}";
const server = "apps/server/**";
// How long a test waits for what must come, where coming soon is not what it is about: the machine may be busy.
const patience = 20_000;

export default defineConfig({
  test: {
    // In the order of their names. The longest files come first, so that both workers end at about the same time.
    projects: [
      // Whole shops, with processes and browsers of their own.
      { extends: true, test: { name: "apps/server", include: [`apps/server/${tests}`] } },
      // One project, and modules that are loaded once a worker: each file on its own costs a second before its first test.
      {
        extends: true,
        test: {
          name: "code",
          include: ["apps", "packages", "tooling"].map((group) => `${group}/${tests}`),
          exclude: ["**/node_modules/**", server],
          isolate: false,
          expect: { poll: { interval: 5, timeout: patience } },
        },
      },
    ],
    // An embedded PostgreSQL takes about 500 MB, and two fit on a small machine.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: patience } },
  },
});
