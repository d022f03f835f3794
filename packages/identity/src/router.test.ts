import { describeOnEveryDatabase } from "@almanac/db/testing";
import {
  actionEvents,
  apiKeys,
  auditLog,
  liveTickets,
  notifications,
  outbox,
  searchLog,
  sessions,
  shoppers,
  users,
  type NewsId,
} from "@almanac/db/schema";
import { appendAction } from "@almanac/events";
import {
  days,
  minutes,
  newId,
  shiftedClock,
  type EventId,
  type MarketId,
  type UserId,
} from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, declaredRights, router, wireErrorOf } from "@almanac/trpc";
import { TRPCError } from "@trpc/server";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { EraseStep, ExportStep } from "./personal-data.ts";
import { identityRoutes } from "./router.ts";
import {
  addAccount,
  addFarm,
  addMarket,
  createTestIdentity,
  TestBrowser,
  testContext,
  testPassword,
} from "./testing.ts";

const erased: unknown[] = [];
const eraseStep: EraseStep = {
  name: "test",
  erase: (_, subject) => {
    erased.push(subject);
    return Promise.resolve();
  },
};
const exportStep: ExportStep = { name: "orders", export: () => Promise.resolve([{ number: "A-1" }]) };
const { admin, ...top } = identityRoutes({ eraseSteps: [eraseStep], exportSteps: [exportStep] });
const appRouter = router({ ...top, admin: router(admin) });
const createCaller = createCallerFactory(appRouter);

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "allowed";
  } catch (error) {
    if (error instanceof TRPCError) return wireErrorOf(error).reason;
    throw error;
  }
};

describe("the identity router", () => {
  it("declares a right for every procedure", () => {
    expect([...declaredRights(appRouter).keys()]).toContain("admin.users.grant");
  });
});

