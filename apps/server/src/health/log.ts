import { messageWithoutData } from "@almanac/db";
import { pino, type DestinationStream, type Logger as PinoLogger } from "pino";
import type { Env } from "../settings/env.ts";

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

/**
 * JSON lines on standard output. What could name a person or open a door is cut out, wherever a caller puts it.
 *
 * @param destination standard output, unless a test reads along
 */
export function createLogger(env: Env, destination?: DestinationStream): PinoLogger {
  const options = {
    level: env.LOG_LEVEL ?? (env.NODE_ENV === "production" ? "info" : "warn"),
    base: { role: env.ALMANAC_ROLE },
    redact: { paths: secretPaths, censor: "[cut]" },
    serializers: { err: toldOf },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}

const mostCauses = 4;
/** Letters of a message: a statement of a thousand rows is known by its beginning. */
const mostLetters = 500;

/**
 * What is told of an error: its words, where it was thrown, its code, and the same of its causes. Not what else hangs on it:
 * errors of a database carry what a statement was given and the row that broke a rule, which can be a person's.
 */
function toldOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, cause } = error;
  const message = messageWithoutData(error).slice(0, mostLetters);
  const frames = error.stack?.match(/^ {4}at .*$/gm) ?? [];
  return {
    type,
    message,
    stack: [`${type}: ${message}`, ...frames].join("\n"),
    ...("code" in error && { code: error.code }),
    ...(cause !== undefined && depth < mostCauses && { cause: toldOf(cause, depth + 1) }),
  };
}
