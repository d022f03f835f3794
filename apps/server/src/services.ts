import { farmStockAlerts, planFirstAdvice } from "@almanac/advice";
import {
  newsEraseStep,
  newsExportStep,
  newsMergeStep,
  priceDropAlerts,
  salesUpdates,
  stockAlerts,
} from "@almanac/alerts";
import { createAppRouter, type AppRouter } from "@almanac/api-router";
import { catalogEraseStep, catalogExportStep, catalogMergeStep } from "@almanac/catalog";
import type { DatabaseHandle } from "@almanac/db";
import {
  createInProcessBus,
  createOutboxRelay,
  createRedisBus,
  redisNobodyWaitsFor,
  createStepTimer,
  leadingThrottle,
  type Bus,
  type OutboxRelay,
} from "@almanac/events";
import {
  createExperimentsService,
  ensureHoldout,
  experimentsEraseStep,
  experimentsExportStep,
  experimentsMergeStep,
} from "@almanac/experiments/router";
import { insightsEraseStep, insightsExportStep, insightsMergeStep } from "@almanac/insights/router";
import {
  createModelService,
  databaseArtefacts,
  planFirstModels,
  folderArtefacts,
  modelJobs,
  modelsEraseStep,
  modelsExportStep,
  modelsMergeStep,
  type ModelService,
} from "@almanac/models/router";
import { createIdentity, type Identity } from "@almanac/identity";
import { createJobRunner } from "@almanac/jobs";
import { minutes, newId, seconds, seededRng, type Clock, type ShiftedClock } from "@almanac/kernel";
import {
  accountMailSender,
  createCaptureMailer,
  createSmtpMailer,
  mailEraseStep,
  mailExportStep,
} from "@almanac/notifications";
import {
  createPaymentSimulator,
  ordersEraseStep,
  ordersExportStep,
  ordersMergeSteps,
  type PaymentProvider,
} from "@almanac/orders";
import { rememberSales } from "@almanac/planning";
import { nowcastUpdates, weatherService } from "@almanac/planning/router";
import {
  createConnectionBook,
  createLiveEvents,
  createLiveHub,
  createLiveSockets,
  createMonitorNews,
  liveConsumers,
  type ConnectionBook,
  type LiveEvents,
  type LiveHub,
  type LiveSockets,
  type LiveSocketsOptions,
} from "@almanac/realtime";
import {
  armNames,
  createRecsysService,
  recommendationAttribution,
  recommendationsEraseStep,
  recommendationsExportStep,
  recommendationsMergeStep,
  recommendForEvent,
  recommendOnSocket,
  recommendationTriggers,
  recommendationUpdates,
  type RecsysService,
} from "@almanac/recsys";
import {
  createLearnedRerankers,
  createLiveRanking,
  createSearchService,
  openSearchEngine,
  searchAttributionConsumer,
  type SearchService,
} from "@almanac/ranking/router";
import {
  createShopWindow,
  createTasteReader,
  shopWindowConsumer,
  tasteConsumer,
  tasteEraseStep,
  tasteExportStep,
  tasteMergeStep,
  type ShopWindow,
} from "@almanac/signals";
import { createRateLimiter, type Logger, type RateLimiter } from "@almanac/trpc";
import { Redis } from "ioredis";
import { createArmCheck } from "./wiring/arm-check.ts";
import type { Env } from "./settings/env.ts";
import { platformJobs } from "./jobs.ts";
import { loadNetwork } from "./wiring/load-network.ts";
import { isHeldOut, searchArms } from "./wiring/search-arms.ts";
import { sharedCachePurge } from "./wiring/shared-cache.ts";

export interface ServiceOptions {
  readonly env: Env;
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  /** The same clock where it may be moved: in a demo or a test that fixed its start. */
  readonly movableClock?: ShiftedClock;
  readonly log: Logger;
  readonly secret: string;
  readonly baseUrl: string;
  /** Where models are kept, if not in the database. */
  readonly modelFolder?: string;
  /** What this process was built from, for the lineage of models. */
  readonly codeCommit?: string;
}