describeOnEveryDatabase("rights", (test) => {
  const start = async () => {
    const world = createTestIdentity(test.handle, { clock: shiftedClock(new Date("2025-08-13T13:00:00Z")) });
    const { clock, identity } = world;
    const farmId = await addFarm(test.handle, "Hollow Oak");
    const marketId = await addMarket(test.handle, "Riverside");
    const ids = {
      maya: await addAccount(test.handle, { email: "maya@example.org", name: "Maya" }, clock),
      tomas: await addAccount(
        test.handle,
        { email: "tomas@example.org", farms: [{ farmId, role: "owner" }] },
        clock,
      ),
      ines: await addAccount(test.handle, { email: "ines@example.org", roles: ["operator"] }, clock),
    };
    const as = async (name: keyof typeof ids) => {
      const browser = new TestBrowser(identity);
      await browser.signIn(`${name}@example.org`);
      return createCaller(testContext(test.handle, { caller: await browser.caller(), clock }));
    };
    const withKey = async (key: string) => {
      const caller = await identity.resolveCaller(new Headers({ authorization: `Bearer ${key}` }));
      return createCaller(testContext(test.handle, { caller, clock }));
    };
    const anonymous = createCaller(testContext(test.handle, { clock }));
    return { ...world, farmId, marketId, ids, as, withKey, anonymous };
  };
  const auditActions = async () => {
    const rows = await test.db.select().from(auditLog).orderBy(auditLog.seq);
    return rows.map((row) => row.action);
  };

  it("of an operator's procedures are refused to visitors, shoppers and farmers", async () => {
    const { ids, farmId, marketId, as, anonymous } = await start();
    const { userId } = ids.maya;
    const calls = [
      (c: typeof anonymous) => c.admin.users.list({}),
      (c: typeof anonymous) => c.admin.users.grant({ userId, role: "operator" }),
      (c: typeof anonymous) => c.admin.users.revoke({ userId: ids.ines.userId, role: "operator" }),
      (c: typeof anonymous) => c.admin.users.addFarmMember({ userId, farmId }),
      (c: typeof anonymous) => c.admin.users.removeFarmMember({ userId, farmId }),
      (c: typeof anonymous) => c.admin.users.addMarketManager({ userId, marketId }),
      (c: typeof anonymous) => c.admin.users.removeMarketManager({ userId, marketId }),
      (c: typeof anonymous) => c.admin.audit.list({}),
    ];
    const maya = await as("maya");
    const tomas = await as("tomas");
    for (const call of calls) {
      expect(await refusal(call(anonymous))).toBe("sign_in_required");
      expect(await refusal(call(maya))).toBe("right_missing");
      expect(await refusal(call(tomas))).toBe("right_missing");
    }
    expect(await auditActions()).toEqual([]);
  });

  it("are given only by an operator whose password is not older than ten minutes", async () => {
    const { ids, as } = await start();
    const { userId } = ids.maya;
    const ines = await as("ines");
    await test.db.update(sessions).set({ createdAt: new Date(Date.now() - minutes(10)) });
    expect(await refusal(ines.admin.users.grant({ userId, role: "operator" }))).toBe("step_up_required");
    expect(await refusal(ines.apiKeys.create({ name: "Till", scopes: ["operate.write"] }))).toBe(
      "step_up_required",
    );
    expect(await refusal(ines.apiKeys.create({ name: "Till", scopes: ["shop"] }))).toBe("allowed");
    expect(await refusal(ines.me.confirmPassword({ password: "not the password" }))).toBe("password_wrong");
    expect(await refusal(ines.admin.users.grant({ userId, role: "operator" }))).toBe("step_up_required");
    const { until } = await ines.me.confirmPassword({ password: testPassword });
    expect(new Date(until).getTime()).toBeGreaterThan(Date.now());
    expect(await refusal(ines.admin.users.grant({ userId, role: "analyst" }))).toBe("allowed");
    // Another session of the same person is not the one whose password was given.
    await test.db.update(sessions).set({ createdAt: new Date(Date.now() - minutes(10)) });
    const elsewhere = await as("ines");
    await test.db.update(sessions).set({ createdAt: new Date(Date.now() - minutes(10)) });
    expect(await refusal(elsewhere.admin.users.grant({ userId, role: "operator" }))).toBe("step_up_required");
    expect(await auditActions()).toEqual(["api_key.created", "role.granted"]);
  });

  it("are given by an operator, hold at once, and leave a line in the audit log", async () => {
    const { ids, farmId, marketId, as } = await start();
    const ines = await as("ines");
    const { userId } = ids.maya;
    await ines.admin.users.grant({ userId, role: "analyst" });
    await ines.admin.users.grant({ userId, role: "analyst" });
    await ines.admin.users.addFarmMember({ userId, farmId, role: "staff" });
    await ines.admin.users.addMarketManager({ userId, marketId });
    expect(await (await as("maya")).me.get()).toMatchObject({
      roles: ["analyst"],
      farms: [{ id: farmId, slug: "hollow-oak", name: "Hollow Oak" }],
      markets: [{ id: marketId, slug: "riverside", name: "Riverside" }],
    });
    const ticket = { tokenHash: "t", userId, caller: {}, expiresAt: new Date("2100-01-01T00:00:00Z") };
    await test.db.insert(liveTickets).values(ticket);
    await ines.admin.users.revoke({ userId, role: "analyst" });
    expect(await test.db.$count(liveTickets)).toBe(0); // a connection by it would have the right
    await ines.admin.users.removeFarmMember({ userId, farmId });
    await ines.admin.users.removeMarketManager({ userId, marketId });
    expect(await (await as("maya")).me.get()).toMatchObject({ roles: [], farms: [], markets: [] });
    expect(await auditActions()).toEqual([
      "role.granted",
      "farm_member.added",
      "market_manager.added",
      "role.revoked",
      "farm_member.removed",
      "market_manager.removed",
    ]);
    const facts = await test.db.select().from(outbox);
    expect(facts.map((fact) => [fact.topic, fact.payload])).toEqual(
      [1, 2, 3].map(() => ["session.revoked", { userId }]), // one for each right taken: open sockets end
    );
    const { entries } = await ines.admin.audit.list();
    expect(entries[0]).toMatchObject({
      action: "market_manager.removed",
      subject: userId,
      actorName: "Someone",
    });
  });

  it("are found by a part of the name or address, taken literally", async () => {
    const { as } = await start();
    const ines = await as("ines");
    const found = async (query: string) =>
      (await ines.admin.users.list({ query })).users.map((user) => user.email);
    expect(await found("MAYA")).toEqual(["maya@example.org"]);
    expect(await found("%")).toEqual([]);
    expect(await found("_")).toEqual([]);
    expect((await ines.admin.users.list()).users).toHaveLength(3);
  });

  it("of the last operator cannot be taken away, not even by two who remove each other at once", async () => {
    const { ids, as } = await start();
    const ines = await as("ines");
    const maya = { userId: ids.maya.userId, role: "operator" as const };
    const self = { userId: ids.ines.userId, role: "operator" as const };
    expect(await refusal(ines.admin.users.revoke(self))).toBe("last_operator");
    await ines.admin.users.grant(maya);
    const second = await as("maya");
    const outcomes = await Promise.all([
      refusal(ines.admin.users.revoke(maya)),
      refusal(second.admin.users.revoke(self)),
    ]);
    expect(outcomes.sort()).toEqual(["allowed", "last_operator"]);
  });

  it("cannot be given to nobody, nor for a farm or market that is not there", async () => {
    const { ids, as } = await start();
    const ines = await as("ines");
    const { userId } = ids.maya;
    expect(await refusal(ines.admin.users.grant({ userId: newId<UserId>(), role: "analyst" }))).toBe(
      "user_not_found",
    );
    expect(await refusal(ines.admin.users.addFarmMember({ userId, farmId: newId() }))).toBe("farm_not_found");
    expect(await refusal(ines.admin.users.addMarketManager({ userId, marketId: newId() }))).toBe(
      "market_not_found",
    );
  });

  it("on an API key are at most its owner's, and the key works until it is revoked, then not at all", async () => {
    const { identity, as, withKey, anonymous } = await start();
    expect(await refusal(anonymous.apiKeys.list())).toBe("sign_in_required");
    const maya = await as("maya");
    expect(await refusal(maya.apiKeys.create({ name: "mine", scopes: ["operate.read"] }))).toBe(
      "right_missing",
    );
    const { key, id, prefix } = await maya.apiKeys.create({ name: "mine", scopes: ["account"] });

    const [row] = await test.db.select().from(apiKeys);
    expect(JSON.stringify(row)).not.toContain(key);
    expect((await maya.apiKeys.list()).keys[0]).toMatchObject({ id, name: "mine", prefix });

    const client = await withKey(key);
    expect(await client.me.get()).toMatchObject({ signedIn: true, name: "Maya" });
    const bearer = new Headers({ authorization: `Bearer ${key}` });
    const { keyId, userId } = await identity.resolveCaller(bearer);
    expect(keyId).toBe(id);
    expect(await refusal(client.me.setConsent({ tracking: "granted" }))).toBe("right_missing");
    await maya.apiKeys.revoke({ id });
    await expect(identity.resolveCaller(bearer)).rejects.toMatchObject({ code: "api_key_invalid" });
    expect(await auditActions()).toEqual(["api_key.created", "api_key.revoked"]);
    const facts = await test.db.select().from(outbox);
    expect(facts.map(({ topic, payload }) => [topic, payload])).toEqual([
      ["session.revoked", { userId, keyId: id }],
    ]);
  });

  it("on a key shrink with its owner's", async () => {
    const { ids, as, withKey } = await start();
    const ines = await as("ines");
    await ines.admin.users.grant({ userId: ids.maya.userId, role: "operator" });
    const { key } = await (await as("maya")).apiKeys.create({ name: "mine", scopes: ["operate.read"] });
    expect((await (await withKey(key)).admin.users.list()).users).toHaveLength(3);
    await ines.admin.users.revoke({ userId: ids.maya.userId, role: "operator" });
    expect(await refusal((await withKey(key)).admin.users.list())).toBe("right_missing");
  });

  it("on a key run out when they were said to", async () => {
    const { identity, as, clock } = await start();
    const maya = await as("maya");
    const expiresAt = new Date(clock.now().getTime() + days(1));
    const { key } = await maya.apiKeys.create({
      name: "mine",
      scopes: ["account"],
      expiresAt: expiresAt.toISOString(),
    });
    const bearer = new Headers({ authorization: `Bearer ${key}` });
    expect((await identity.resolveCaller(bearer)).kind).toBe("api-key");
    const later = createTestIdentity(test.handle, { clock: shiftedClock(new Date(expiresAt.getTime() + 1)) });
    await expect(later.identity.resolveCaller(bearer)).rejects.toMatchObject({ code: "api_key_invalid" });
  });

  it("on a key do not make further keys, operators or erasures: these ask for the person", async () => {
    const { ids, as, withKey } = await start();
    const ines = await as("ines");
    const { key } = await ines.apiKeys.create({
      name: "all",
      scopes: ["account", "shop", "operate.read", "operate.write"],
    });
    const client = await withKey(key);
    const { userId } = ids.maya;
    expect(await refusal(client.apiKeys.create({ name: "more", scopes: ["account"] }))).toBe("right_missing");
    expect(await refusal(client.admin.users.grant({ userId, role: "operator" }))).toBe("right_missing");
    expect(await refusal(client.me.erase({ confirm: "ERASE" }))).toBe("right_missing");
  });

  it("to stop somebody else's key are an operator's; to others it does not exist", async () => {
    const { as } = await start();
    const maya = await as("maya");
    const { id } = await maya.apiKeys.create({ name: "mine", scopes: ["shop"] });
    const tomas = await as("tomas");
    const ines = await as("ines");
    expect(await refusal(tomas.apiKeys.revoke({ id }))).toBe("api_key_not_found");
    expect(await refusal(tomas.apiKeys.list({ everybody: true }))).toBe("right_missing");
    expect((await ines.apiKeys.list({ everybody: true })).keys).toHaveLength(1);
    await ines.apiKeys.revoke({ id });
    expect((await maya.apiKeys.list()).keys[0]?.revokedAt).toEqual(expect.any(Date));
  });

  it("of a bearer token that is no key are none: it is refused, not ignored", async () => {
    const { identity } = await start();
    for (const token of ["", "nonsense", `alm_${"a".repeat(43)}`]) {
      await expect(
        identity.resolveCaller(new Headers({ authorization: `Bearer ${token}` })),
      ).rejects.toMatchObject({ code: "api_key_invalid" });
    }
  });
});

