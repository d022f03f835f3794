import { pino, type Logger as PinoLogger } from "pino";
import type { Env } from "./env.ts";

const secretPaths = [
  "password",
  "token",
  "email",
  "to",
  "authorization",
  "cookie",
  "*.password",
  "*.token",
  "*.email",
];

/** JSON lines on standard output. What could name a person or open a door is cut out, wherever a caller puts it. */
export function createLogger(env: Env): PinoLogger {
  return pino({
    level: env.LOG_LEVEL ?? (env.NODE_ENV === "production" ? "info" : "warn"),
    base: { role: env.ALMANAC_ROLE },
    redact: { paths: secretPaths, censor: "[cut]" },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
