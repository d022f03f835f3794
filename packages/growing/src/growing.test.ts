import { listLiveProducts } from "@almanac/catalog";
import {
  buildFarm,
  buildMarket,
  buildOpenWindow,
  buildPerson,
  buildProduct,
  callerNamed,
  catalogAs,
  farmIdOf,
  marketIdOf,
  productIdOf,
  publishedTopics,
  shopperIdOf,
  testNow,
} from "@almanac/catalog/testing";
import {
  calendarFeeds,
  harvestWindows,
  orders,
  orderWindows,
  plantings,
  products,
  stockEntries,
  stockLevels,
} from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { aRequestContext } from "@almanac/events/testing";
import type { WeatherSource } from "@almanac/forecasting";
import { days, newId, parseId, type CalendarDay, type OrderWindowId } from "@almanac/kernel";
import { productSeason, seasonPhase, seasonalScore } from "@almanac/signals";
import { writeOrder } from "@almanac/signals/testing";
import { createCallerFactory, declaredRights, router } from "@almanac/trpc";
import { eq, gt } from "drizzle-orm";
import ICAL from "ical.js";
import { beforeEach, expect, it } from "vitest";
import { dayNumber } from "./core/day-numbers.ts";
import { readFeed } from "./feed.ts";
import { growingRoutes } from "./router.ts";
import type { PlantingId } from "./store/plantings.ts";

let now = testNow;
const clock = { now: () => now };
const nothingOnSale = {
  all: () => [],
  card: () => undefined,
  findMarket: () => undefined,
  dayOf: () => "2025-08-13",
};
const routes = (weather?: WeatherSource) =>
  router(growingRoutes({ shopWindow: nothingOnSale, ...(weather && { weather }) }));
const lettuce = productIdOf("lettuce");
const hollowOak = farmIdOf("hollow-oak");
const farm = { farmId: hollowOak };
const nobodys = "01890000-0000-7000-8000-000000000000";

it("declares a right for every procedure, and only what is coming is public", () => {
  const declared = [...declaredRights(routes())];
  expect(declared.map(([path]) => path)).toEqual([
    "growing.coming",
    "growing.calendar",
    "growing.trends",
    "growing.place.get",
    "growing.place.set",
    "growing.crops.list",
    "growing.crops.set",
    "growing.crops.reset",
    "growing.plan.preview",
    "growing.plan.accept",
    "growing.plan.undo",
    "growing.promise",
    "growing.plantings.add",
    "growing.plantings.move",
    "growing.plantings.remove",
    "growing.moveFirstHarvest",
    "growing.feeds.list",
    "growing.feeds.create",
    "growing.feeds.revoke",
  ]);
});