/** Everything that lives as long as the process, wired together. */
export interface Services {
  readonly bus: Bus;
  readonly limiter: RateLimiter;
  readonly identity: Identity;
  readonly appRouter: AppRouter;
  readonly relay: OutboxRelay;
  readonly live: Live;
  readonly shopWindow: ShopWindow;
  readonly recsys: RecsysService;
  readonly search: SearchService;
  readonly models: ModelService;
  /** Begins to listen to the other processes; the relay only where `isWorker`. */
  start(work: { isWorker: boolean }): Promise<void>;
  stop(): Promise<void>;
}

export interface Live {
  readonly hub: LiveHub;
  readonly book: ConnectionBook;
  readonly sockets: LiveSockets;
  readonly events: LiveEvents;
}

export function createServices({
  env,
  handle,
  clock,
  movableClock,
  log,
  secret,
  baseUrl,
  modelFolder,
  codeCommit = "unknown",
}: ServiceOptions): Services {
  const redis = env.REDIS_URL ? new Redis(env.REDIS_URL, redisNobodyWaitsFor) : undefined;
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
    mergeSteps: [
      catalogMergeStep,
      ...ordersMergeSteps,
      tasteMergeStep,
      recommendationsMergeStep,
      experimentsMergeStep,
      insightsMergeStep,
      modelsMergeStep,
      newsMergeStep(bus),
    ],
  });
  const models = createModelService({
    handle,
    bus,
    clock,
    log,
    artefacts: modelFolder ? folderArtefacts(modelFolder) : databaseArtefacts(handle, clock),
  });
  const experiments = createExperimentsService({ handle, bus, clock, log });
  const payments: PaymentProvider = createPaymentSimulator({ handle, clock });
  const shopWindow = createShopWindow({ handle, bus, clock, log });
  rememberSales(handle.db, shopWindow.changes);
  const tasteReader = createTasteReader({ bus, shopWindow });
  const ranking = createLiveRanking({ handle, bus, log });
  const rerankers = createLearnedRerankers({ handle });
  const search = createSearchService({
    shopWindow,
    tasteReader,
    handle,
    clock,
    log,
    ranking,
    ...(env.SEARCH_URL && { outsideEngine: openSearchEngine({ url: env.SEARCH_URL }) }),
    chooseArm: searchArms({ experiments, rerankers }),
  });
  const recsys = createRecsysService({
    handle,
    bus,
    clock,
    log,
    shopWindow,
    async chooseArm({ shopperId }) {
      const { config } = await experiments.chooseArm({ surface: "recommendations", shopperId });
      if (isHeldOut(config)) return "none";
      return armNames.find((name) => name === config["recommender"]) ?? "control";
    },
  });
  const steps = createStepTimer({ db: handle.db, clock, log });
  const weather = env.WEATHER_URL && {
    weather: weatherService({
      url: env.WEATHER_URL,
      clock,
      onFailure: (cause) => log.warn({ cause: String(cause) }, "No weather was read; the climate stands in"),
      ...(env.WEATHER_ARCHIVE_URL && { archiveUrl: env.WEATHER_ARCHIVE_URL }),
    }),
  };
  const monitorNews = createMonitorNews({ handle, bus, log });
  const live = createLive({
    env,
    handle,
    bus,
    clock,
    log,
    recommend: recommendOnSocket(recsys),
    onConnections: () => monitorNews.moved(),
  });
  const appRouter = createAppRouter({
    identity: {
      bus,
      exportSteps: [
        catalogExportStep,
        ordersExportStep,
        tasteExportStep,
        newsExportStep,
        recommendationsExportStep,
        mailExportStep,
        experimentsExportStep,
        insightsExportStep,
        modelsExportStep,
      ],
      eraseSteps: [
        catalogEraseStep,
        ordersEraseStep,
        tasteEraseStep,
        newsEraseStep,
        recommendationsEraseStep,
        mailEraseStep,
        experimentsEraseStep,
        insightsEraseStep,
        modelsEraseStep,
      ],
    },
    catalog: {
      bus,
      async isAvailable(ctx, productId) {
        const [card] = await shopWindow.checkedCards(ctx.db, [productId], { now: ctx.clock.now() });
        return card?.isAvailable ?? false;
      },
    },
    orders: { payments, bus },
    ...(weather && { planning: weather }),
    pricing: { bus, ...weather },
    growing: { bus, shopWindow, ...weather },
    events: { bus, steps, recommend: recommendForEvent(recsys) },
    realtime: { hub: live.hub, book: live.book },
    signals: { bus, tasteReader, shopWindow },
    news: { bus },
    search: { search, ranking, bus },
    recsys: { recsys },
    experiments: {
      experiments,
      bus,
      allowsSimulation: env.NODE_ENV !== "production" && env.ALMANAC_DEMO !== "off",
      checkArm: createArmCheck({ ranking, rerankers }),
    },
    models: {
      models,
      bus,
      allowsTestSwitch: env.NODE_ENV !== "production" && env.ALMANAC_DEMO !== "off",
    },
    insights: { models },
    demo: { ...(movableClock && { clock: movableClock }) },
  });
  const jobs = createJobRunner({
    handle,
    clock,
    log,
    jobs: [
      ...platformJobs({ payments, log, bus, shopWindow, search, ...weather }),
      ...modelJobs({ models, bus, codeCommit, loadNetwork: () => loadNetwork(log) }),
    ],
  });
  const throttle = leadingThrottle({ clock, log, ...(redis && { redis }) });
  const { presence } = live.hub;
  const triggers = recommendationTriggers({
    service: recsys,
    handle,
    bus,
    clock,
    log,
    throttle,
    steps,
    presence,
  });
  const nowcasts = nowcastUpdates({ handle, bus, clock, log });
  const sharedCache = env.CACHE_PURGE_URL ? sharedCachePurge({ url: env.CACHE_PURGE_URL, log }) : undefined;
  const consumers = [
    ...liveConsumers(bus),
    shopWindowConsumer(bus),
    tasteConsumer(bus),
    searchAttributionConsumer(),
    triggers.consumer,
    recommendationUpdates({ bus, clock }),
    recommendationAttribution({ clock }),
    priceDropAlerts({ bus, clock }),
    stockAlerts({ bus, clock }),
    farmStockAlerts({ bus, clock }),
    salesUpdates({ bus }),
    nowcasts.consumer,
    ...(sharedCache ? [sharedCache.consumer] : []),
  ];
  const relay = createOutboxRelay({
    handle,
    bus,
    clock,
    log,
    consumers,
    onHandled: () => monitorNews.moved(),
  });

  return {
    bus,
    limiter,
    identity,
    appRouter,
    relay,
    live,
    shopWindow,
    recsys,
    search,
    models,
    async start({ isWorker }) {
      await shopWindow.load();
      await ranking.start();
      await recsys.start();
      await live.hub.start();
      live.book.start();
      // A shop without it opens all the same; asked for now so that the health page tells from the first minute.
      models.mathematics().catch((err: unknown) => log.warn({ err }, "models are not served here"));
      if (!isWorker) return;
      await ensureHoldout({ handle, clock });
      await planFirstAdvice({ handle, clock }, seconds(env.FIRST_ADVICE_AFTER_SECONDS));
      await planFirstModels({ handle, clock, afterMs: minutes(env.FIRST_MODELS_AFTER_MINUTES) });
      relay.start();
      jobs.start();
    },
    async stop() {
      await Promise.all([relay.stop(), jobs.stop(2_000)]);
      monitorNews.stop();
      nowcasts.stop();
      await Promise.all([triggers.idle(), nowcasts.idle(), sharedCache?.stop()]);
      await steps.stop();
      live.events.stop();
      search.close();
      experiments.close();
      await models.stop();
      ranking.close();
      await recsys.stop();
      await shopWindow.close();
      tasteReader.close();
      await live.book.stop();
      await live.hub.stop();
      await bus.close();
      redis?.disconnect();
    },
  };
}

function createLive({
  env,
  handle,
  bus,
  clock,
  log,
  recommend,
  onConnections,
}: Pick<ServiceOptions, "env" | "handle" | "clock" | "log"> &
  Pick<LiveSocketsOptions, "recommend"> & { bus: Bus; onConnections: () => void }): Live {
  const nodeId = newId();
  const hub = createLiveHub({ handle, bus, clock, log });
  const maxConnections = env.MAX_CONCURRENT_CONNECTIONS;
  const book = createConnectionBook({
    handle,
    clock,
    log,
    nodeId,
    maxConnections,
    onChanged: onConnections,
  });
  const shared = { hub, book, handle, bus, clock, log };
  return {
    hub,
    book,
    sockets: createLiveSockets({ ...shared, recommend, rng: seededRng(nodeId) }),
    events: createLiveEvents(shared),
  };
}
