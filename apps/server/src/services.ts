import { createAppRouter, type AppRouter } from "@almanac/api-router";
import { catalogEraseStep, catalogExportStep, catalogMergeStep } from "@almanac/catalog";
import type { DatabaseHandle } from "@almanac/db";
import { createInProcessBus, createOutboxRelay, createRedisBus, type Bus, type OutboxRelay } from "@almanac/events";
import { createIdentity, type Identity } from "@almanac/identity";
import type { Clock } from "@almanac/kernel";
import { accountMailSender, createCaptureMailer, createSmtpMailer, mailEraseStep, mailExportStep } from "@almanac/notifications";
import { createRateLimiter, type Logger, type RateLimiter } from "@almanac/trpc";
import { Redis } from "ioredis";
import type { Env } from "./env.ts";

export interface ServiceOptions {
  readonly env: Env;
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly log: Logger;
  readonly secret: string;
  readonly baseUrl: string;
}

/** Everything that lives as long as the process, wired together. */
export interface Services {
  readonly bus: Bus;
  readonly limiter: RateLimiter;
  readonly identity: Identity;
  readonly appRouter: AppRouter;
  readonly relay: OutboxRelay;
  stop(): Promise<void>;
}

export function createServices({ env, handle, clock, log, secret, baseUrl }: ServiceOptions): Services {
  const redis = env.REDIS_URL ? new Redis(env.REDIS_URL, { lazyConnect: false, maxRetriesPerRequest: 1 }) : undefined;
  redis?.on("error", (err: Error) => log.warn({ err }, "redis is away"));
  const bus = env.REDIS_URL ? createRedisBus({ url: env.REDIS_URL, log }) : createInProcessBus({ log });
  const limiter = createRateLimiter({ ...(redis && { redis }), factor: env.RATE_LIMIT_FACTOR });
  const mailer = env.SMTP_URL
    ? createSmtpMailer(env.SMTP_URL, { from: env.MAIL_FROM })
    : createCaptureMailer({ db: handle.db, clock });

  const identity = createIdentity({
    handle,
    clock,
    secret,
    baseUrl,
    log,
    limiter,
    bus,
    sendMail: accountMailSender(mailer),
    allowDemoSignIn: env.NODE_ENV !== "production",
    mergeSteps: [catalogMergeStep],
  });
  const appRouter = createAppRouter({
    identity: {
      bus,
      exportSteps: [catalogExportStep, mailExportStep],
      eraseSteps: [catalogEraseStep, mailEraseStep],
    },
    catalog: { bus },
    events: { bus },
  });
  const relay = createOutboxRelay({ handle, bus, clock, log, consumers: [] });

  return {
    bus,
    limiter,
    identity,
    appRouter,
    relay,
    async stop() {
      await relay.stop();
      await bus.close();
      redis?.disconnect();
    },
  };
}
