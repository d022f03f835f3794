/** `pnpm check`: all that can be said of the code without running it. Every check runs; the failed ones are named. */
import { run } from "./command.ts";

const appFilters = ["server", "storefront", "portal", "ui", "client"].map(
  (name) => `--filter=@almanac/${name}`,
);

const checks: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["format", "prettier", ["--check", "--log-level=warn", "."]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["arrows", "node", ["tooling/arrows/check.ts"]],
  ["docs", "node", ["tooling/docs/check.ts"]],
  // One program for all that runs in Node: a program a package would read the same sources twenty times.
  ["types", "tsc", ["--project", "tsconfig.json"]],
  [
    "types of apps",
    "turbo",
    ["run", "typecheck", "--concurrency=2", "--output-logs=errors-only", ...appFilters],
  ],
];

const failed: string[] = [];
for (const [name, command, args] of checks) {
  console.log(`check: ${name}`);
  if ((await run(command, args)) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
