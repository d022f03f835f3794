import { demoPassword, demoPeople, type LoadedWorld } from "@almanac/demo";
import type { Env } from "./env.ts";

export interface BannerFacts {
  readonly env: Env;
  readonly url: string;
  readonly dataDir: string;
  readonly world: LoadedWorld | undefined;
  readonly hasOperator: boolean;
  readonly startedInMs: number;
}

/** What a person reads after starting: where to look, who to be, what it runs on. */
export function banner({ env, url, dataDir, world, hasOperator, startedInMs }: BannerFacts): string {
  const lines = [
    "",
    `  Almanac is open (${(startedInMs / 1000).toFixed(1)} s)`,
    "",
    `    storefront  ${url}`,
    `    portal      ${url}/portal`,
    "",
  ];
  if (world && env.NODE_ENV !== "production") {
    lines.push(`  Sign in with the password ${demoPassword} as`, "");
    for (const { email, is } of demoPeople) lines.push(`    ${email.padEnd(22)} ${is}`);
    lines.push("");
  } else if (!hasOperator) {
    lines.push(
      "  Nobody can run this place yet. Make the first operator (it asks for a password):",
      "",
      `    pnpm almanac operator create --email you@example.org --name "Your name"${env.DATABASE_URL ? "" : ` --data ${dataDir}`}`,
      "",
      env.DATABASE_URL
        ? ""
        : "  with the server stopped, since only one process may open the embedded database.",
      "",
    );
  }
  lines.push(
    env.DATABASE_URL
      ? `  On PostgreSQL${env.REDIS_URL ? " and Redis" : ""}, role ${env.ALMANAC_ROLE}.`
      : `  Embedded database in ${dataDir}: survives a crash, not a power cut. For money, set DATABASE_URL.`,
    "",
  );
  return lines.join("\n");
}
