import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "./env.ts";

/** The secret that signs cookies: from the environment, or made once and kept in the data folder, readable by its owner only. */
export async function signingSecret(env: Env, dataDir: string): Promise<string> {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const path = join(dataDir, "auth-secret");
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(32).toString("base64url");
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, secret, { mode: 0o600, flag: "wx" });
  return secret;
}
