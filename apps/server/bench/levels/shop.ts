import { newId } from "@almanac/kernel";
import { quantile } from "../live/processes.ts";
import { beginningAt, queryAt, type Asked, type ServingClient } from "../serving-client.ts";
import { asFastAs, atPace } from "./pace.ts";
import type { Figure, Goal } from "./table.ts";

const ms = (value: number): Goal => ({ value, unit: "ms", is: "at most" });
const perSecond = (value: number): Goal => ({ value, unit: "a second", is: "at least" });

const quantiles = (samples: readonly number[]) => ({
  value: quantile(samples, 0.95),
  beside: { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) },
});

const shopperAt = ({ ready }: ServingClient, turn: number): string =>
  ready.shopperIds[(turn * 7_919) % ready.shopperIds.length]!;

/** Fifty searches a second, every other one by a shopper with a taste, so that both kinds meet the same machine (SEA-04). */
export async function searchLevels(shop: ServingClient, seconds: number): Promise<Figure[]> {
  const rate = 50;
  const call = (turn: number): Promise<unknown> => {
    // Two in turn ask the same, one of them as somebody.
    const input = { q: queryAt(turn >> 1) };
    return shop.ask("search.query", { input, shopperId: turn % 2 === 0 ? shopperAt(shop, turn) : undefined });
  };
  await atPace({ perSecond: rate, seconds: Math.min(10, seconds / 4) }, (turn) => call(turn + 1_000_000));
  const waits = await atPace({ perSecond: rate, seconds }, call);
  const personal = waits.filter((_, turn) => turn % 2 === 0);
  const plain = waits.filter((_, turn) => turn % 2 === 1);
  return [
    {
      id: "search.personal",
      what: "a search by a shopper, at 50 a second",
      by: "p95",
      goal: ms(100),
      ...quantiles(personal),
    },
    {
      id: "search.plain",
      what: "the same search by nobody in particular",
      by: "p95",
      goal: ms(100),
      ...quantiles(plain),
    },
    {
      id: "search.added",
      what: "what personalisation adds: the difference of the two",
      by: "p95",
      goal: ms(25),
      value: quantile(personal, 0.95) - quantile(plain, 0.95),
      beside: { p50: quantile(personal, 0.5) - quantile(plain, 0.5) },
    },
  ];
}

/** Shoppers who ask for one list after the other. */
const knownShoppers = 500;

/**
 * What one server process answers when it is asked as fast as it can. Beside the rate stands what a core would give if the server
 * had it for itself: a second, by the processor time that the process used for an answer.
 */
export async function throughputLevels(shop: ServingClient, seconds: number): Promise<Figure[]> {
  const { marketId } = shop.ready;
  const count = 16;
  const callers = await shop.openCallers(count);
  const measure = async (path: string, askedAt: (turn: number) => Asked, each = 1) => {
    const before = await shop.usage();
    const { answered, ms } = await asFastAs({ callers: count, seconds }, (turn, caller) =>
      callers.ask(caller, path, askedAt(turn)),
    );
    const cpuMs = (await shop.usage()).cpuMs - before.cpuMs;
    return {
      value: (answered * each * 1_000) / ms,
      beside: { "a core": (answered * each * 1_000) / cpuMs },
    };
  };
  const suggestions = await measure("search.suggest", (turn) => ({ input: { q: beginningAt(turn) } }));
  const lists = await measure("recsys.forShopper", (turn) => ({
    input: { marketId },
    shopperId: shopperAt(shop, turn),
  }));
  const listAgain = (turn: number): Asked => ({
    input: { marketId },
    shopperId: shopperAt(shop, turn % knownShoppers),
  });
  for (let turn = 0; turn < knownShoppers; turn++)
    await callers.ask(turn % count, "recsys.forShopper", listAgain(turn));
  const listsAgain = await measure("recsys.forShopper", listAgain);
  const eventsOfCall = 100;
  const events = await measure(
    "events.track",
    (turn) => ({
      input: { events: Array.from({ length: eventsOfCall }, () => searched()) },
      shopperId: shopperAt(shop, turn),
      isMutation: true,
    }),
    eventsOfCall,
  );
  callers.close();
  return [
    {
      id: "api.rate",
      what: "short answers of the API (`search.suggest`), one process",
      by: "rate",
      goal: perSecond(5_000),
      ...suggestions,
    },
    {
      id: "recommendations.rate",
      what: "lists of recommendations, rights and stock checked, one process",
      by: "rate",
      goal: perSecond(3_000),
      ...lists,
    },
    {
      id: "recommendations.again",
      what: "the same for shoppers whom the process has answered before",
      by: "rate",
      goal: perSecond(3_000),
      ...listsAgain,
    },
    {
      id: "events.rate",
      what: "events accepted, kept before the answer, 100 a call",
      by: "rate",
      goal: perSecond(20_000),
      ...events,
    },
  ];
}

const searched = () => ({
  id: newId(),
  action: "SEARCH",
  entityType: "SEARCH",
  entityId: "tomato",
  metadata: { query: "tomato" },
});

/** What operators and analysts look at. */
export async function analyticsLevels(shop: ServingClient, seconds: number): Promise<Figure[]> {
  const reports: readonly (readonly [path: string, input?: unknown])[] = [
    ["events.stats", { detailed: true }],
    ["admin.search.report", {}],
    ["admin.experiments.list", {}],
    ["realtime.stats"],
  ];
  const look = async (turn: number): Promise<number> => {
    const [path, input] = reports[turn % reports.length]!;
    return (await shop.ask(path, { input, asOperator: true })).ms;
  };
  for (let turn = 0; turn < reports.length; turn++) await look(turn);
  const waits: number[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  while (waits.length < 40 || performance.now() < endsAt) waits.push(await look(waits.length));
  return [
    {
      id: "analytics",
      what: "a report of the operator's pages",
      by: "p95",
      goal: ms(100),
      ...quantiles(waits),
    },
  ];
}
