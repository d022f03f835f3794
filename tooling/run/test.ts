/**
 * `pnpm test [vitest arguments]`: every test, on every database and bus that this machine has.
 *
 * PostgreSQL and Redis are taken from TEST_DATABASE_URL and TEST_REDIS_URL, or started from the machine's own binaries for
 * as long as the tests run. What is missing is named, and its tests are skipped. The last line counts.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, startRedis, type Service, type ServiceAttempt } from "@almanac/services-tooling";
import { buildApps, run } from "./command.ts";

/** The lightest first: the shell draws pages alone, without windows of its own. */
const chromiumPaths = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const missing: string[] = [];
const services: Service[] = [];

async function provide(variable: string, name: string, start: () => Promise<ServiceAttempt>): Promise<void> {
  if (process.env[variable]) return;
  const attempt = await start();
  if (!attempt.service) {
    missing.push(`${name}: ${attempt.reason}`);
    return;
  }
  services.push(attempt.service);
  process.env[variable] = attempt.service.url;
}

function countLine(summaryFile: string): { line: string; failed: number } {
  if (!existsSync(summaryFile)) return { line: "0 passed, 1 failed, 0 skipped", failed: 1 };
  const summary = JSON.parse(readFileSync(summaryFile, "utf8")) as VitestSummary;
  const brokenFiles = summary.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const failed = summary.numFailedTests + brokenFiles;
  const skipped = summary.numPendingTests + summary.numTodoTests;
  return { line: `${summary.numPassedTests} passed, ${failed} failed, ${skipped} skipped`, failed };
}

const buildCode = await buildApps();
if (buildCode !== 0) process.exit(buildCode);

const workFolder = mkdtempSync(join(tmpdir(), "almanac-test-"));
const summaryFile = join(workFolder, "summary.json");
// What files of tests share is made there by the first that needs it.
process.env["TEST_WORK_FOLDER"] = workFolder;
// Shops of the tests start from what the first of them compiled.
process.env["NODE_COMPILE_CACHE"] ??= join(workFolder, "compiled");
let exitCode = 1;
try {
  await provide("TEST_DATABASE_URL", "PostgreSQL", startPostgres);
  await provide("TEST_REDIS_URL", "Redis", startRedis);
  const chromium = process.env["TEST_CHROMIUM"] ?? chromiumPaths.find((path) => existsSync(path));
  if (chromium) process.env["TEST_CHROMIUM"] = chromium;
  else missing.push("Chromium: no browser found; set TEST_CHROMIUM to its path");

  exitCode = await run("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${summaryFile}`,
    ...process.argv.slice(2),
  ]);
} finally {
  for (const service of services.reverse()) await service.stop();
}
const { line, failed } = countLine(summaryFile);
rmSync(workFolder, { recursive: true, force: true });
for (const reason of missing) console.log(`skipped for want of ${reason}`);
console.log(line);
process.exitCode = exitCode !== 0 || failed > 0 ? 1 : 0;
