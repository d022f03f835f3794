import { defineConfig } from "vitest/config";

export default defineConfig({
  // A new cluster takes seconds on a busy machine.
  test: { name: "@almanac/services-tooling", testTimeout: 60_000, hookTimeout: 60_000 },
});
