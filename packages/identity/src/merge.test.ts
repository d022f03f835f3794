import { describeOnEveryDatabase } from "@almanac/db/testing";
import { actionEvents, openEvents, outbox, shoppers } from "@almanac/db/schema";
import { rows } from "@almanac/db";
import { appendAction, trackActions } from "@almanac/events";
import { newId, type EventId, type ShopperId } from "@almanac/kernel";
import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { historyMergeStep, mergeVisitor, type MergeStep } from "./merge.ts";
import { addAccount, createTestIdentity, TestBrowser } from "./testing.ts";

const email = "maya@example.org";

describeOnEveryDatabase("a visitor", (test) => {
  it("has no row until there is something to keep", async () => {
    const { identity } = createTestIdentity(test.handle);
    const browser = new TestBrowser(identity);
    expect((await browser.caller()).shopperId).toBeUndefined();
    expect(await test.db.select().from(shoppers)).toEqual([]);
    const shopperId = await browser.shop();
    expect(await browser.caller()).toMatchObject({ kind: "anonymous", shopperId });
    expect(browser.setCookies[0]).toMatch(/^__Host-almanac-visitor=.*HttpOnly; SameSite=Lax; Secure$/);
  });

  it("is one visitor for all requests that a first page makes at once", async () => {
    const { identity } = createTestIdentity(test.handle);
    const browser = new TestBrowser(identity);
    const page = await identity.openVisit(browser.headers);
    page.giveVisitorCookie();
    browser.take(page.setCookies);
    const visits = await Promise.all([1, 2, 3].map(() => identity.openVisit(browser.headers)));
    const known = visits.map((visit) => visit.visitorId());
    expect(await test.db.select().from(shoppers)).toEqual([]);
    const ids = await Promise.all(visits.map((visit) => visit.ensureShopper()));
    expect(new Set([...known, ...ids]).size).toBe(1);
    expect(await test.db.select().from(shoppers)).toHaveLength(1);
  });

  it("cannot become another visitor by writing an id into the cookie", async () => {
    const { identity } = createTestIdentity(test.handle);
    const victim = await new TestBrowser(identity).shop();
    const thief = new TestBrowser(identity);
    thief.cookies.set("__Host-almanac-visitor", victim);
    expect((await thief.caller()).shopperId).toBeUndefined();
    expect(await thief.shop()).not.toBe(victim);
  });
});