describeOnEveryDatabase("my data", (test) => {
  const start = async () => {
    erased.length = 0;
    const world = createTestIdentity(test.handle);
    const browser = new TestBrowser(world.identity);
    const caller = async () =>
      createCaller(testContext(test.handle, { caller: await browser.caller(), clock: world.clock }));
    const view = async () =>
      appendAction(test.db, {
        id: newId<EventId>(),
        action: "SEARCH",
        shopperId: await browser.shop(),
        sessionId: "tab-1",
        metadata: { query: "maya's secret cake" },
        traceId: "t",
        occurredAt: world.clock.now(),
      });
    return { ...world, browser, caller, view };
  };

  it("of a first-time visitor is the defaults, and asking writes nothing", async () => {
    const { clock } = await start();
    const anonymous = createCaller(testContext(test.handle, { caller: anonymousCaller, clock }));
    expect(await anonymous.me.get()).toEqual({
      signedIn: false,
      name: null,
      email: null,
      roles: [],
      farms: [],
      markets: [],
      consent: "unset",
      marketing: false,
      personalise: true,
      marketId: null,
      latitude: null,
      longitude: null,
    });
    expect(await test.db.select().from(shoppers)).toEqual([]);
  });

  it("keeps the answer about tracking and the preferences", async () => {
    const { browser, caller } = await start();
    await browser.shop();
    const marketId = await addMarket(test.handle, "Riverside");
    const me = (await caller()).me;
    await me.setConsent({ tracking: "denied" });
    await me.setPreferences({ personalise: false, marketId, latitude: 41.7, longitude: -73.9 });
    expect(await me.get()).toMatchObject({ consent: "denied", personalise: false, marketId, latitude: 41.7 });
    expect(await refusal(me.setPreferences({ latitude: 1 }))).toBe("input_invalid");
    expect(await refusal(me.setPreferences({ latitude: 91, longitude: 0 }))).toBe("input_invalid");
    expect(await refusal(me.setPreferences({ marketId: newId<MarketId>() }))).toBe("market_not_found");
  });

  it("loses what was done undecided to a refusal; what was allowed once stays until it is erased", async () => {
    const { browser, caller, view } = await start();
    const shopperId = await browser.shop();
    const me = (await caller()).me;
    const seen = () => test.db.select().from(actionEvents);
    await view();
    const news = { shopperId, type: "PRICE_DROP_ALERT", createdAt: new Date() };
    await test.db.insert(notifications).values(
      ["view", "wish"].map((because) => ({
        ...news,
        id: newId<NewsId>(),
        payload: { because },
        dedupeKey: because,
      })),
    );
    await me.setConsent({ tracking: "denied" });
    expect(await seen()).toEqual([]);
    expect((await test.db.select().from(notifications)).map(({ payload }) => payload)).toEqual([
      { because: "wish" },
    ]);
    await me.setConsent({ tracking: "granted" });
    await view();
    await me.setConsent({ tracking: "denied" });
    expect(await seen()).toHaveLength(1);
  });

  it("is exported by part, without passwords, tokens or key hashes", async () => {
    const { browser, caller, view } = await start();
    await browser.signUp("maya@example.org", "Maya");
    await view();
    const { parts } = await (await caller()).me.exportData();
    expect(parts).toMatchObject({
      account: { name: "Maya", email: "maya@example.org", settings: { trackingConsent: "unset" } },
      history: { actions: [{ action: "SEARCH", metadata: { query: "maya's secret cake" } }] },
      orders: [{ number: "A-1" }],
    });
    const text = JSON.stringify(parts);
    const [session] = await test.db.select().from(sessions);
    expect(text).not.toContain("argon2");
    expect(text).not.toContain(session?.token);
  });

  it("is erased with the account: nobody signs in, no row has the address, events have no owner", async () => {
    const { browser, caller, view } = await start();
    await browser.signUp("maya@example.org", "Maya");
    await view();
    const { userId, shopperId } = await browser.caller();
    await test.db.insert(searchLog).values({
      id: newId(),
      shopperId,
      query: "tomato",
      algorithm: "five_terms",
      isPersonalised: "no",
      resultsCount: 0,
      shownIds: [],
      executionMs: 1,
      searchedAt: new Date(),
    });
    const me = (await caller()).me;
    expect(await me.erase({ confirm: "ERASE" })).toEqual({ erased: true });

    expect(await test.db.select().from(searchLog)).toMatchObject([{ query: "tomato", shopperId: null }]);
    expect(erased).toEqual([{ userId, shopperId, email: "maya@example.org" }]);
    expect((await browser.caller()).kind).toBe("anonymous");
    expect((await browser.signIn("maya@example.org")).status).toBe(401);
    const everything = JSON.stringify([
      await test.db.select().from(users),
      await test.db.select().from(sessions),
      await test.db.select().from(actionEvents),
      await test.db.select().from(outbox),
      await test.db.select().from(auditLog),
    ]);
    expect(everything).not.toContain("maya@example.org");
    expect(everything).not.toContain("secret cake");
    const [event] = await test.db.select().from(actionEvents);
    expect(event).toMatchObject({ shopperId: null, sessionId: null });
    const [row] = await test.db.select().from(shoppers).where(eq(shoppers.id, shopperId!));
    expect(row).toMatchObject({ userId: null, trackingConsent: "denied", erasedAt: expect.any(Date) });
    const facts = (await test.db.select().from(outbox)).map((fact) => fact.topic);
    expect(facts).toContain("shopper.erased");
    expect(facts).toContain("session.revoked");
  });

  it("is erased for a visitor without an account too", async () => {
    const { browser, caller, view } = await start();
    await view();
    expect(await (await caller()).me.erase({ confirm: "ERASE" })).toEqual({ erased: true });
    expect((await browser.caller()).shopperId).toBeUndefined();
  });

  it("is not erased for the only operator, and nothing is lost by asking", async () => {
    const { browser, caller, clock } = await start();
    await addAccount(test.handle, { email: "ines@example.org", roles: ["operator"] }, clock);
    await browser.signIn("ines@example.org");
    expect(await refusal((await caller()).me.erase({ confirm: "ERASE" }))).toBe("last_operator");
    expect((await browser.caller()).kind).toBe("user");
  });
});
