import { defineConfig } from "vitest/config";

// Its own, so that tests do not load the Remix build.
export default defineConfig({ test: { include: ["app/**/*.test.{ts,tsx}"], passWithNoTests: true } });
