import { isAbsolute, resolve } from "node:path";
import { z } from "zod";

const flag = (fallback: boolean) =>
  z
    .enum(["on", "off", "true", "false", "1", "0"])
    .transform((text) => text === "on" || text === "true" || text === "1")
    .default(fallback);

/** Every variable that the server reads. `.env.example` lists the same names; a test holds the two together. */
export const envSchema = z
  .object({
    NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
    HOST: z.string().min(1).optional(),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    /** Where the site is reached from outside; needed behind a proxy that changes the host. */
    PUBLIC_URL: z.url().optional(),
    /** Believe `X-Forwarded-*`: only behind a proxy that sets them itself. */
    TRUST_PROXY: flag(false),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
      .optional(),
    DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
      .optional(),
    /** OpenSearch or Elasticsearch, to find words instead of the index in memory. */
    SEARCH_URL: z
      .string()
      .regex(/^https?:\/\//, "must start with http:// or https://")
      .refine((text) => URL.canParse(text), "must be a URL")
      .optional(),
    /** A shared cache before the shop that is told by POST, with `Surrogate-Key`, what it may no longer answer with. */
    CACHE_PURGE_URL: z
      .string()
      .regex(/^https?:\/\//, "must start with http:// or https://")
      .refine((text) => URL.canParse(text), "must be a URL")
      .optional(),
    /** Weather for forecasts, in the manner of Open-Meteo: the days to come. Off unless named. */
    WEATHER_URL: z
      .string()
      .regex(/^https?:\/\//, "must start with http:// or https://")
      .refine((text) => URL.canParse(text), "must be a URL")
      .optional(),
    /** Readings of past years in the same manner, from which forecasts learn what weather does. */
    WEATHER_ARCHIVE_URL: z
      .string()
      .regex(/^https?:\/\//, "must start with http:// or https://")
      .refine((text) => URL.canParse(text), "must be a URL")
      .optional(),
    ALMANAC_DATA: z.string().min(1).default(".data"),
    /** Where the files of models lie: `database`, or a folder that all processes share. */
    ALMANAC_MODELS: z.string().min(1).optional(),
    /** For how long after a start a shop without models is left in peace, in minutes: learning them reads two years of it. */
    FIRST_MODELS_AFTER_MINUTES: z.coerce.number().min(0).max(100_000).default(2),
    /** For how long after a start farms without forecasts or advice are left so, in seconds; who looks has them made all the same. */
    FIRST_ADVICE_AFTER_SECONDS: z.coerce.number().min(0).max(6_000_000).default(2),
    /** What this was built from, for the lineage of models; read from the working copy where there is one. */
    ALMANAC_COMMIT: z
      .string()
      .regex(/^[0-9a-zA-Z._-]{1,80}$/, "must be a commit or a version")
      .optional(),
    ALMANAC_ROLE: z.enum(["all", "api", "web", "worker"]).default("all"),
    ALMANAC_DEMO: z.enum(["on", "off", "tiny", "demo", "load"]).default("on"),
    ALMANAC_CLOCK: z.iso.datetime({ offset: true }).optional(),
    /** Signs visitor cookies and sessions. Made and kept in the data folder when embedded. */
    AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
    SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
      .optional(),
    MAIL_FROM: z.string().min(3).default("Almanac <hello@almanac.example>"),
    /** `info` in production and `warn` elsewhere, unless set. */
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).optional(),
    MAX_CONCURRENT_CONNECTIONS: z.coerce.number().int().min(1).max(100_000).default(2_000),
    /** Multiplies every call limit; for load tests on loopback. */
    RATE_LIMIT_FACTOR: z.coerce.number().min(0.01).max(1_000_000).default(1),
  })
  .superRefine((env, ctx) => {
    const isPlaceholder = (text: string | undefined) =>
      /(:|^)(password|changeme|postgres|secret)(@|$)/.test(text ?? "");
    if (env.NODE_ENV === "production") {
      if (!env.AUTH_SECRET)
        ctx.addIssue({ code: "custom", path: ["AUTH_SECRET"], message: "is needed in production" });
      if (isPlaceholder(env.DATABASE_URL)) {
        ctx.addIssue({
          code: "custom",
          path: ["DATABASE_URL"],
          message: "still has a default password; choose your own",
        });
      }
    }
    if (env.ALMANAC_ROLE !== "all" && !env.DATABASE_URL) {
      ctx.addIssue({ code: "custom", path: ["ALMANAC_ROLE"], message: "other than all needs DATABASE_URL" });
    }
    if (env.ALMANAC_ROLE !== "all" && !env.REDIS_URL) {
      ctx.addIssue({ code: "custom", path: ["ALMANAC_ROLE"], message: "other than all needs REDIS_URL" });
    }
  });

export type Env = z.infer<typeof envSchema>;

/** All wrong variables at once, by name, without their values. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

/**
 * Reads and checks the environment once, at the start.
 *
 * @throws EnvError naming every wrong variable
 */
export function readEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = envSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new EnvError(`The environment is not right:\n${lines.join("\n")}`);
}

/** The data folder: `--data` before `ALMANAC_DATA`, relative to where the command was called. */
export function dataFolder(env: Env, argument: string | undefined, calledFrom: string): string {
  const folder = argument ?? env.ALMANAC_DATA;
  return isAbsolute(folder) ? folder : resolve(calledFrom, folder);
}
