import { adviseAll, expireAdvice, firstAdviceJob, tellHeldStockAlerts } from "@almanac/advice";
import {
  announceSeasons,
  newsKeptDays,
  releaseStockHolds,
  remindOfCarts,
  removeOldNews,
  sendArrivalDigests,
  sendTrendingUpdates,
} from "@almanac/alerts";
import { deleteUnusedImages, extendAllWindows } from "@almanac/catalog";
import { forgetDeadNodes, removeOldFacts, removeOldLatencies, type Bus } from "@almanac/events";
import { lookAtAll, lookEveryMs } from "@almanac/experiments/router";
import { profileAll } from "@almanac/insights/router";
import {
  forecastChanged,
  forecastDemand,
  judgeMarketDays,
  type WeatherSource,
} from "@almanac/planning/router";
import { applyDuePlans, learnElasticities, refreshFarmJob } from "@almanac/pricing/router";
import { defineJob, removeOldJobs, type Job } from "@almanac/jobs";
import { days, minutes, seconds } from "@almanac/kernel";
import { expireHolds, reconcilePayments, type PaymentProvider } from "@almanac/orders";
import { removeOldLiveMessages } from "@almanac/realtime";
import { removeOldSearches, searchesKeptDays, type SearchService } from "@almanac/ranking/router";
import { judgeArmsJob, removeOldImpressions } from "@almanac/recsys";
import { removeNotedChanges, type ShopWindow } from "@almanac/signals";
import type { Logger } from "@almanac/trpc";
import { z } from "zod";

const nothing = z.object({});

export interface PlatformParts {
  readonly payments: PaymentProvider;
  readonly log: Logger;
  readonly bus: Bus;
  readonly shopWindow: ShopWindow;
  readonly search: Pick<SearchService, "learn">;
  /** Where weather is read for forecasts; nothing where it is off. */
  readonly weather?: WeatherSource;
}

/** Work that is due by itself, once per tick over all processes. Times are those of UTC, when every market is quiet or can be. */
export function platformJobs({ payments, log, bus, shopWindow, search, weather }: PlatformParts): Job[] {
  const read = weather && { weather };
  return [
    defineJob({
      name: "holds.expire",
      data: nothing,
      schedules: [{ everyMs: seconds(15) }],
      run: async (_, { handle, clock }) => void (await expireHolds(handle, clock)),
    }),
    defineJob({
      name: "payments.reconcile",
      data: nothing,
      schedules: [{ everyMs: minutes(1) }],
      run: async (_, { handle, clock }) => void (await reconcilePayments({ handle, clock, payments, log })),
    }),
    defineJob({
      name: "order-windows.extend",
      data: nothing,
      schedules: [{ cron: "0 3 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await extendAllWindows(handle, clock)),
    }),
    defineJob({
      name: "alerts.digest",
      data: nothing,
      schedules: [{ everyMs: minutes(1) }],
      run: async (_, { handle, clock }) => {
        await sendArrivalDigests({ handle, bus, clock });
        await sendTrendingUpdates({ handle, bus, clock, shopWindow });
        await releaseStockHolds({ handle, bus, clock });
        await remindOfCarts({ handle, bus, clock });
      },
    }),
    defineJob({
      name: "alerts.seasons",
      data: nothing,
      schedules: [{ cron: "0 11 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await announceSeasons({ handle, bus, clock })),
    }),
    judgeArmsJob({ shopWindow }),
    defineJob({
      name: "search.learn",
      data: nothing,
      schedules: [{ cron: "0 5 * * *", timeZone: "UTC", catchUp: true }],
      run: async () => void (await search.learn()),
    }),
    defineJob({
      name: "planning.forecast",
      data: nothing,
      schedules: [{ cron: "15 4 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await forecastDemand({ handle, clock, ...read })),
    }),
    defineJob({
      name: "planning.refresh",
      data: nothing,
      schedules: [{ cron: "35 * * * *", timeZone: "UTC" }],
      run: async (_, { handle, clock }) => void (await forecastChanged({ handle, clock, ...read })),
    }),
    defineJob({
      name: "planning.unusual",
      data: nothing,
      schedules: [{ cron: "50 * * * *", timeZone: "UTC" }],
      run: async (_, { handle, clock }) => void (await judgeMarketDays({ handle, bus, clock, ...read })),
    }),
    refreshFarmJob(read),
    defineJob({
      name: "pricing.plans",
      data: nothing,
      schedules: [{ everyMs: seconds(15) }],
      run: async (_, { handle, clock }) => void (await applyDuePlans({ handle, clock, bus })),
    }),
    defineJob({
      name: "pricing.learn",
      data: nothing,
      schedules: [{ cron: "40 4 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await learnElasticities({ handle, clock })),
    }),
    defineJob({
      name: "advice.make",
      data: nothing,
      schedules: [{ cron: "0 5 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await adviseAll({ handle, clock })),
    }),
    firstAdviceJob(read),
    defineJob({
      name: "advice.stock-alerts",
      data: nothing,
      schedules: [{ everyMs: minutes(5) }],
      run: async (_, { handle, clock }) => void (await tellHeldStockAlerts({ handle, bus, clock })),
    }),
    defineJob({
      name: "advice.expire",
      data: nothing,
      schedules: [{ everyMs: minutes(5) }],
      run: async (_, { handle, clock }) => void (await expireAdvice({ handle, clock })),
    }),
    defineJob({
      name: "insights.profile",
      data: nothing,
      schedules: [{ cron: "45 3 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => void (await profileAll({ handle, clock })),
    }),
    defineJob({
      name: "experiments.look",
      data: nothing,
      schedules: [{ everyMs: lookEveryMs }],
      run: async (_, { handle, clock }) => void (await lookAtAll({ handle, bus, clock })),
    }),
    defineJob({
      name: "live-messages.remove",
      data: nothing,
      schedules: [{ everyMs: minutes(5) }],
      run: async (_, { handle }) => void (await removeOldLiveMessages(handle.db)),
    }),
    defineJob({
      name: "noted-changes.remove",
      data: nothing,
      schedules: [{ everyMs: minutes(15) }],
      run: async (_, { handle }) => removeNotedChanges(handle.db),
    }),
    defineJob({
      name: "leftovers.remove",
      data: nothing,
      schedules: [{ cron: "30 3 * * *", timeZone: "UTC", catchUp: true }],
      run: async (_, { handle, clock }) => {
        await removeOldFacts(handle.db, clock);
        await removeOldJobs(handle.db, clock);
        await forgetDeadNodes(handle.db, clock);
        await removeOldLatencies(handle.db, clock);
        await removeOldSearches(handle.db, new Date(clock.now().getTime() - days(searchesKeptDays)));
        await removeOldNews(handle.db, new Date(clock.now().getTime() - days(newsKeptDays)));
        await removeOldImpressions(handle.db, new Date(clock.now().getTime() - days(90)));
        await deleteUnusedImages(handle.db, new Date(clock.now().getTime() - days(1)));
      },
    }),
  ];
}