describeOnEveryDatabase("what a farm grows", (test) => {
  const as = (name: string, farms: readonly string[], weather?: WeatherSource) =>
    createCallerFactory(routes(weather))(
      aRequestContext(test.handle, { clock, caller: callerNamed(name, { farmIds: farms.map(farmIdOf) }) }),
    ).growing;
  const tomas = () => as("tomas", ["hollow-oak"]);
  const wish = { ...farm, productId: lettuce, from: "2025-10-06", weeks: 1, baseAWeek: 50 };

  beforeEach(async () => {
    now = testNow;
    const market = await buildMarket(test.db);
    await buildFarm(test.db);
    await buildFarm(test.db, { slug: "fern-bank" });
    await buildPerson(test.db, "tomas");
    await buildOpenWindow(test.db, market);
    await buildProduct(test.db, { slug: "lettuce", crop: "lettuce", baseUnit: "piece", category: "greens" });
    await test.db.insert(harvestWindows).values({
      id: newId(),
      crop: "lettuce",
      region: "",
      kind: "field",
      firstDay: "05-25",
      peakStart: "06-10",
      peakEnd: "09-10",
      lastDay: "10-10",
    });
    await tomas().place.set({ ...farm, lastFrost: "05-05", firstFrost: "10-25", bedMetres: 0 });
  });

  it("is planned back from demand: 63 seeds, 45 days before, for 50 heads", async () => {
    const plan = await tomas().plan.preview(wish);
    expect(plan.sowings).toMatchObject([
      { sowOn: "2025-08-22", harvestFrom: "2025-10-06", seeds: 63, plants: 50 },
    ]);
    expect(
      (await tomas().calendar({ ...farm, from: "2025-08-01", to: "2025-10-31" })).entries.filter(
        ({ kind }) => kind === "sow",
      ),
    ).toEqual([]);
  });

  it("goes into the calendar when a plan is accepted, counts from then on, and is taken back whole", async () => {
    const { planId, sowings } = await tomas().plan.accept(wish);
    expect(sowings).toBe(1);
    const kinds = async () =>
      (await tomas().calendar({ ...farm, from: "2025-08-01", to: "2025-10-31" })).entries
        .filter(({ plantingId }) => plantingId)
        .map(({ kind, from, title }) => [kind, from, title]);
    expect(await kinds()).toEqual([
      ["sow", "2025-08-22", "Sow lettuce"],
      ["harvest", "2025-10-06", "Harvest lettuce"],
    ]);
    expect((await tomas().plan.preview(wish)).sowings).toEqual([]);
    await tomas().plan.undo({ ...farm, planId });
    expect(await kinds()).toEqual([]);
    await expect(tomas().plan.undo({ ...farm, planId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("fits the beds that there are, also when two plans are accepted at once", async () => {
    await tomas().place.set({ ...farm, lastFrost: "05-05", firstFrost: "10-25", bedMetres: 6 });
    const other = await buildProduct(test.db, {
      slug: "oak-leaf",
      crop: "lettuce",
      baseUnit: "piece",
      category: "greens",
    });
    const season = { from: "2025-09-29" };
    await Promise.all([
      tomas().plan.accept({ ...wish, ...season }),
      tomas().plan.accept({ ...wish, ...season, productId: other }),
    ]);
    const { standingMetres } = await tomas().plan.preview({ ...wish, ...season });
    expect(standingMetres).toBeLessThanOrEqual(6);
    expect(standingMetres).toBeGreaterThan(5);
  });

  it("may be promised by how warm the season is, where a source tells it; one that fails keeps nothing back", async () => {
    const asked = { ...farm, productId: lettuce };
    await tomas().plan.accept(wish);
    const [sown] = await test.db.select().from(plantings);
    // Seven springs and summers, each warmer than the one before; what they gave grew with them.
    const seasons = ["2022-08", "2023-04", "2023-07", "2024-04", "2024-06", "2024-08", "2025-04"];
    for (const [at, month] of seasons.entries()) {
      await test.db.insert(plantings).values({
        ...sown!,
        id: newId<PlantingId>(),
        planId: null,
        sowOn: `${month}-01` as CalendarDay,
        transplantOn: null,
        harvestFrom: `${month}-25` as CalendarDay,
        harvestTo: `${month}-28` as CalendarDay,
      });
      await test.db.insert(stockEntries).values({
        productId: lettuce,
        deltaBase: 20 + 6 * at,
        reason: "harvest",
        at: new Date(`${month}-26T14:00:00Z`),
      });
    }
    const warmer = (day: number): number => 14 + (day - dayNumber("2022-08-01")) / 120;
    const source: WeatherSource = {
      read: async (_place, from, to) =>
        Array.from({ length: to - from + 1 }, (_, at) => from + at).map((day) => ({
          day,
          rainMm: 0,
          temperatureC: warmer(day) + 5,
          lowestC: warmer(day) - 5,
        })),
    };
    const told = await as("tomas", ["hollow-oak"], source).promise(asked);
    expect(told).toMatchObject({ kind: "told", weather: "used" });
    const failing: WeatherSource = { read: () => Promise.reject(new Error("down")) };
    for (const without of [failing, { read: async () => [] }])
      expect(await as("tomas", ["hollow-oak"], without).promise(asked)).toMatchObject({
        kind: "told",
        weather: "missing",
      });
  });

  it("may be promised ahead: stock less what is held, then what is sown, moved to what was brought in before", async () => {
    const asked = { ...farm, productId: lettuce };
    expect(await tomas().promise(asked)).toMatchObject({ days: [{ on: "2025-08-13", availableGrams: 0 }] });
    await test.db.insert(stockLevels).values({ productId: lettuce, onHandBase: 30, reservedBase: 12 });
    await tomas().plan.accept(wish);
    const byBook = await tomas().promise(asked);
    if (byBook.kind !== "told") throw new Error(byBook.kind);
    expect(byBook.days[0]).toMatchObject({ supplyGrams: 30, promisedGrams: 12, availableGrams: 18 });
    expect(byBook.days.at(-1)!.on).toBe("2025-10-12");
    expect(byBook.toCome.grams).toBeCloseTo(50, 6);
    expect(byBook).toMatchObject({ weather: "missing", pastSowings: 0 });
    // Last year's sowing of as many metres gave half of it.
    const [sown] = await test.db.select().from(plantings);
    await test.db.insert(plantings).values({
      ...sown!,
      id: newId<PlantingId>(),
      planId: null,
      sowOn: "2024-08-22",
      transplantOn: null,
      harvestFrom: "2024-10-06",
      harvestTo: "2024-10-12",
    });
    await test.db.insert(stockEntries).values({
      productId: lettuce,
      deltaBase: 25,
      reason: "harvest",
      at: new Date("2024-10-08T14:00:00Z"),
    });
    const byPast = await tomas().promise(asked);
    if (byPast.kind !== "told") throw new Error(byPast.kind);
    expect(byPast.pastSowings).toBe(1);
    expect(byPast.toCome.grams).toBeCloseTo(Math.sqrt(50 * 25), 3);
    expect(byPast.days.at(-1)!.availableGrams).toBeLessThan(byBook.days.at(-1)!.availableGrams);
    await expect(as("bo", ["fern-bank"]).promise(asked)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(tomas().promise({ ...farm, productId: parseId(nobodys)! })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("flags the week that cannot be had", async () => {
    const { weeks } = await tomas().plan.preview({ ...wish, weeks: 3 });
    expect(weeks.map(({ gap }) => gap?.reason)).toEqual([undefined, "late", "late"]);
    const [past] = (await tomas().plan.preview({ ...wish, from: "2025-08-18" })).weeks;
    expect(past!.gap).toEqual({ reason: "past", missingBase: 50 });
  });

  it("follows what the farm says of a crop, and the reference again when that is taken back", async () => {
    const { crops } = await tomas().crops.list(farm);
    const { name: _name, isOwn: _own, ...own } = crops.find(({ crop }) => crop === "lettuce")!;
    await tomas().crops.set({ ...farm, crop: { ...own, germinationPercent: 50, daysToMaturity: 40 } });
    expect((await tomas().plan.preview(wish)).sowings).toMatchObject([{ seeds: 100, sowOn: "2025-08-27" }]);
    await tomas().crops.reset({ ...farm, crop: "lettuce" });
    expect((await tomas().plan.preview(wish)).sowings).toMatchObject([{ seeds: 63 }]);
    await expect(tomas().crops.set({ ...farm, crop: { ...own, daysInTrays: 45 } })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("has sowings, market days, orders, seasons and holidays in one calendar", async () => {
    await tomas().plantings.add({ ...farm, crop: "tomato", sowOn: "2025-08-14", seeds: 40 });
    const { entries, timeZone } = await tomas().calendar({ ...farm, from: "2025-08-11", to: "2025-09-05" });
    expect(timeZone).toBe("America/New_York");
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(
      new Set(["sow", "market", "orders", "season", "holiday"]),
    );
    expect(entries.find(({ kind }) => kind === "market")).toMatchObject({
      from: "2025-08-16",
      // 08:00 in New York.
      startsAt: "2025-08-16T12:00:00.000Z",
    });
    expect(entries.find(({ kind }) => kind === "holiday")).toMatchObject({
      title: "Labor Day",
      from: "2025-09-01",
    });
    expect(entries.find(({ kind }) => kind === "sow")).toMatchObject({ title: "Sow tomatoes in trays" });
  });

  it("moves in the shop when its first harvest does: ten days later it is not in season, and scores less", async () => {
    const inShop = async (day: string) => {
      const [live] = await listLiveProducts(test.db, { now: testNow, productIds: [lettuce] });
      const season = productSeason(live!);
      return {
        phase: seasonPhase(season, day, live!.farm.latitude).kind,
        score: seasonalScore(season, day, live!.farm.latitude),
      };
    };
    const before = await inShop("2026-05-28");
    expect(before.phase).toBe("first-weeks");
    expect(await tomas().moveFirstHarvest({ ...farm, productId: lettuce, byDays: 10 })).toEqual({
      firstDay: "06-04",
      previousFirstDay: "05-25",
    });
    const after = await inShop("2026-05-28");
    expect(after.phase).toBe("coming");
    expect(after.score).toBeLessThan(before.score);
    expect(await inShop("2026-06-07")).toMatchObject({ phase: "first-weeks" });
    expect(await publishedTopics(test.db)).toContain("product.changed");
    const shown = await catalogAs(test.handle).products.get({ slug: "lettuce" });
    expect(shown.harvest).toMatchObject({
      scope: "product",
      windows: [{ firstDay: "06-04", lastDay: "10-10" }],
    });
  });

  it("keeps a sowing and a season that were moved under their identity, so that other calendars move it too", async () => {
    const { plantingId } = await tomas().plantings.add({
      ...farm,
      crop: "tomato",
      sowOn: "2025-08-14",
      seeds: 40,
    });
    const events = async (token: string) => {
      const { body } = await readFeed({ handle: test.handle, clock }, token);
      return new ICAL.Component(ICAL.parse(body) as never)
        .getAllSubcomponents("vevent")
        .map((one) => new ICAL.Event(one));
    };
    const { token } = await tomas().feeds.create({ ...farm, label: "phone" });
    const sow = async () => (await events(token)).find(({ uid }) => uid === `sow-${plantingId}@almanac`)!;
    expect([(await sow()).startDate.toString(), (await sow()).sequence]).toEqual(["2025-08-14", 0]);
    await tomas().plantings.move({ ...farm, plantingId, byDays: 3 });
    expect([(await sow()).startDate.toString(), (await sow()).sequence]).toEqual(["2025-08-17", 1]);
    await tomas().plantings.move({ ...farm, plantingId, byDays: 5, only: "harvest" });
    expect((await sow()).startDate.toString()).toBe("2025-08-17");
    await tomas().plantings.remove({ ...farm, plantingId });
    expect(await sow()).toBeUndefined();
    const season = async () =>
      (await events(token)).find(({ uid }) => uid === `season-${lettuce}-2026-0@almanac`)!;
    await tomas().moveFirstHarvest({ ...farm, productId: lettuce, byDays: 10 });
    const moved = await season();
    expect(moved.startDate.toString()).toBe("2026-06-04");
    now = new Date(testNow.getTime() + days(1));
    await tomas().moveFirstHarvest({ ...farm, productId: lettuce, byDays: -3 });
    const again = await season();
    expect(again.startDate.toString()).toBe("2026-06-01");
    expect(again.sequence).toBeGreaterThan(moved.sequence);
    const ids = (await events(token)).map(({ uid }) => uid);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("can be subscribed to by whoever has the address, until it is revoked; the secret itself is not kept", async () => {
    const { token, feedId } = await tomas().feeds.create({ ...farm, label: "phone" });
    const read = () => readFeed({ handle: test.handle, clock }, token);
    const first = await read();
    expect(first.body).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect((await read()).etag).toBe(first.etag);
    await tomas().plantings.add({ ...farm, crop: "lettuce", sowOn: "2025-08-20", seeds: 10 });
    expect((await read()).etag).not.toBe(first.etag);
    const [stored] = await test.db.select().from(calendarFeeds);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(token).toHaveLength(43);
    expect(await tomas().feeds.list(farm)).toMatchObject([{ id: feedId, label: "phone" }]);
    await tomas().feeds.revoke({ ...farm, feedId });
    await expect(read()).rejects.toMatchObject({ code: "calendar_feed_not_found" });
    await expect(tomas().feeds.revoke({ ...farm, feedId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const bad of ["", "x", "a".repeat(43), "../../etc", "é".repeat(43)])
      await expect(readFeed({ handle: test.handle, clock }, bad)).rejects.toMatchObject({
        code: "calendar_feed_not_found",
      });
  });

  it("refuses what makes no sense with one clear reason", async () => {
    for (const call of [
      () => tomas().calendar({ ...farm, from: "2025-08-11", to: "2025-08-10" }),
      () => tomas().calendar({ ...farm, from: "2025-01-01", to: "2027-01-01" }),
      () => tomas().calendar({ ...farm, from: "2025-02-30", to: "2025-03-01" }),
      () => tomas().place.set({ ...farm, lastFrost: "05-05", firstFrost: null, bedMetres: 1 }),
      () => tomas().moveFirstHarvest({ ...farm, productId: lettuce, byDays: 200 }),
      () => tomas().plan.preview({ ...wish, weeks: 0 }),
      () => tomas().plantings.add({ ...farm, crop: "no such crop", sowOn: "2025-08-14", seeds: 1 }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "BAD_REQUEST" });
    const { plantingId } = await tomas().plantings.add({
      ...farm,
      crop: "lettuce",
      sowOn: "2000-01-01",
      seeds: 1,
    });
    await expect(tomas().plantings.move({ ...farm, plantingId, byDays: -1 })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    const { crops } = await tomas().crops.list(farm);
    const { name: _name, isOwn: _own, ...own } = crops.find(({ crop }) => crop === "lettuce")!;
    await tomas().crops.set({ ...farm, crop: { ...own, yieldBasePerPlant: 0.001 } });
    await expect(tomas().plan.accept({ ...wish, baseAWeek: 10_000_000 })).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: expect.stringContaining("at most 10000000 seeds") as string,
    });
    const odd = await buildProduct(test.db, { slug: "cheese", crop: "cheese", category: "cheese" });
    await expect(tomas().plan.preview({ ...wish, productId: odd })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("has trends of what was sold, by product, and none before anything was", async () => {
    expect(await tomas().trends(farm)).toEqual({ products: [], patterns: [], marketDays: 0 });
    for (let week = 30; week >= 1; week--) {
      const closesAt = new Date(testNow.getTime() - days(7 * week));
      const windowId = newId<OrderWindowId>();
      await test.db.insert(orderWindows).values({
        id: windowId,
        marketId: marketIdOf("riverside"),
        marketDay: new Date(closesAt.getTime() + days(2)).toISOString().slice(0, 10),
        opensAt: new Date(closesAt.getTime() - days(6)),
        closesAt,
      });
      // From one a week to six: 30 weeks ago to now.
      for (let n = 0; n < 1 + Math.floor((30 - week) / 5); n++) {
        const id = await writeOrder(test.db, {
          shopperId: shopperIdOf("tomas"),
          marketId: marketIdOf("riverside"),
          productIds: [lettuce],
          placedAt: new Date(closesAt.getTime() - days(1)),
        });
        await test.db.update(orders).set({ orderWindowId: windowId }).where(eq(orders.id, id));
      }
    }
    await test.db.update(products).set({ listedAt: new Date(testNow.getTime() - days(400)) });
    const { products: found, marketDays } = await tomas().trends(farm);
    expect(marketDays).toBe(30);
    expect(found).toMatchObject([
      { productId: lettuce, type: "rising", direction: "up", basis: "plain", soldOut: 0 },
    ]);
    expect(found[0]!.confidence).toBeGreaterThan(0.99);
    expect(found[0]!.factors).toEqual([
      expect.stringMatching(/^About \d+\u00a0% more each month, as sold: two years are needed/),
    ]);
    expect(found[0]!.weeks).toHaveLength(30);
    expect(found[0]!.lastDay).toBe(new Date(testNow.getTime() - days(5)).toISOString().slice(0, 10));

    // Seven weeks on there was none to sell: gaps, where nobody wanting it would be weeks of nothing.
    await test.db
      .update(orders)
      .set({ status: "cancelled" })
      .where(gt(orders.placedAt, new Date(testNow.getTime() - days(7 * 7))));
    const entry = { productId: lettuce, reason: "recount" as const };
    await test.db.delete(stockEntries);
    await test.db.insert(stockEntries).values([
      { ...entry, deltaBase: 10, at: new Date(testNow.getTime() - days(300)) },
      { ...entry, deltaBase: -10, at: new Date(testNow.getTime() - days(7 * 7)) },
    ]);
    const [failed] = (await tomas().trends(farm)).products;
    expect(failed!.weeks.slice(-7)).toEqual([3_750, ...Array.from({ length: 6 }, () => null)]);
  });

  it("of another farm is not found", async () => {
    const { plantingId } = await tomas().plantings.add({
      ...farm,
      crop: "lettuce",
      sowOn: "2025-08-20",
      seeds: 10,
    });
    const { feedId } = await tomas().feeds.create({ ...farm });
    const { planId } = await tomas().plan.accept(wish);
    const fern = as("fern", ["fern-bank"]);
    const own = { farmId: farmIdOf("fern-bank") };
    for (const call of [
      () => fern.calendar({ ...farm, from: "2025-08-01", to: "2025-08-31" }),
      () => fern.trends(farm),
      () => fern.place.get(farm),
      () => fern.crops.list(farm),
      () => fern.plan.preview(wish),
      () => fern.plan.preview({ ...wish, ...own }),
      () => fern.plan.accept({ ...wish, ...own }),
      () => fern.plan.undo({ ...own, planId: planId }),
      () =>
        fern.plantings.add({ ...own, crop: "lettuce", productId: lettuce, sowOn: "2025-08-20", seeds: 1 }),
      () => fern.plantings.move({ ...own, plantingId, byDays: 1 }),
      () => fern.plantings.remove({ ...own, plantingId }),
      () => fern.moveFirstHarvest({ ...own, productId: lettuce, byDays: 1 }),
      () => fern.feeds.list(farm),
      () => fern.feeds.revoke({ ...own, feedId }),
      () => fern.plantings.remove({ ...own, plantingId: parseId(nobodys) }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
