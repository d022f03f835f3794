import { beforeEach, expect, it } from "vitest";
import { asc, eq } from "drizzle-orm";
import { liveMessages, notifications, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { buildPerson, callerNamed, shopperIdOf, testNow } from "@almanac/catalog/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { days, minutes, shiftedClock, type ShiftedClock } from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, router, type Caller } from "@almanac/trpc";
import { newsRoutes, type NewsItem } from "../router.ts";
import { newsEraseStep, newsExportStep, newsKeptDays, newsMergeStep, removeOldNews } from "../index.ts";
import { tellShoppers } from "./tell.ts";

const maya = shopperIdOf("maya");
const bus = createInProcessBus();
const createCaller = createCallerFactory(router(newsRoutes({ bus })));

describeOnEveryDatabase("news", (test) => {
  let clock: ShiftedClock;

  beforeEach(async () => {
    clock = shiftedClock(testNow, { now: () => testNow });
    for (const name of ["maya", "jonas"]) await buildPerson(test.db, name);
  });

  const newsAs = (caller: Caller) => createCaller(aRequestContext(test.handle, { caller, clock })).news;
  const newsOf = (name: string) => newsAs(callerNamed(name));
  /** Tells that a product is back, on one or more occasions. */
  const tell = (name: string, ...keys: string[]) =>
    test.handle.transaction((tx) =>
      tellShoppers(
        tx,
        { bus, clock },
        keys.map((key) => ({
          shopperId: shopperIdOf(name),
          topic: "stock_alerts",
          content: {
            type: "STOCK_ALERT",
            payload: { productId: "p", slug: key, name: "Basil", farmName: "Fern", kind: "BACK_IN_STOCK" },
          },
          key,
        })),
      ),
    );
  const slugs = (items: readonly NewsItem[]) => items.map(({ slug }) => slug);
  const sent = async () =>
    (await test.db.select().from(liveMessages).orderBy(asc(liveMessages.seq))).map(({ topic, type }) => [
      topic,
      type,
    ]);
  const updates = async (name: string) =>
    (await sent()).filter(
      ([topic, type]) => type === "NEWS_UPDATE" && topic === `shopper:${shopperIdOf(name)}:personalized`,
    ).length;

  it("is kept and told once, however often it is told", async () => {
    await tell("maya", "back-1");
    await tell("maya", "back-1");
    const { items } = await newsOf("maya").list();
    expect(items).toEqual([
      {
        id: expect.any(String),
        type: "STOCK_ALERT",
        kind: "BACK_IN_STOCK",
        slug: "back-1",
        name: "Basil",
        farmName: "Fern",
        payload: { productId: "p", slug: "back-1", name: "Basil", farmName: "Fern", kind: "BACK_IN_STOCK" },
        at: testNow.toISOString(),
        isRead: false,
      },
    ]);
    expect(await sent()).toEqual([
      [`shopper:${maya}:stock_alerts`, "STOCK_ALERT"],
      [`shopper:${maya}:personalized`, "NEWS_UPDATE"],
    ]);
    const [message] = await test.db.select().from(liveMessages).where(eq(liveMessages.type, "STOCK_ALERT"));
    expect(message?.payload["newsId"]).toBe(items[0]?.id);
  });

  it("is neither kept nor told when what it follows from did not happen", async () => {
    const failing = test.handle.transaction(async (tx) => {
      const content = {
        type: "NEW_ARRIVAL_ALERT",
        payload: { productId: "p", slug: "s", name: "n" },
      } as const;
      await tellShoppers(tx, { bus, clock }, [
        { shopperId: maya, topic: "new_arrivals", content, key: "arrivals-1" },
      ]);
      throw new Error("out of order");
    });
    await expect(failing).rejects.toThrow("out of order");
    expect([await test.db.select().from(notifications), await sent()]).toEqual([[], []]);
  });

  it("told while somebody was away is listed later, the newest first, and to nobody else", async () => {
    await tell("maya", "first");
    clock.advance(minutes(5));
    await tell("maya", "second");
    clock.advance(days(2));
    expect(slugs((await newsOf("maya").list()).items)).toEqual(["second", "first"]);
    expect(await newsOf("maya").unread()).toEqual({ count: 2 });
    expect(await newsOf("jonas").list()).toEqual({ items: [] });
  });

  it("is none for a new browser, which gets no row for asking", async () => {
    const news = newsAs(anonymousCaller);
    expect([await news.list(), await news.unread(), await news.markAllRead()]).toEqual([
      { items: [] },
      { count: 0 },
      { ids: [] },
    ]);
    expect(await test.db.select().from(shoppers)).toHaveLength(2);
  });

  it("is counted exactly after each marking, on whichever device, and tells the others", async () => {
    await tell("maya", "a", "b", "c");
    await tell("jonas", "d");
    const [phone, laptop] = [newsOf("maya"), newsOf("maya")];
    const ids = (await laptop.list()).items.map(({ id }) => id);
    const [foreign] = (await newsOf("jonas").list()).items;
    expect(await updates("maya")).toBe(1);

    const twice = await Promise.all([phone, laptop].map((at) => at.markRead({ ids: [ids[1]!] })));
    expect(twice.flatMap((answer) => answer.ids)).toEqual([ids[1]]);
    expect([await laptop.unread(), await updates("maya")]).toEqual([{ count: 2 }, 2]);
    expect((await laptop.list({ unreadOnly: true })).items.map(({ id }) => id)).toEqual([ids[0], ids[2]]);

    expect(await phone.markAllRead()).toEqual({ ids: [ids[0], ids[2]] });
    expect(await phone.markAllRead()).toEqual({ ids: [] });
    expect([await laptop.unread(), await updates("maya")]).toEqual([{ count: 0 }, 3]);
    expect((await laptop.list()).items.every(({ isRead }) => isRead)).toBe(true);

    expect(await laptop.markUnread({ ids: [ids[0]!, ids[2]!] })).toEqual({ ids: [ids[2], ids[0]] });
    expect([await phone.unread(), await updates("maya")]).toEqual([{ count: 2 }, 4]);

    expect(await phone.markRead({ ids: [foreign!.id] })).toEqual({ ids: [] });
    expect([await newsOf("jonas").unread(), await updates("jonas"), await updates("maya")]).toEqual([
      { count: 1 },
      1,
      4,
    ]);
  });

  it("is counted to a hundred", async () => {
    await tell("maya", ...Array.from({ length: 101 }, (_, i) => `n-${i}`));
    expect(await newsOf("maya").unread()).toEqual({ count: 100 });
    expect((await newsOf("maya").markAllRead()).ids).toHaveLength(101);
    expect(await newsOf("maya").unread()).toEqual({ count: 0 });
  });

  it("is paged without gaps or doubles, also where times are equal and more comes meanwhile", async () => {
    const keys = Array.from({ length: 7 }, (_, i) => `n-${i}`);
    await tell("maya", ...keys);
    const pages: string[][] = [];
    let before: string | undefined;
    do {
      const page = await newsOf("maya").list({ limit: 3, ...(before && { before }) });
      pages.push(page.items.map(({ slug = "" }) => slug));
      before = page.next;
      clock.advance(minutes(1));
      await tell("maya", `later-${pages.length}`);
    } while (before && pages.length < 9);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat().toSorted()).toEqual(keys);
    await expect(newsOf("maya").list({ before: "nonsense" })).rejects.toMatchObject({
      cause: { code: "input_invalid" },
    });
  });

  it("of a visitor becomes the account's; what both were told is kept once and stays read", async () => {
    await buildPerson(test.db, "visitor");
    await tell("visitor", "both", "own");
    await tell("maya", "both", "hers");
    const both = (await newsOf("visitor").list()).items.find(({ slug }) => slug === "both")!;
    await newsOf("visitor").markRead({ ids: [both.id] });
    const from = shopperIdOf("visitor");
    const before = await updates("maya");
    const merge = () =>
      test.handle.transaction((tx) =>
        newsMergeStep(bus).merge(tx, from, maya, { tracking: "granted", clock }),
      );
    await merge();
    await merge();
    expect((await updates("maya")) - before).toBe(1);
    await tell("maya", "own");
    const merged = (await newsOf("maya").list()).items;
    expect(new Map(merged.map(({ slug, isRead }) => [slug, isRead]))).toEqual(
      new Map([
        ["both", true],
        ["hers", false],
        ["own", false],
      ]),
    );
    expect(merged).toHaveLength(3);
    expect(await newsOf("visitor").list()).toEqual({ items: [] });
  });

  it("is part of my data, and goes with the shopper alone", async () => {
    await tell("maya", "hers");
    await tell("jonas", "his");
    expect(await newsExportStep.export(test.db, { shopperId: maya })).toMatchObject([
      { type: "STOCK_ALERT", payload: { slug: "hers" }, createdAt: testNow, readAt: null },
    ]);
    await test.handle.transaction((tx) => newsEraseStep.erase(tx, { shopperId: maya }, { clock }));
    expect((await test.db.select().from(notifications)).map(({ payload }) => payload["slug"])).toEqual([
      "his",
    ]);
  });

  it("of more than 90 days ago is forgotten", async () => {
    await tell("maya", "old");
    clock.advance(1);
    await tell("maya", "young");
    const before = new Date(testNow.getTime() + 1);
    expect(newsKeptDays).toBe(90);
    expect([await removeOldNews(test.db, before), await removeOldNews(test.db, before)]).toEqual([1, 0]);
    expect(slugs((await newsOf("maya").list()).items)).toEqual(["young"]);
  });
});