describeOnEveryDatabase("joining a visitor to an account", (test) => {
  const start = async () => {
    const moved: [ShopperId, ShopperId][] = [];
    const step: MergeStep = {
      name: "test",
      merge: (_, from, into) => {
        moved.push([from, into]);
        return Promise.resolve();
      },
    };
    const world = createTestIdentity(test.handle, { mergeSteps: [step] });
    const account = await addAccount(test.handle, { email }, world.clock);
    return { ...world, account, moved, step, browser: new TestBrowser(world.identity) };
  };
  const view = (shopperId: ShopperId, at: Date) =>
    appendAction(test.db, {
      id: newId<EventId>(),
      action: "VIEW_PRODUCT",
      shopperId,
      traceId: "t",
      occurredAt: at,
    });

  it("happens on signing in: steps run once, what the visitor did is the account's, the cookie is gone", async () => {
    const { account, moved, browser, clock } = await start();
    const visitorId = await browser.shop();
    await view(visitorId, clock.now());
    await browser.signIn(email);
    expect(moved).toEqual([[visitorId, account.shopperId]]);
    expect((await browser.caller()).shopperId).toBe(account.shopperId);
    expect([...browser.cookies.keys()]).toEqual(["__Host-almanac-session"]);
    const events = await test.db.select().from(actionEvents);
    expect(events.map((event) => event.shopperId)).toEqual([account.shopperId]);
    const facts = await test.db.select().from(outbox).where(eq(outbox.topic, "shopper.merged"));
    expect(facts.map((fact) => fact.payload)).toEqual([{ fromId: visitorId, intoId: account.shopperId }]);
    const [from] = await test.db.select().from(shoppers).where(eq(shoppers.id, visitorId));
    expect(from?.mergedIntoId).toBe(account.shopperId);
  });

  it("ends what the browser opened as a visitor, whether or not the visitor has a row", async () => {
    const { identity, browser } = await start();
    const rowless = new TestBrowser(identity);
    const page = await identity.openVisit(rowless.headers);
    page.giveVisitorCookie();
    rowless.take(page.setCookies);
    const ids = [await browser.shop(), (await identity.openVisit(rowless.headers)).visitorId()];
    for (const one of [browser, rowless]) await one.signIn(email);
    const facts = await test.db.select().from(outbox).where(eq(outbox.topic, "session.revoked"));
    expect(facts.map(({ payload }) => payload)).toEqual(ids.map((visitorId) => ({ visitorId })));
  });

  it("happens on signing up too", async () => {
    const { moved, browser } = await start();
    const visitorId = await browser.shop();
    await browser.signUp("new@example.org");
    expect(moved).toEqual([[visitorId, (await browser.caller()).shopperId]]);
  });

  it("counts once, however often and however simultaneously one signs in with the same visitor cookie", async () => {
    const { moved, identity, browser } = await start();
    await browser.shop();
    const copies = [1, 2, 3].map(() => {
      const copy = new TestBrowser(identity);
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      return copy;
    });
    await Promise.all(copies.map((copy) => copy.signIn(email)));
    await browser.signIn(email);
    expect(moved).toHaveLength(1);
  });

  it.each(["granted", "denied"] as const)(
    "leaves nothing behind of what the visitor sent meanwhile, to an account that said %s",
    async (trackingConsent) => {
      const { account, browser, clock } = await start();
      await test.db.update(shoppers).set({ trackingConsent }).where(eq(shoppers.id, account.shopperId));
      const visitorId = await browser.shop();
      const send = () => {
        const input = {
          id: newId<EventId>(),
          action: "VIEW_PRODUCT",
          traceId: "t",
          occurredAt: clock.now(),
        } as const;
        return trackActions(test.handle, visitorId, [input], { clock, maxOpenFacts: 10 });
      };
      const isStoredOrWaiting = async () => {
        const [found] = await rows<{ isIt: boolean }>(
          test.db,
          sql`select exists (select from action_events) or exists (
            select from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())) as "isIt"`,
        );
        return found?.isIt;
      };
      const [logIsMoved, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const late: MergeStep = {
        name: "late",
        merge: () => {
          logIsMoved.resolve();
          return mayEnd.promise;
        },
      };
      const other = createTestIdentity(test.handle, { mergeSteps: [historyMergeStep, late], clock });
      const tab = new TestBrowser(other.identity);
      for (const [name, value] of browser.cookies) tab.cookies.set(name, value);
      const signedIn = tab.signIn(email);
      await logIsMoved.promise;
      const sent = send();
      // The embedded database has one connection, which waits in any case.
      if (test.handle.driver === "postgres") await expect.poll(isStoredOrWaiting).toBe(true);
      mayEnd.resolve();
      await Promise.all([signedIn, sent]);
      const events = await test.db.select().from(actionEvents);
      const expected = trackingConsent === "granted" ? [account.shopperId] : [];
      expect(events.map(({ shopperId }) => shopperId)).toEqual(expected);
    },
  );

  it("moves nothing at all when one step fails, lets the person in, and is done at the next sign-in", async () => {
    const { identity, step, account, clock } = await start();
    let isBroken = true;
    const fragile: MergeStep = {
      name: "fragile",
      merge: () => (isBroken ? Promise.reject(new Error("out of order")) : Promise.resolve()),
    };
    const other = createTestIdentity(test.handle, { mergeSteps: [step, fragile], clock });
    const browser = new TestBrowser(other.identity);
    const visitorId = await browser.shop();
    await view(visitorId, clock.now());
    expect((await browser.signIn(email)).status).toBe(200);
    expect((await browser.caller()).shopperId).toBe(account.shopperId);
    const [event] = await test.db.select().from(actionEvents);
    expect(event?.shopperId).toBe(visitorId);
    isBroken = false;
    await browser.signIn(email);
    const [moved] = await test.db.select().from(actionEvents);
    expect(moved?.shopperId).toBe(account.shopperId);
    expect((await identity.resolveCaller(browser.headers)).kind).toBe("user");
  });

  it("drops what the visitor did when the account refuses to be tracked", async () => {
    const { account, browser, clock } = await start();
    await test.db
      .update(shoppers)
      .set({ trackingConsent: "denied" })
      .where(eq(shoppers.id, account.shopperId));
    const visitorId = await browser.shop();
    await view(visitorId, clock.now());
    await browser.signIn(email);
    expect(await test.db.select().from(actionEvents)).toEqual([]);
    expect(await test.db.select().from(openEvents)).toEqual([]);
    expect(await test.db.select().from(outbox).where(eq(outbox.topic, "action.tracked"))).toEqual([]);
  });

  it("hands over the facts that nobody has acted on yet, and leaves done ones as they were", async () => {
    const { account, browser, clock } = await start();
    const visitorId = await browser.shop();
    const done = { id: newId<EventId>(), shopperId: visitorId };
    await test.db.insert(outbox).values({ topic: "action.tracked", payload: done, doneAt: clock.now() });
    const open = await view(visitorId, clock.now());
    await browser.signIn(email);
    const facts = await test.db
      .select()
      .from(outbox)
      .where(eq(outbox.topic, "action.tracked"))
      .orderBy(outbox.seq);
    expect(facts.map((fact) => [fact.payload["id"], fact.payload["shopperId"]])).toEqual([
      [done.id, visitorId],
      [open.id, account.shopperId],
    ]);
  });

  it("takes over the visitor's answer about tracking where the account has given none", async () => {
    const { account, browser } = await start();
    const visitorId = await browser.shop();
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, visitorId));
    await browser.signIn(email);
    const [into] = await test.db.select().from(shoppers).where(eq(shoppers.id, account.shopperId));
    expect(into?.trackingConsent).toBe("denied");
  });

  it("never joins one account to another", async () => {
    const { account, step, clock } = await start();
    const other = await addAccount(test.handle, { email: "bo@example.org" }, clock);
    const merged = await test.handle.transaction((tx) =>
      mergeVisitor(tx, other.shopperId, account.shopperId, { clock, steps: [step] }),
    );
    expect(merged).toBe(false);
  });

  it("makes a browser that signs out a new visitor, who sees nothing of the account", async () => {
    const { account, browser } = await start();
    const visitorId = await browser.shop();
    const oldCookie = browser.cookies.get("__Host-almanac-visitor") ?? "";
    await browser.signIn(email);
    await browser.post("/sign-out", {});
    browser.cookies.set("__Host-almanac-visitor", oldCookie);
    expect((await browser.caller()).shopperId).toBeUndefined();
    const next = await browser.shop();
    expect([visitorId, account.shopperId]).not.toContain(next);
  });
});
