/** `pnpm check`: all that can be said of the code without running it. Every check runs; the failed ones are named. */
import { run } from "./command.ts";

const checks: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["format", "prettier", ["--check", "--log-level=warn", "."]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["arrows", "node", ["tooling/arrows/check.ts"]],
  ["docs", "node", ["tooling/docs/check.ts"]],
  ["types", "turbo", ["run", "typecheck", "--output-logs=errors-only"]],
];

const failed: string[] = [];
for (const [name, command, args] of checks) {
  console.log(`check: ${name}`);
  if ((await run(command, args)) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
