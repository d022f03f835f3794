import { defineConfig } from "vitest/config";

export default defineConfig({
  // A new embedded cluster costs 3 s of one core, and several of these tests make one.
  test: { name: "@almanac/db", testTimeout: 60_000, hookTimeout: 60_000 },
});
