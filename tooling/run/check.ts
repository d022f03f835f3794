/** `pnpm check`: all that can be said of the code without running it. Every check runs; the failed ones are named. */
import { availableParallelism } from "node:os";
import { runQuietly } from "./command.ts";

type Check = readonly [name: string, command: string, args: readonly string[]];

const checks: readonly Check[] = [
  // One program for all that runs in Node and one for the pages: a program a package would read the same sources twenty times.
  ["types", "tsc", ["--project", "tsconfig.json"]],
  ["types of pages", "tsc", ["--project", "tsconfig.pages.json"]],
  // By itself, as it may use nothing of Node.
  ["types of ui", "tsc", ["--project", "packages/ui"]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["format", "prettier", ["--check", "--log-level=warn", "."]],
  ["arrows", "node", ["tooling/arrows/check.ts"]],
  ["docs", "node", ["tooling/docs/check.ts"]],
];

const failed: string[] = [];
const waiting = [...checks];

/** Takes one check after the other; two lanes keep two cores busy, since the longest checks use one each. */
async function lane(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, command, args] = next;
    const { code, output } = await runQuietly(command, args);
    console.log(`check: ${name}${code === 0 ? "" : " FAILED"}`);
    if (code === 0) continue;
    process.stdout.write(output);
    failed.push(name);
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
